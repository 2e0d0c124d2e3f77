/**
 * What `data add` is given, as a folder: archives are unpacked into a temporary one by the programs the system has
 * (tar, unzip), and a single file of all lists is cut into its parts. rank-bench unpacks no archive format itself.
 */

import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { dataError } from '../../core/errors.ts'
import { readBytes } from '../../files/read-bytes.ts'
import type { CatalogueEntry } from './catalogue.ts'

interface Unpacker {
  readonly ending: RegExp
  readonly program: string
  readonly flags: (archive: string, folder: string) => readonly string[]
}

const unpackers: readonly Unpacker[] = [
  { ending: /\.(tar|tar\.gz|tgz)$/i, program: 'tar', flags: (archive, folder) => ['-xf', archive, '-C', folder] },
  { ending: /\.zip$/i, program: 'unzip', flags: (archive, folder) => ['-q', archive, '-d', folder] },
]

async function unpack({ program, flags }: Unpacker, archive: string, folder: string): Promise<void> {
  try {
    await promisify(execFile)(program, [...flags(archive, folder)])
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw dataError(
      code === 'ENOENT'
        ? `${archive} is unpacked by the program ${program}, which is not installed`
        : `${program} cannot unpack ${archive}: ${message.trim().split('\n').at(-1)}`,
      'unpack it by hand and name the folder',
    )
  }
}

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

/** S1..S5 from one file that holds them one after another, as LETOR's Querylevelnorm.txt does. */
async function cutIntoParts(path: string, entry: CatalogueEntry, folder: string): Promise<void> {
  const chunks: Uint8Array[] = []
  for await (const chunk of readBytes(path)) chunks.push(chunk)
  const text = Buffer.concat(chunks)
  const ends = cutPoints(text, entry)
  // Lines beyond the last part would vanish: keep them with it, where its digest shows them.
  ends[ends.length - 1] = text.length
  entry.parts.forEach(({ name }, i) => {
    writeFileSync(join(folder, `${name}.txt`), text.subarray(i === 0 ? 0 : ends[i - 1], ends[i]))
  })
}

/**
 * Calls `use` with a folder that holds what `source` is; a temporary folder is removed afterwards.
 * @throws RankBenchError(data) when there is no such source, or it cannot be unpacked here
 */
export async function withFolder<T>(
  source: string,
  entry: CatalogueEntry,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  if (!existsSync(source)) throw dataError(`${source}: no such file or folder`, `${entry.obtain}; ${entry.home}`)
  if (statSync(source).isDirectory()) return use(source)
  if (/\.(rar|7z)$/i.test(source)) {
    throw dataError(`${source}: this archive format is not read`, `unpack it (7z x ${source}) and name the folder`)
  }
  const folder = mkdtempSync(join(tmpdir(), 'rank-bench-add-'))
  try {
    const unpacker = unpackers.find(({ ending }) => ending.test(source))
    if (unpacker) await unpack(unpacker, resolve(source), folder)
    else await cutIntoParts(source, entry, folder)
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
