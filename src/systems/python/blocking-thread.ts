/** The thread that talks with a peer while the calling one sleeps. A peer that ended is started again for the next question. */

import { type MessagePort, workerData } from 'node:worker_threads'
import type { FloatArray } from '../../core/shape.ts'
import { openPeer, type PeerOperation, type PeerOptions, type PeerSession } from './session.ts'

export type PeerQuestion =
  | {
      readonly ask: 'evaluate'
      readonly operation: PeerOperation
      readonly values: FloatArray
      readonly cotangent: FloatArray
      readonly labels: FloatArray | undefined
    }
  | {
      readonly ask: 'push'
      readonly operation: PeerOperation
      readonly values: FloatArray
      readonly direction: FloatArray
      readonly labels: FloatArray | undefined
    }
  | { readonly ask: 'close' }

export type PeerReply = { readonly answer: unknown } | { readonly error: string }

interface Given {
  readonly port: MessagePort
  readonly signal: Int32Array
  readonly options: PeerOptions
}

const { port, signal, options } = workerData as Given

let session: Promise<PeerSession> | undefined

async function answer(question: PeerQuestion): Promise<unknown> {
  if (question.ask === 'close') return (await session)?.close()
  session ??= openPeer(options)
  const open = await session
  const { operation, values, labels } = question
  return question.ask === 'evaluate'
    ? open.evaluate(operation, values, question.cotangent, labels)
    : open.push(operation, values, question.direction, labels)
}

/** An exception leaves the peer alive; whatever else is wrong ends it. */
async function settle(error: unknown): Promise<PeerReply> {
  const message = error instanceof Error ? error.message : String(error)
  if (!message.startsWith('the peer reports')) {
    await session?.then((open) => open.close()).catch(() => {})
    session = undefined
  }
  return { error: message }
}

port.on('message', async (question: PeerQuestion) => {
  const reply: PeerReply = await answer(question).then((found) => ({ answer: found }), settle)
  port.postMessage(reply)
  Atomics.store(signal, 0, 1)
  Atomics.notify(signal, 0)
})
