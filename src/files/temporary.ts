/** A folder for the time of one piece of work, gone afterwards however that ends: also at an interrupt. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onFile } from './problem.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** @throws RankBenchError(data) when no temporary folder can be made */
export async function withTemporaryFolder<T>(use: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = onFile(tmpdir(), () => mkdtempSync(join(tmpdir(), 'rank-bench-')), 'name another one with TMPDIR')
  const remove = () => rmSync(folder, { recursive: true, force: true })
  const stop = (signal: NodeJS.Signals) => {
    remove()
    // By the signal itself, not by exit(), which would wait for a read from a pipe that has nothing to say.
    for (const each of signals) process.removeAllListeners(each)
    process.kill(process.pid, signal)
  }
  for (const signal of signals) process.once(signal, stop)
  try {
    return await use(folder)
  } finally {
    for (const signal of signals) process.removeListener(signal, stop)
    remove()
  }
}
