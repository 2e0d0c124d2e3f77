/**
 * What `data add` is given, as a folder: archives are unpacked into a temporary one, and a single file of all lists is cut into
 * its parts. What a file is, its first bytes say.
 */

import { statSync } from 'node:fs'
import { join } from 'node:path'
import { dataError, RankBenchError } from '../../core/errors.ts'
import { extract } from '../../files/extract.ts'
import { onFile } from '../../files/problem.ts'
import { fileLabel, openUnpacked, standardInput } from '../../files/read-bytes.ts'
import { tarMembers } from '../../files/tar.ts'
import { withTemporaryFolder } from '../../files/temporary.ts'
import { writeWhole } from '../../files/write.ts'
import { zipMembers } from '../../files/zip.ts'
import type { CatalogueEntry } from './catalogue.ts'

/** The largest data set of the catalogue has some 30 MB as published. */
const limits = { bytes: 2 ** 31, members: 10_000 }

/** Bytes after the line break that ends each part, by the parts' numbers of lines. */
function cutPoints(text: Buffer, entry: CatalogueEntry): number[] {
  let at = 0
  return entry.parts.map(({ documents }) => {
    for (let line = 0; line < documents; line++) {
      const end = text.indexOf(10, at)
      at = end < 0 ? text.length : end + 1
    }
    return at
  })
}

async function gathered(chunks: AsyncIterable<Uint8Array>, label: string): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    parts.push(chunk)
    bytes += chunk.length
    if (bytes > limits.bytes / 8) {
      throw dataError(`${label} has more than ${limits.bytes / 2 ** 23} MiB of text, far more than the data set`)
    }
  }
  return Buffer.concat(parts)
}

/** S1..S5 from one file that holds them one after another, as LETOR's Querylevelnorm.txt does. */
export function cutIntoParts(text: Buffer, entry: CatalogueEntry, folder: string): void {
  const ends = cutPoints(text, entry)
  // Lines beyond the last part would vanish: keep them with it, where its digest shows them.
  ends[ends.length - 1] = text.length
  entry.parts.forEach(({ name }, i) => {
    writeWhole(join(folder, `${name}.txt`), text.subarray(i === 0 ? 0 : ends[i - 1], ends[i]))
  })
}

/** Writes into the folder what a single file of text holds. */
type Cut = (text: Buffer, folder: string) => void

async function unpackInto(folder: string, source: string, cut: Cut): Promise<void> {
  const label = fileLabel(source)
  const { kind, chunks } = await openUnpacked(source)
  switch (kind.kind) {
    case 'text':
      return cut(await gathered(chunks, label), folder)
    case 'tar':
      return extract(tarMembers(chunks), folder, label, limits)
    case 'zip':
      if (source === standardInput || !statSync(source).isFile()) {
        throw dataError(`${label} is a zip archive, which cannot be read from a pipe`, 'save it to a file first')
      }
      return extract(zipMembers(source), folder, label, limits)
    case 'other':
      throw dataError(`${label} is ${kind.what}`, kind.hint)
  }
}

/** Files are called as the user knows them: by their archive, not by where it was unpacked. */
function renamed(error: unknown, folder: string, source: string): unknown {
  if (!(error instanceof RankBenchError)) return error
  const message = error.message.replaceAll(`${folder}/`, `${fileLabel(source)}: `).replaceAll(folder, fileLabel(source))
  return new RankBenchError(error.kind, message, { ...(error.hint ? { hint: error.hint } : {}), cause: error })
}

/**
 * Calls `use` with a folder that holds what `source` is, by `cut` where that is a single file; a temporary folder is removed afterwards, also at an interrupt.
 * @throws RankBenchError(data) when there is no such source, or it cannot be unpacked here
 */
export async function withFolder<T>(
  source: string,
  entry: Pick<CatalogueEntry, 'obtain' | 'home'>,
  cut: Cut,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const isFolder =
    source !== standardInput && onFile(source, () => statSync(source).isDirectory(), `${entry.obtain}; ${entry.home}`)
  if (isFolder) return use(source)
  return withTemporaryFolder(async (folder) => {
    try {
      await unpackInto(folder, source, cut)
      return await use(folder)
    } catch (error) {
      throw renamed(error, folder, source)
    }
  })
}
