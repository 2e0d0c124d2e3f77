/** A peer asked as a function is: laws are plain loops, and a process answers when it does. */

import type { FloatArray } from '../../core/shape.ts'
import { openBlockingCall } from './blocking-call.ts'
import type { PeerQuestion } from './blocking-thread.ts'
import type { PeerAnswer, PeerOperation, PeerOptions } from './session.ts'

export interface BlockingPeer {
  /** @throws RankBenchError(peer) as the session does */
  evaluate(operation: PeerOperation, values: FloatArray, cotangent: FloatArray, labels?: FloatArray): PeerAnswer
  push(operation: PeerOperation, values: FloatArray, direction: FloatArray, labels?: FloatArray): FloatArray
  close(): Promise<void>
}

/** Starts nothing before the first question. */
export function openBlocking(options: PeerOptions): BlockingPeer {
  const { ask, terminate } = openBlockingCall<PeerQuestion>(new URL('./blocking-thread.js', import.meta.url), options)
  return {
    evaluate: (operation, values, cotangent, labels) =>
      ask({ ask: 'evaluate', operation, values, cotangent, labels }) as PeerAnswer,
    push: (operation, values, direction, labels) =>
      ask({ ask: 'push', operation, values, direction, labels }) as FloatArray,
    async close() {
      ask({ ask: 'close' })
      await terminate()
    },
  }
}
