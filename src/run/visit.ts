/** One visit to one cell: in a fresh process for ours, through the long-lived session for a peer. */

import type { Cell } from '../core/cell.ts'
import type { DataContext } from '../core/dataset.ts'
import type { EveryQuery } from '../core/experiment.ts'
import type { OperatorSpec } from '../core/method.ts'
import { methodOf } from '../core/method-ref.ts'
import type { Protocol } from '../core/protocol.ts'
import type { VisitOutcome } from '../core/result.ts'
import { isPeer } from '../core/system.ts'
import { createBench } from '../measure/bench.ts'
import { visitInFork } from '../measure/forks.ts'
import { failed, outcomeOf } from '../measure/outcome.ts'
import type { PlannedVisit } from '../measure/schedule.ts'
import type { Job, PlannedPlugin } from '../measure/worker.ts'
import { datasets, experiments, operators } from '../registry.ts'
import type { PythonSystems } from '../systems/python/adapters.ts'
import { openBlocking } from '../systems/python/blocking.ts'
import { peerOperator } from '../systems/python/peer-operator.ts'
import { openPeer, type PeerSession } from '../systems/python/session.ts'
import { theirsOf } from '../systems/python/theirs.ts'
import { threadsOf } from './honoured.ts'

interface VisitorOptions {
  readonly cells: ReadonlyMap<string, Cell>
  readonly protocol: Protocol
  readonly data: DataContext
  /** Keep the value of every query under every metric. */
  readonly everyQuery: EveryQuery
  readonly plugins: readonly PlannedPlugin[]
  /** Memory that one measuring process may take. */
  readonly memoryBytes: number
  readonly timeoutMs: number
  /** File for the state of a cell that is not measured yet; without it nothing is kept. */
  readonly statePath?: (key: string) => string
  readonly systems: PythonSystems
  readonly signal: AbortSignal
}

interface Visitor {
  visit(next: PlannedVisit): Promise<VisitOutcome>
  close(): Promise<void>
}

const registryUrl = new URL('../registry.js', import.meta.url).href
const networkUrl = new URL('../systems/python/network.js', import.meta.url).href

/** A cell of a peer: the experiment runs here, and what it asks for is computed there. */
async function measureTheirs(cell: Cell, session: PeerSession, options: VisitorOptions): Promise<VisitOutcome> {
  const bench = createBench({ operators, datasets }, options.protocol, options.data, options.everyQuery)
  const theirs = theirsOf(cell, session, options.protocol, { operators, datasets }, bench.warn)
  let asked = false
  const ask =
    <Given extends readonly unknown[], Answer>(call: (...given: Given) => Answer) =>
    (...given: Given): Answer => {
      asked = true
      return call(...given)
    }
  const observations = await experiments.get(cell.experiment.name)!.run(cell, {
    ...bench,
    theirs: {
      ...theirs,
      compute: ask(theirs.compute),
      agree: ask(theirs.agree),
      times: ask(theirs.times),
      published: ask(theirs.published),
    },
    time: () => {
      throw new Error(`this cell is timed by ${cell.system}: ask bench.theirs.times()`)
    },
  })
  // Numbers of ours under the name of somebody else would be worse than none.
  if (!asked) return failed(`${cell.experiment.name} measured a cell of ${cell.system} without asking bench.theirs`)
  return outcomeOf(observations, { warnings: bench.warnings })
}

/** A cell of an operator that only the peer has: the experiment looks at it as at one of ours, every pass a question to the peer. */
async function measureBrought(cell: Cell, brought: OperatorSpec, options: VisitorOptions): Promise<VisitOutcome> {
  const peer = openBlocking({ ...options.systems.start(cell.system)!, threads: 1, timeoutMs: options.timeoutMs })
  const bench = createBench({ operators, datasets }, options.protocol, options.data, options.everyQuery)
  const theirs = peerOperator(peer, methodOf(cell.method), brought)
  try {
    const observations = await experiments.get(cell.experiment.name)!.run(cell, {
      ...bench,
      operator: (ref, execution) => (ref.name === cell.method.name ? theirs : bench.operator(ref, execution)),
    })
    return outcomeOf(observations, { warnings: bench.warnings })
  } catch (error) {
    return failedBy(cell, error)
  } finally {
    await peer.close()
  }
}

