/** One writer a run directory. */

import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { usageError } from '../core/errors.ts'

function holderIsAlive(path: string): number | undefined {
  const pid = Number(readFileSync(path, 'utf8'))
  try {
    process.kill(pid, 0)
    return pid
  } catch {
    return undefined
  }
}

/** @throws RankBenchError(usage) when another live process is measuring into `directory`. */
export function lockRun(directory: string): () => void {
  const path = join(directory, 'run.lock')
  const take = () => {
    const file = openSync(path, 'wx')
    writeSync(file, String(process.pid))
    closeSync(file)
  }
  try {
    take()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const holder = holderIsAlive(path)
    if (holder !== undefined) {
      throw usageError(
        `process ${holder} is already measuring into ${directory}`,
        'wait for it, or choose another --out',
      )
    }
    // Left behind by a killed run.
    rmSync(path)
    take()
  }
  return () => rmSync(path, { force: true })
}
