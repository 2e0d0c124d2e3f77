/** Starts, feeds, times out and reaps measuring processes. */

import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import type { VisitOutcome } from '../core/result.ts'
import { failed, isAnswer } from './outcome.ts'
import { memoryWords } from './watchdog.ts'
import type { Errand, Job } from './worker.ts'

const ownWorker = new URL('./worker.js', import.meta.url).href
const stderrTail = 2000

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toPrecision(3)} GiB`

function describeExit(code: number | null, signal: NodeJS.Signals | null, stderr: string, job: Job): VisitOutcome {
  if (stderr.includes(memoryWords))
    return failed(`the cell took more than ${gibibytes(job.memoryBytes)} of memory`, 'allow more with --memory')
  const how = signal ? `was killed by ${signal}` : `exited with code ${code}`
  const last = stderr.trim().split('\n').slice(-3).join(' | ')
  return failed(`the measuring process ${how} before it answered${last ? `: ${last}` : ''}`)
}

/**
 * One visit in a fresh process; never rejects: a crash, a kill and a timeout are outcomes.
 * @param workerUrl the module that measures: ours, or that of another build
 */
export function visitInFork(
  job: Job,
  timeoutMs: number,
  signal?: AbortSignal,
  workerUrl = ownWorker,
): Promise<VisitOutcome> {
  return new Promise((resolve) => {
    const child = fork(new URL(workerUrl), { serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    const errand: Errand = { token: randomUUID(), parent: process.pid, job }
    let stderr = ''
    const settle = (outcome: VisitOutcome) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', kill)
      resolve(outcome)
    }
    const kill = () => void child.kill('SIGKILL')
    const timer = setTimeout(() => {
      settle({ status: 'timeout', limitMs: timeoutMs })
      kill()
    }, timeoutMs)
    signal?.addEventListener('abort', kill, { once: true })
    child.stderr!.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-stderrTail)
    })
    child.on('message', (message: unknown) => {
      if (isAnswer(message, errand.token)) settle(message.outcome)
    })
    child.once('error', (error) => settle(failed(error.message)))
    // The answer may still be in the channel when the exit is reported: it has the first word.
    child.once('exit', (code, by) => {
      const exited = () => setImmediate(() => settle(describeExit(code, by, stderr, job)))
      if (child.connected) child.once('disconnect', exited)
      else exited()
    })
    child.send(errand)
  })
}
