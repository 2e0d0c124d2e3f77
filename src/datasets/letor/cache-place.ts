/**
 * Where the cache of a file lives: in `.rank-bench` beside it, or in the user's cache folder. Its name holds the state of the
 * file and of its file of sizes, how it is read and the parser's version, so a stale one is never met.
 */

import { createHash } from 'node:crypto'
import { accessSync, type BigIntStats, constants, readdirSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { dataError } from '../../core/errors.ts'
import { onFile } from '../../files/problem.ts'
import { now } from '../../measure/clock.ts'
import { groupFileOf } from './group-file.ts'
import type { SvmlightOptions } from './svmlight.ts'

/** Raise it when the parser or the cache answers differently for the same file. */
const cacheVersion = 3

/** `$XDG_CACHE_HOME/rank-bench`; an empty or relative XDG_CACHE_HOME counts as unset, as its specification says. */
export function userCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const named = env.XDG_CACHE_HOME ?? ''
  return join(isAbsolute(named) ? named : join(homedir(), '.cache'), 'rank-bench')
}

/** Mode bits count too: root may write into a folder that is marked read-only, and should not. */
function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return (statSync(folder).mode & 0o222) !== 0
  } catch {
    return false
  }
}

const short = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12)

export interface CachePlace {
  /** Where a cache may be found, best first. */
  readonly candidates: readonly string[]
  /** Where a new one may be written, best first. */
  readonly writable: readonly string[]
  /** Changed so recently that it may change once more and look the same: read it after `tickMs`. */
  readonly fresh: boolean
}

/** The clock of a file system ticks at least this often. */
export const tickMs = 50

const factsOf = (path: string): BigIntStats => onFile(path, () => statSync(path, { bigint: true }))

/** What the system knows of a file: its bytes cannot change without one of these, as nobody can set the time of change. */
const stateOf = ({ size, mtimeNs, ctimeNs, ino }: BigIntStats): string[] => [size, mtimeNs, ctimeNs, ino].map(String)

/** @throws RankBenchError(data) when the file is absent, or a pipe or a device, which cannot be read again */
export function cachePlace(path: string, { width, zeroBased }: SvmlightOptions): CachePlace {
  const facts = factsOf(path)
  if (!facts.isFile() && !facts.isDirectory()) {
    throw dataError(`${path} is no regular file; a run reads its data more than once`, 'save it to a file first')
  }
  const sizes = groupFileOf(path)
  const states = [facts, ...(sizes === undefined ? [] : [factsOf(sizes)])]
  const owner = short([resolve(path), width ?? 'discovered', zeroBased ?? false])
  // File systems allow names of 255 bytes.
  const stem = Buffer.from(basename(path))
    .subarray(0, 180)
    .toString('latin1')
    .replace(/[^\w.-]/g, '_')
  const name = `${stem}.${owner}.${short([states.map(stateOf), cacheVersion])}.arrow`
  const folder = dirname(path)
  const [beside, users] = [join(folder, '.rank-bench', name), join(userCacheFolder(), 'letor', name)]
  const fresh = states.some(({ ctimeNs }) => now().getTime() - Number(ctimeNs / 1_000_000n) <= tickMs)
  return { candidates: [beside, users], writable: isWritable(folder) ? [beside, users] : [users], fresh }
}

/** Removes caches of earlier states of the same file; `cache` is the one that holds now. */
export function removeStale(cache: string): void {
  const folder = dirname(cache)
  const kept = basename(cache)
  const owner = kept.slice(0, kept.lastIndexOf('.', kept.length - '.arrow'.length - 1) + 1)
  for (const name of readdirSync(folder)) {
    if (name !== kept && name.startsWith(owner) && name.endsWith('.arrow')) rmSync(join(folder, name), { force: true })
  }
}
