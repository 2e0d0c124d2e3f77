/** Scripts that answer one JSON request with one JSON answer, under limits of time and length. */

import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { RankBenchError } from '../../core/errors.ts'

/** Reads a value, or throws what is wrong with it. */
interface Decoder<T> {
  parse(value: unknown): T
}

interface ScriptLimits {
  readonly timeoutMs: number
  /** Most bytes of an answer. */
  readonly bytes: number
}

export const scriptLimits: ScriptLimits = { timeoutMs: 600_000, bytes: 2 ** 28 }

export type ScriptOutcome<T> =
  | { readonly status: 'answered'; readonly answer: T }
  | { readonly status: 'failed' | 'timeout'; readonly reason: string }

type Ended = { readonly stdout: string } | { readonly status: 'failed' | 'timeout'; readonly reason: string }

const stderrTail = 4000
/** How long output may trail the end of the process that wrote it, where a child of its own holds the pipe. */
const graceMs = 1000

/** What a person can read of bytes that may be anything. */
const shown = (bytes: string): string =>
  bytes
    .slice(0, 60)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim()

const lastLine = (stderr: string): string => shown(stderr.trim().split('\n').at(-1)?.slice(0, 300) ?? '')

/** The process and the children it started: it leads a group of its own. */
function kill({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}

function converse(python: string, path: string, request: string, limits: ScriptLimits): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(python, [path], { stdio: ['pipe', 'pipe', 'pipe'], detached: true })
    const chunks: Buffer[] = []
    let [bytes, stderr] = [0, '']
    const onExit = () => kill(child)
    process.once('exit', onExit)
    const end = (ended: Ended) => {
      clearTimeout(timer)
      process.removeListener('exit', onExit)
      kill(child)
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy()
      resolve(ended)
    }
    const failed = (reason: string) => end({ status: 'failed', reason })
    const timer = setTimeout(
      () => end({ status: 'timeout', reason: `no answer within ${limits.timeoutMs / 1000} s; the process was ended` }),
      limits.timeoutMs,
    )
    child.once('error', (error) => failed(`it cannot be started: ${error.message}`))
    child.stdin.on('error', () => {})
    child.stdin.end(request)
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-stderrTail)
    })
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      chunks.push(chunk)
      if (bytes > limits.bytes) failed(`its answer is longer than ${limits.bytes / 2 ** 20} MiB; the process was ended`)
    })
    const closed = (code: number | null, signal: NodeJS.Signals | null) => {
      if (code === 0) return end({ stdout: Buffer.concat(chunks).toString() })
      const last = lastLine(stderr)
      failed(`it ${signal ? `was killed by ${signal}` : `exited with code ${code}`}${last ? `: ${last}` : ''}`)
    }
    child.once('close', closed)
    child.once('exit', (code, signal) => setTimeout(closed, graceMs, code, signal).unref())
  })
}

/** The value that the text spells, or what is wrong with it. */
function decode<T>(stdout: string, answer: Decoder<T>): ScriptOutcome<T> {
  if (stdout.trim() === '') return { status: 'failed', reason: 'it answered nothing' }
  let value: unknown
  try {
    value = JSON.parse(stdout)
  } catch {
    return { status: 'failed', reason: `its answer is not JSON: "${shown(stdout)}"` }
  }
  try {
    return { status: 'answered', answer: answer.parse(value) }
  } catch {
    return { status: 'failed', reason: `its answer is JSON of another form: ${shown(stdout)}` }
  }
}

/**
 * Never throws: an interpreter that is missing, crashes, hangs, floods or talks nonsense is an outcome. A process that
 * exceeds a limit is ended with all that it started.
 * @param script file name beside this module
 */
export async function runScript<T>(
  python: string,
  script: string,
  request: object,
  answer: Decoder<T>,
  limits: ScriptLimits = scriptLimits,
): Promise<ScriptOutcome<T>> {
  const path = fileURLToPath(new URL(`./${script}`, import.meta.url))
  const ended = await converse(python, path, JSON.stringify(request), limits)
  return 'stdout' in ended ? decode(ended.stdout, answer) : ended
}

/** The answer. @throws RankBenchError(peer) where there is none, saying what the interpreter should have */
export function requireAnswer<T>(outcome: ScriptOutcome<T>, python: string, needs: string): T {
  if (outcome.status === 'answered') return outcome.answer
  throw new RankBenchError('peer', `${python} gave no answer: ${outcome.reason}`, {
    hint: `name an interpreter that has ${needs}: --peers <interpreter>`,
  })
}