const failedBy = ({ system }: Cell, error: unknown): VisitOutcome =>
  failed(`${system}: ${error instanceof Error ? error.message : String(error)}`)

function jobOf(key: string, options: VisitorOptions): Job {
  const { cells, protocol, data, everyQuery, plugins, memoryBytes } = options
  const cell = cells.get(key)!
  const statePath = options.statePath?.(key)
  const needed = experiments.get(cell.experiment.name)?.needs?.(cell.experiment)
  const peer = needed === undefined ? undefined : options.systems.start(needed)
  return {
    ...{ cell, protocol, data, everyQuery, registryUrl, plugins, memoryBytes },
    ...(statePath !== undefined && { statePath }),
    ...(peer && { network: { url: networkUrl, python: peer.python } }),
  }
}

const isAlone = ({ experiment }: Cell): boolean => experiments.get(experiment.name)!.freshPeers === true

/** What shares a session: a system and a thread count; the visits of an experiment that shares none have each their own. */
const placeOf = (cell: Cell): string =>
  `${cell.system} ${threadsOf(cell.experiment)}${isAlone(cell) ? ` ${cell.experiment.name}` : ''}`

/** Visits through sessions, each opened at the first cell that needs it. */
function createSessions(options: VisitorOptions) {
  const sessions = new Map<string, Promise<PeerSession>>()
  const sessionFor = (cell: Cell): Promise<PeerSession> => {
    const open =
      sessions.get(placeOf(cell)) ??
      openPeer({
        ...options.systems.start(cell.system)!,
        threads: threadsOf(cell.experiment),
        timeoutMs: options.timeoutMs,
      })
    sessions.set(placeOf(cell), open)
    return open
  }
  const closeSession = async (place: string): Promise<void> => {
    const open = sessions.get(place)
    sessions.delete(place)
    await open?.then((session) => session.close()).catch(() => {})
  }
  return {
    async measure(cell: Cell): Promise<VisitOutcome> {
      try {
        const outcome = await measureTheirs(cell, await sessionFor(cell), options)
        if (isAlone(cell)) await closeSession(placeOf(cell))
        return outcome
      } catch (error) {
        // The next visit starts a new session: this one may have died, or hold what broke it.
        await closeSession(placeOf(cell))
        return failedBy(cell, error)
      }
    },
    closeAll: async (): Promise<void> => void (await Promise.all([...sessions.keys()].map(closeSession))),
  }
}

export function createVisitor(options: VisitorOptions): Visitor {
  const { measure, closeAll } = createSessions(options)
  /** One visit a session at a time: where one ends the process, no other is lost with it. */
  const turns = new Map<string, Promise<VisitOutcome>>()
  const visitTheirs = (cell: Cell): Promise<VisitOutcome> => {
    const before = turns.get(placeOf(cell))
    const brought = options.systems.brings(cell.system).get(cell.method.name)
    const isTimed = experiments.get(cell.experiment.name)!.timed
    const mine = (before ?? Promise.resolve()).then(() =>
      brought && !isTimed ? measureBrought(cell, brought, options) : measure(cell),
    )
    turns.set(placeOf(cell), mine)
    return mine
  }
  // A peer that is computing answers nobody: an interrupt ends its process.
  const interrupted = () => void closeAll()
  options.signal.addEventListener('abort', interrupted, { once: true })
  return {
    visit(next) {
      const cell = options.cells.get(next.key)!
      if (isPeer(cell.system)) return visitTheirs(cell)
      return visitInFork(jobOf(next.key, options), options.timeoutMs, options.signal)
    },
    async close() {
      options.signal.removeEventListener('abort', interrupted)
      await closeAll()
    },
  }
}
