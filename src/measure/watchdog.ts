/**
 * Watches over a measuring process from a thread of its own, where a subject that never returns cannot keep it from running:
 * ends the process when its parent is gone, or when it takes more memory than a cell may have.
 */

import { writeSync } from 'node:fs'
import { Worker, workerData } from 'node:worker_threads'

/** Rare enough not to be seen in a timing (some 20 microseconds each), often enough that memory cannot run away. */
const everyMs = 200

interface Watch {
  readonly parent: number
  readonly memoryBytes: number
}

/** First words on stderr of a process that took too much memory. */
export const memoryWords = 'rank-bench: memory limit of a cell exceeded'

const end = (): void => void process.kill(process.pid, 'SIGKILL')

function look({ parent, memoryBytes }: Watch): void {
  if (process.ppid !== parent) end()
  if (process.memoryUsage.rss() <= memoryBytes) return
  writeSync(2, `${memoryWords}\n`)
  end()
}

/** Called once, in the process to be watched. */
export function watch(options: Watch): void {
  new Worker(new URL('./watchdog.js', import.meta.url), { workerData: { watch: options }, stdout: true }).unref()
}

const given: Watch | undefined = (workerData as { watch?: Watch } | null)?.watch
if (given) setInterval(look, everyMs, given)
