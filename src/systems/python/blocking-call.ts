/** A thread that answers while the one that asks sleeps: for code that is a plain loop, of answers that come from a process. */

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker, workerData } from 'node:worker_threads'
import { RankBenchError } from '../../core/errors.ts'

type Reply = { readonly answer: unknown } | { readonly error: string }

interface Given<Options> {
  readonly port: MessagePort
  readonly signal: Int32Array
  readonly options: Options
}

interface BlockingCall<Question> {
  /** @throws RankBenchError(peer) with what the thread threw */
  ask(question: Question): unknown
  terminate(): Promise<unknown>
}

/** @param thread module that calls `answerBlocking` */
export function openBlockingCall<Question>(thread: URL, options: unknown): BlockingCall<Question> {
  const signal = new Int32Array(new SharedArrayBuffer(4))
  const { port1, port2 } = new MessageChannel()
  const worker = new Worker(thread, { workerData: { port: port2, signal, options }, transferList: [port2] })
  worker.unref()
  port1.unref()
  return {
    ask(question) {
      Atomics.store(signal, 0, 0)
      port1.postMessage(question)
      Atomics.wait(signal, 0, 0)
      const reply = receiveMessageOnPort(port1)!.message as Reply
      if ('error' in reply) throw new RankBenchError('peer', reply.error)
      return reply.answer
    },
    terminate: () => worker.terminate(),
  }
}

/** The other end, in the thread. @param failed told before the asking thread is, of what `answer` threw */
export function answerBlocking<Question, Options>(
  start: (options: Options) => (question: Question) => Promise<unknown>,
  failed: (message: string) => Promise<void> = async () => {},
): void {
  const { port, signal, options } = workerData as Given<Options>
  const answer = start(options)
  const replyTo = async (question: Question): Promise<Reply> => {
    try {
      return { answer: await answer(question) }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      await failed(message)
      return { error: message }
    }
  }
  port.on('message', async (question: Question) => {
    port.postMessage(await replyTo(question))
    Atomics.store(signal, 0, 1)
    Atomics.notify(signal, 0)
  })
}
