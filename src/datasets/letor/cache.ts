/**
 * Parsed files, kept as Arrow. A damaged or unwritable cache, or a full disk, costs a parse and never an error; a cache
 * in which a single bit has turned is damaged, as its numbers would otherwise be believed.
 */

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { RankingData } from '../../core/dataset.ts'
import { bytesOf } from '../../core/names.ts'
import { readBytes } from '../../files/read-bytes.ts'
import { decodeRankingData, encodeRankingData } from './arrow.ts'
import { type CachePlace, cachePlace, removeStale, tickMs } from './cache-place.ts'
import { discard } from './discard.ts'
import { groupDigest, groupFileOf, readGroupSizes } from './group-file.ts'
import { parseSvmlightChunks, type SvmlightOptions } from './svmlight.ts'
import { createTextDigest, digesting } from './text-digest.ts'

export interface LoadedFile {
  readonly data: RankingData
  /** SHA-256 of the unpacked text with LF line ends, and of the sizes of its lists where they stand in another file. */
  readonly sha256: string
}

/** Digest of everything that is cached. */
function checksum(
  { queries, offsets, labels, features, width, documents, notes }: RankingData,
  sha256: string,
): string {
  const hash = createHash('sha256')
  for (const column of [offsets, labels, features]) {
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength))
  }
  hash.update(JSON.stringify([sha256, width, queries, notes ?? [], documents === undefined]))
  return hash.update(bytesOf((documents ?? []).join('\n'))).digest('hex')
}

const joinedDigest = (...digests: readonly string[]): string =>
  createHash('sha256').update(digests.join()).digest('hex')

/**
 * A ranking file and its digest, parsed from its text; with a file of sizes beside it, where there is one.
 * @throws RankBenchError(data) naming file and line
 */
export async function parseFile(path: string, options: SvmlightOptions = {}): Promise<LoadedFile> {
  const sizes = groupFileOf(path)
  const groups = sizes === undefined ? undefined : await readGroupSizes(sizes)
  const digest = createTextDigest()
  const chunks = digesting(readBytes(path), digest)
  const data = await parseSvmlightChunks(chunks, path, groups === undefined ? options : { ...options, groups })
  return { data, sha256: groups === undefined ? digest.hex() : joinedDigest(digest.hex(), groupDigest(groups)) }
}

function readCache(cache: string): LoadedFile | undefined {
  try {
    const { data, facts } = decodeRankingData(readFileSync(cache))
    const sha256 = facts.get('sha256')
    return sha256 !== undefined && facts.get('checksum') === checksum(data, sha256) ? { data, sha256 } : undefined
  } catch {
    return undefined
  }
}

/** Whole or not at all: written aside, then renamed. @returns whether it was written */
function writeCache(cache: string, { data, sha256 }: LoadedFile): boolean {
  const temporary = `${cache}.${process.pid}.tmp`
  try {
    mkdirSync(dirname(cache), { recursive: true })
    writeFileSync(temporary, encodeRankingData(data, { sha256, checksum: checksum(data, sha256) }))
    renameSync(temporary, cache)
    removeStale(cache)
    return true
  } catch {
    discard(temporary)
    return false
  }
}

/** The place of a file that is still there. */
function placeNow(path: string, options: SvmlightOptions): CachePlace | undefined {
  try {
    return cachePlace(path, options)
  } catch {
    return undefined
  }
}

/** Parses whatever the cache says, and renews the cache. @throws RankBenchError(data) as the parser does */
export async function reloadFile(path: string, options: SvmlightOptions = {}): Promise<LoadedFile> {
  const before = cachePlace(path, options)
  if (before.fresh) await setTimeout(tickMs)
  const parsed = await parseFile(path, options)
  // A file that was changed while it was read belongs to neither state.
  const after = placeNow(path, options)
  if (after?.candidates[0] === before.candidates[0]) before.writable.some((cache) => writeCache(cache, parsed))
  return parsed
}

/** A ranking file, from its cache where there is a whole one. @throws RankBenchError(data) as the parser does */
export async function loadFile(path: string, options: SvmlightOptions = {}): Promise<LoadedFile> {
  for (const cache of cachePlace(path, options).candidates) {
    const cached = readCache(cache)
    if (cached) return cached
  }
  return reloadFile(path, options)
}
