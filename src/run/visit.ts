/** One visit to one cell: in a fresh process for ours, through the long-lived session for a peer. */

import type { Cell } from '../core/cell.ts'
import type { DataContext } from '../core/dataset.ts'
import type { EveryQuery } from '../core/experiment.ts'
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
    theirs: { ...theirs, compute: ask(theirs.compute), agree: ask(theirs.agree), times: ask(theirs.times) },
    time: () => {
      throw new Error(`this cell is timed by ${cell.system}: ask bench.theirs.times()`)
    },
  })
  // Numbers of ours under the name of somebody else would be worse than none.
  if (!asked) return failed(`${cell.experiment.name} measured a cell of ${cell.system} without asking bench.theirs`)
  return outcomeOf(observations, { warnings: bench.warnings })
}

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

export function createVisitor(options: VisitorOptions): Visitor {
  /** One session a system and thread count, opened at the first cell that needs it. */
  const sessions = new Map<string, Promise<PeerSession>>()
  const placeOf = ({ system, experiment }: Cell): string => `${system} ${threadsOf(experiment)}`
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
  const measureInSession = async (cell: Cell): Promise<VisitOutcome> => {
    try {
      return await measureTheirs(cell, await sessionFor(cell), options)
    } catch (error) {
      // The next visit starts a new session: this one may have died, or hold what broke it.
      await closeSession(placeOf(cell))
      return failed(`${cell.system}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  /** One visit a session at a time: where one ends the process, no other is lost with it. */
  const turns = new Map<string, Promise<VisitOutcome>>()
  const visitTheirs = (cell: Cell): Promise<VisitOutcome> => {
    const before = turns.get(placeOf(cell))
    const mine = (before ?? Promise.resolve()).then(() => measureInSession(cell))
    turns.set(placeOf(cell), mine)
    return mine
  }
  const closeAll = async (): Promise<void> => void (await Promise.all([...sessions.keys()].map(closeSession)))
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
