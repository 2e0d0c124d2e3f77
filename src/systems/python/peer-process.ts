/** A process that answers frames: one request at a time, each with its own limit, none lost when the process dies. */

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { RankBenchError } from '../../core/errors.ts'
import { createFrameDecoder, encodeFrame, type Frame } from './protocol.ts'

export interface PeerProcess {
  /**
   * Requests are answered in the order made; the limit of one counts from when it is sent.
   * @throws RankBenchError(peer) when the peer reports an error (it lives on), and when it crashes, talks garbage or
   * exceeds the limit (it is ended, and every waiting request is rejected too).
   */
  request(
    header: Readonly<Record<string, unknown>>,
    blocks: readonly ArrayBufferView[],
    limitMs: number,
  ): Promise<Frame>
  /** Ends the process, at once when it is busy, and waits until it is gone. */
  close(): Promise<void>
}

interface PeerCommand {
  readonly command: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

interface Request {
  readonly id: number
  readonly header: Readonly<Record<string, unknown>>
  readonly blocks: readonly ArrayBufferView[]
  readonly limitMs: number
  readonly resolve: (frame: Frame) => void
  readonly reject: (error: unknown) => void
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>

const stderrTail = 4000
const shownLines = 6
/** How long an idle process may take to notice that its input has ended. */
const graceMs = 2000

const peerError = (message: string, cause?: unknown): RankBenchError =>
  new RankBenchError('peer', message, cause === undefined ? {} : { cause })

/** An idle peer must not keep Node alive; while a request is under way its timer does. */
function unrefAll(child: Child): void {
  child.unref()
  for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as unknown as Socket).unref()
}

/** Waits for `drain` whenever the pipe is full, so at most one block waits in memory. */
async function writeAll(stdin: Writable, chunks: readonly Uint8Array[]): Promise<void> {
  for (const chunk of chunks) if (!stdin.write(chunk)) await once(stdin, 'drain')
}

function reported(frame: Frame): RankBenchError {
  const { type = 'Error', message = '' } = (frame.header.error ?? {}) as { type?: string; message?: string }
  return peerError(`the peer reports ${type}: ${message}`)
}

interface Queue {
  /** Asks when everything before it was answered. */
  add(request: Request): void
  receive(frame: Frame): void
  /** Refuses what waits and what comes, with the reason; the first one counts. */
  end(error: RankBenchError): void
  /** Refuses what comes; whoever is idle ends by itself. */
  refuse(error: RankBenchError): void
  readonly ended: RankBenchError | undefined
  readonly isWaiting: boolean
}

/** One request at a time: a peer answers in the order it is asked, or is ended. */
function createQueue(send: (request: Request) => void, kill: () => void): Queue {
  const waiting: Request[] = []
  let active: { readonly request: Request; readonly timer: NodeJS.Timeout } | undefined
  let ended: RankBenchError | undefined
  const end = (error: RankBenchError) => {
    if (ended) return
    ended = error
    clearTimeout(active?.timer)
    const lost = [...(active ? [active.request] : []), ...waiting.splice(0)]
    active = undefined
    kill()
    for (const request of lost) request.reject(error)
  }
  const overdue = ({ header, limitMs }: Request) =>
    end(peerError(`no answer to "${header.request}" within ${limitMs / 1000} s; the peer process was ended`))
  const sendNext = () => {
    const request = active || ended ? undefined : waiting.shift()
    if (!request) return
    active = { request, timer: setTimeout(overdue, request.limitMs, request) }
    send(request)
  }
  return {
    end,
    refuse(error) {
      ended ??= error
    },
    get ended() {
      return ended
    },
    get isWaiting() {
      return active !== undefined
    },
    add(request) {
      if (ended) return request.reject(ended)
      waiting.push(request)
      sendNext()
    },
    receive(frame) {
      if (!active || frame.header.id !== active.request.id)
        return end(peerError('the peer answered what was not asked'))
      const { request, timer } = active
      clearTimeout(timer)
      active = undefined
      if (frame.header.ok === true) request.resolve(frame)
      else request.reject(reported(frame))
      sendNext()
    },
  }
}

/** Hands what the process writes to the queue, and tells the queue how it ended. */
function listen(child: Child, command: string, queue: Queue): Promise<void> {
  let stderr = ''
  const decode = createFrameDecoder()
  child.stdout.on('data', (chunk: Buffer) => {
    if (queue.ended) return
    try {
      for (const frame of decode(chunk)) queue.receive(frame)
    } catch (error) {
      queue.end(error instanceof RankBenchError ? error : peerError(String(error), error))
    }
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-stderrTail)
  })
  child.stdin.on('error', () => {})
  child.once('error', (error) => queue.end(peerError(`cannot start ${command}: ${error.message}`, error)))
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      const how = signal ? `was killed by ${signal}` : `exited with code ${code}`
      const last = stderr.trim().split('\n').slice(-shownLines).join('\n')
      queue.end(peerError(`the peer process ${how}${last ? `; its last lines:\n${last}` : ''}`))
      resolve()
    })
  })
}

/** Ends what is alive; one listener, however many there are. */
const living = new Set<() => void>()
const killAll = () => {
  for (const kill of living) kill()
}

/** Starts the process. Failing to start shows in the first request. */
export function startPeerProcess({ command, args, env }: PeerCommand): PeerProcess {
  const child: Child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  const kill = () => void child.kill('SIGKILL')
  const send = ({ header, blocks, id }: Request) =>
    // A broken pipe is reported with the exit of the process, which knows more.
    void writeAll(child.stdin, encodeFrame({ ...header, id }, blocks)).catch(() => {})
  const queue = createQueue(send, kill)
  let ids = 0
  living.add(kill)
  process.off('exit', killAll).once('exit', killAll)
  const gone = listen(child, command, queue).then(() => void living.delete(kill))
  unrefAll(child)
  return {
    request: (header, blocks, limitMs) =>
      new Promise((resolve, reject) => queue.add({ id: ids++, header, blocks, limitMs, resolve, reject })),
    async close() {
      const closed = peerError('the peer session was closed')
      if (queue.isWaiting) queue.end(closed)
      else queue.refuse(closed)
      // Nothing else may be left to do: without this Node would end before the peer has.
      child.ref()
      child.stdin.end()
      const timer = setTimeout(kill, graceMs)
      await gone
      clearTimeout(timer)
    },
  }
}
