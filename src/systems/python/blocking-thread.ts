/** The thread that talks with a peer while the calling one sleeps. A peer that ended is started again for the next question. */

import type { FloatArray } from '../../core/shape.ts'
import { answerBlocking } from './blocking-call.ts'
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

let session: Promise<PeerSession> | undefined

async function answer(options: PeerOptions, question: PeerQuestion): Promise<unknown> {
  if (question.ask === 'close') return (await session)?.close()
  session ??= openPeer(options)
  const open = await session
  const { operation, values, labels } = question
  return question.ask === 'evaluate'
    ? open.evaluate(operation, values, question.cotangent, labels)
    : open.push(operation, values, question.direction, labels)
}

/** An exception leaves the peer alive; whatever else is wrong ends it. */
async function endUnlessReported(message: string): Promise<void> {
  if (message.startsWith('the peer reports')) return
  await session?.then((open) => open.close()).catch(() => {})
  session = undefined
}

answerBlocking<PeerQuestion, PeerOptions>((options) => (question) => answer(options, question), endUnlessReported)
