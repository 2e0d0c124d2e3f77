/** One visit to one cell: in a fresh process for ours, through the long-lived session for a peer. */

import { type Cell, isPeer } from '../core/cell.ts'
import type { DataContext } from '../core/dataset.ts'
import type { EveryQuery } from '../core/experiment.ts'
import type { Protocol } from '../core/protocol.ts'
import type { TurnOutcome } from '../core/result.ts'
import { visitInFork } from '../measure/forks.ts'
import type { Slot } from '../measure/schedule.ts'
import type { PlannedPlugin } from '../measure/worker.ts'
import type { PeerChoice } from '../systems/python/choice.ts'
import { openPeer, type PeerSession } from '../systems/python/session.ts'
import { judgePeer, visitPeer } from '../systems/python/visit.ts'

export interface VisitorOptions {
  readonly cells: ReadonlyMap<string, Cell>
  readonly protocol: Protocol
  readonly data: DataContext
  /** Keep the value of every query under every metric. */
  readonly everyQuery: EveryQuery
  readonly plugins: readonly PlannedPlugin[]
  /** Memory that one measuring process may take. */
  readonly memoryBytes: number
  readonly timeoutMs: number
  readonly peer: PeerChoice
  readonly signal: AbortSignal
}

export interface Visitor {
  visit(slot: Slot): Promise<TurnOutcome>
  close(): Promise<void>
}

const registryUrl = new URL('../registry.js', import.meta.url).href

export function createVisitor(options: VisitorOptions): Visitor {
  /** One session a thread count, opened at the first cell that needs it. */
  const sessions = new Map<number, Promise<PeerSession>>()
  const sessionFor = (threads: number): Promise<PeerSession> => {
    const open =
      sessions.get(threads) ?? openPeer({ python: options.peer.python!, threads, timeoutMs: options.timeoutMs })
    sessions.set(threads, open)
    return open
  }
  const closeSession = async (threads: number): Promise<void> => {
    const open = sessions.get(threads)
    sessions.delete(threads)
    await open?.then((session) => session.close()).catch(() => {})
  }
  const visitTheirs = async (cell: Cell): Promise<TurnOutcome> => {
    const threads = Number(cell.experiment.params.threads ?? 1)
    try {
      const session = await sessionFor(threads)
      if (cell.experiment.name === 'accuracy') return await judgePeer(cell, session)
      return await visitPeer(cell, session, options.protocol)
    } catch (error) {
      // The next visit starts a new session: this one may have died, or hold what broke it.
      await closeSession(threads)
      return { status: 'failed', error: { message: error instanceof Error ? error.message : String(error) } }
    }
  }
  const closeAll = async (): Promise<void> => void (await Promise.all([...sessions.keys()].map(closeSession)))
  // A peer that is computing answers nobody: an interrupt ends its process.
  options.signal.addEventListener('abort', () => void closeAll(), { once: true })
  return {
    visit(slot) {
      const cell = options.cells.get(slot.key)!
      if (isPeer(cell.implementation)) return visitTheirs(cell)
      const { protocol, data, everyQuery, plugins, memoryBytes, timeoutMs, signal } = options
      return visitInFork({ cell, protocol, data, everyQuery, registryUrl, plugins, memoryBytes }, timeoutMs, signal)
    },
    close: closeAll,
  }
}
