/** Bytes of catalogued files, held against their digests. */

import { createHash } from 'node:crypto'
import type { DataContext } from '../../core/dataset.ts'
import { dataError } from '../../core/errors.ts'
import { openUnpacked, readBytes } from '../../files/read-bytes.ts'
import { createTextDigest } from '../letor/text-digest.ts'
import type { FileEntry, FilesEntry } from './entry.ts'
import { requireFiles } from './find.ts'

interface ReadFile {
  readonly bytes: Buffer
  readonly sha256: string
}

async function gathered(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts)
}

function digestOf(bytes: Buffer, content: FilesEntry['content']): string {
  if (content === 'bytes') return createHash('sha256').update(bytes).digest('hex')
  const digest = createTextDigest()
  digest.update(bytes)
  return digest.hex()
}

/** A file without its packing, whatever its digest is. @throws RankBenchError(data) when it cannot be read */
export async function readUnpacked(path: string, content: FilesEntry['content']): Promise<ReadFile> {
  const chunks = content === 'text' ? readBytes(path) : (await openUnpacked(path)).chunks
  const bytes = await gathered(chunks)
  return { bytes, sha256: digestOf(bytes, content) }
}

async function readChecked(entry: FilesEntry, file: FileEntry, path: string): Promise<Buffer> {
  const { bytes, sha256 } = await readUnpacked(path, entry.content)
  if (sha256 === file.sha256) return bytes
  throw dataError(
    `${path} is not ${file.name} of ${entry.name}: SHA-256 ${sha256.slice(0, 12)}…, expected ${file.sha256.slice(0, 12)}…`,
    `rank-bench data verify ${entry.name}`,
  )
}

/**
 * Every file of a data set, in the order of its entry.
 * @throws RankBenchError(absent) when one is not here, RankBenchError(data) when one is another file
 */
export async function readFiles(entry: FilesEntry, { root }: Pick<DataContext, 'root'>): Promise<readonly Buffer[]> {
  const paths = requireFiles(entry, root)
  return Promise.all(entry.files.map((file, i) => readChecked(entry, file, paths[i])))
}

/** Digest of all files, each of which is checked. */
export async function digestOfFiles(entry: FilesEntry, context: Pick<DataContext, 'root'>): Promise<string> {
  await readFiles(entry, context)
  return createHash('sha256')
    .update(entry.files.map(({ sha256 }) => sha256).join())
    .digest('hex')
    .slice(0, 16)
}
