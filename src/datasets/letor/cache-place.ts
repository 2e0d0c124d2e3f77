/**
 * Where the cache of a file lives: in `.rank-bench` beside it, or in the user's cache folder. Its name holds the state
 * of the file (path, size, time of change), the width asked for and the parser's version, so a stale one is never met.
 */

import { createHash } from 'node:crypto'
import { accessSync, constants, readdirSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { dataError } from '../../core/errors.ts'
import type { SvmlightOptions } from './svmlight.ts'

/** Raise it when the parser or the cache answers differently for the same file. */
const cacheVersion = 2

/** `$XDG_CACHE_HOME/rank-bench`; an empty or relative XDG_CACHE_HOME counts as unset, as its specification says. */
export function userCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const named = env.XDG_CACHE_HOME ?? ''
  return join(isAbsolute(named) ? named : join(homedir(), '.cache'), 'rank-bench')
}

/** Mode bits count too: root may write into a folder that is marked read-only, and should not. */
export function isWritable(folder: string): boolean {
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
}

/** @throws RankBenchError(data) when the file is absent */
export function cachePlace(path: string, { width }: SvmlightOptions): CachePlace {
  const facts = statSync(path, { throwIfNoEntry: false })
  if (!facts) throw dataError(`${path}: no such file`)
  const owner = short([resolve(path), width ?? 'discovered'])
  const name = `${basename(path)}.${owner}.${short([facts.size, facts.mtimeMs, cacheVersion])}.arrow`
  const folder = dirname(path)
  const [beside, users] = [join(folder, '.rank-bench', name), join(userCacheFolder(), 'letor', name)]
  return { candidates: [beside, users], writable: isWritable(folder) ? [beside, users] : [users] }
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
