/**
 * Parsed files, kept as Arrow beside the data (or in the user's cache folder where the data cannot be written).
 * A cache belongs to one state of one file: path, size, time of change and parser version are its name. Damaged or
 * unwritable caches cost a parse, never an error.
 */

import { createHash } from 'node:crypto'
import { accessSync, constants, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import type { RankingData } from '../../core/dataset.ts'
import { dataError } from '../../core/errors.ts'
import { decodeRankingData, encodeRankingData } from './arrow.ts'
import { parseSvmlightChunks, readBytes, type SvmlightOptions } from './svmlight.ts'

/** Raise it when the parser answers differently for the same file. */
const parserVersion = 1

export interface CachedFile {
  readonly data: RankingData
  /** SHA-256 of the unpacked text with LF line ends. */
  readonly sha256: string
}

export const userCacheFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'rank-bench')

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Where the cache of a file lives. @throws RankBenchError(data) when the file is absent */
function cachePath(path: string): string {
  const facts = statSync(path, { throwIfNoEntry: false })
  if (!facts) throw dataError(`${path}: no such file`)
  const state = JSON.stringify([resolve(path), facts.size, facts.mtimeMs, parserVersion])
  const name = `${basename(path)}.${createHash('sha256').update(state).digest('hex').slice(0, 16)}.arrow`
  const beside = dirname(path)
  return isWritable(beside) ? join(beside, '.rank-bench', name) : join(userCacheFolder(), 'letor', name)
}

/** Hashes what passes by, as if its line ends were LF. */
async function* hashed(
  chunks: AsyncIterable<Uint8Array>,
  hash: { update(data: Uint8Array | string): unknown },
): AsyncIterable<Uint8Array> {
  let pendingReturn = false
  for await (const chunk of chunks) {
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    if (!pendingReturn && !text.includes(13)) hash.update(text)
    else {
      const joined: Buffer = pendingReturn ? Buffer.concat([Buffer.of(13), text]) : text
      pendingReturn = joined.at(-1) === 13
      hash.update(
        Buffer.from(
          (pendingReturn ? joined.subarray(0, -1) : joined).toString('latin1').replaceAll('\r\n', '\n'),
          'latin1',
        ),
      )
    }
    yield chunk
  }
  if (pendingReturn) hash.update('\r')
}

async function parse(path: string, options: SvmlightOptions): Promise<CachedFile> {
  const hash = createHash('sha256')
  const data = await parseSvmlightChunks(hashed(readBytes(path), hash), path, options)
  return { data, sha256: hash.digest('hex') }
}

function readCache(path: string): CachedFile | undefined {
  try {
    const { data, facts } = decodeRankingData(readFileSync(path))
    const sha256 = facts.get('sha256')
    return sha256 === undefined ? undefined : { data, sha256 }
  } catch {
    return undefined
  }
}

function writeCache(path: string, { data, sha256 }: CachedFile): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    mkdirSync(dirname(path), { recursive: true })
  } catch {
    return
  }
  try {
    writeFileSync(temporary, encodeRankingData(data, { sha256 }))
    renameSync(temporary, path)
  } catch {
    rmSync(temporary, { force: true })
  }
}

/** A ranking file, from its cache where there is a whole one. @throws RankBenchError(data) as the parser does */
export async function loadFile(path: string, options: SvmlightOptions = {}): Promise<CachedFile> {
  const cache = cachePath(path)
  const cached = readCache(cache)
  if (cached) return cached
  const parsed = await parse(path, options)
  writeCache(cache, parsed)
  return parsed
}
