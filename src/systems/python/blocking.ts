/** A peer asked as a function is: laws are plain loops, and a process answers when it does. */

import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { RankBenchError } from '../../core/errors.ts'
import type { FloatArray } from '../../core/shape.ts'
import type { PeerQuestion, PeerReply } from './blocking-thread.ts'
import type { PeerAnswer, PeerOperation, PeerOptions } from './session.ts'

export interface BlockingPeer {
  /** @throws RankBenchError(peer) as the session does */
  evaluate(operation: PeerOperation, values: FloatArray, cotangent: FloatArray, labels?: FloatArray): PeerAnswer
  push(operation: PeerOperation, values: FloatArray, direction: FloatArray, labels?: FloatArray): FloatArray
  close(): Promise<void>
}

/** Starts nothing before the first question. */
export function openBlocking(options: PeerOptions): BlockingPeer {
  const signal = new Int32Array(new SharedArrayBuffer(4))
  const { port1, port2 } = new MessageChannel()
  const thread = new Worker(new URL('./blocking-thread.js', import.meta.url), {
    workerData: { port: port2, signal, options },
    transferList: [port2],
  })
  thread.unref()
  port1.unref()
  const ask = (question: PeerQuestion): unknown => {
    Atomics.store(signal, 0, 0)
    port1.postMessage(question)
    Atomics.wait(signal, 0, 0)
    const reply = receiveMessageOnPort(port1)!.message as PeerReply
    if ('error' in reply) throw new RankBenchError('peer', reply.error)
    return reply.answer
  }
  return {
    evaluate: (operation, values, cotangent, labels) =>
      ask({ ask: 'evaluate', operation, values, cotangent, labels }) as PeerAnswer,
    push: (operation, values, direction, labels) =>
      ask({ ask: 'push', operation, values, direction, labels }) as FloatArray,
    async close() {
      ask({ ask: 'close' })
      await thread.terminate()
    },
  }
}
