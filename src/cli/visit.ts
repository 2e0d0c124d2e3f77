/** One visit to one cell: in a fresh process for ours, through the long-lived session for a peer. */

import type { Cell } from '../core/cell.ts'
import type { DataContext } from '../core/dataset.ts'
import type { Protocol } from '../core/protocol.ts'
import type { TurnOutcome } from '../core/result.ts'
import { visitInFork } from '../measure/forks.ts'
import type { Slot } from '../measure/schedule.ts'
import { openPeer, type PeerSession } from '../peers/session.ts'
import type { PeerChoice } from './peer-choice.ts'
import { visitPeer } from './peer-visit.ts'

export interface VisitorOptions {
  readonly cells: ReadonlyMap<string, Cell>
  readonly protocol: Protocol
  readonly data: DataContext
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
  let session: PeerSession | undefined
  const peer = async (cell: Cell): Promise<PeerSession> => {
    session ??= await openPeer({
      python: options.peer.python!,
      threads: Number(cell.experiment.params.threads ?? 1),
      timeoutMs: options.timeoutMs,
    })
    return session
  }
  const visitTheirs = async (cell: Cell): Promise<TurnOutcome> => {
    try {
      return await visitPeer(cell, await peer(cell), options.protocol)
    } catch (error) {
      // The next visit starts a new session.
      session = undefined
      return { status: 'failed', error: { message: error instanceof Error ? error.message : String(error) } }
    }
  }
  return {
    visit(slot) {
      const cell = options.cells.get(slot.key)!
      if (cell.implementation !== 'rank-bench') return visitTheirs(cell)
      const { protocol, data, timeoutMs, signal } = options
      return visitInFork({ cell, protocol, data, registryUrl }, timeoutMs, signal)
    },
    async close() {
      await session?.close()
    },
  }
}
