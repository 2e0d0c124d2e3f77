/** Checking files of a catalogued data set, and putting them below the data root. */

import { copyFileSync, mkdirSync, renameSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { dataError } from '../../core/errors.ts'
import { writeWhole } from '../../files/write.ts'
import { discard } from '../letor/discard.ts'
import type { FileEntry, FilesEntry } from './entry.ts'
import { filesIn, folderOf, packedFile, requireFiles } from './find.ts'
import { readUnpacked } from './read.ts'

export interface FileCheck {
  readonly expected: FileEntry
  readonly path: string
  readonly found: { readonly bytes: number; readonly sha256: string }
  readonly right: boolean
}

async function check(entry: FilesEntry, expected: FileEntry, path: string): Promise<FileCheck> {
  const { bytes, sha256 } = await readUnpacked(path, entry.content)
  return { expected, path, found: { bytes: bytes.length, sha256 }, right: sha256 === expected.sha256 }
}

const checkAll = (entry: FilesEntry, paths: readonly string[]): Promise<FileCheck[]> =>
  Promise.all(entry.files.map((file, i) => check(entry, file, paths[i])))

/** @throws RankBenchError(absent) when it is not here, RankBenchError(data) when a file cannot be read */
export const verifyFiles = async (entry: FilesEntry, root: string | undefined): Promise<FileCheck[]> =>
  checkAll(entry, requireFiles(entry, root))

/** `✓ iris.csv: 150 rows, ...`, or `✗` with what was expected. */
export function describeFileCheck({ expected, path, found, right }: FileCheck): string {
  if (right) return `✓ ${expected.name}: ${expected.holds}, SHA-256 ${found.sha256.slice(0, 12)}…`
  return `✗ ${expected.name} (${path}): ${found.bytes} bytes, SHA-256 ${found.sha256.slice(0, 12)}…; expected ${expected.holds}, SHA-256 ${expected.sha256.slice(0, 12)}…`
}

const endingOf = (path: string, name: string): string => basename(path).slice(name.length)

/** Copies each file whole or not at all. @throws RankBenchError(data) when the folder cannot be written */
function place(entry: FilesEntry, paths: readonly string[], target: string): void {
  const moves = entry.files.map(({ name }, i) => ({
    from: paths[i],
    temporary: join(target, `.${name}.${process.pid}.tmp`),
    to: join(target, `${name}${endingOf(paths[i], name)}`),
  }))
  for (const { to } of moves) refuseSecond(target, to)
  try {
    mkdirSync(target, { recursive: true })
    for (const { from, temporary } of moves) copyFileSync(from, temporary)
    for (const { from, temporary, to } of moves) if (resolve(from) !== resolve(to)) renameSync(temporary, to)
  } catch (cause) {
    throw dataError(`${target} cannot be written: ${(cause as Error).message}`, 'name another root with --data')
  } finally {
    for (const { temporary } of moves) discard(temporary)
  }
}

/** iris.csv beside iris.csv.gz would leave it to chance which one is read. */
function refuseSecond(target: string, to: string): void {
  const name = basename(to).replace(/\.(gz|bz2|xz|zst)$/, '')
  const there = packedFile(target, name)
  if (there === undefined || basename(there) === basename(to)) return
  throw dataError(`${there} is already there and would stand beside ${basename(to)}`, `remove ${there} first`)
}

/**
 * Puts a single file where `addFiles` looks for it.
 * @throws RankBenchError(data) where the data set has more files than one
 */
export const singleFile =
  ({ name, files, obtain }: FilesEntry, source: string) =>
  (content: Buffer, folder: string): void => {
    if (files.length > 1) throw dataError(`${source} is one file; ${name} has ${files.length}`, `expected ${obtain}`)
    writeWhole(join(folder, files[0].name), content)
  }

/**
 * Checks the files in a folder and copies them below the root.
 * @returns the folder they now are in
 * @throws RankBenchError(data) when they are others (nothing is then copied)
 */
export async function addFiles(entry: FilesEntry, folder: string, source: string, root: string): Promise<string> {
  const paths = filesIn(entry, folder) ?? filesIn(entry, folderOf(entry, folder))
  if (!paths) {
    throw dataError(
      `${source} does not hold ${entry.files.map(({ name }) => name).join(', ')} of ${entry.name}`,
      `expected ${entry.obtain}; ${entry.home}`,
    )
  }
  const wrong = (await checkAll(entry, paths)).filter(({ right }) => !right)
  if (wrong.length > 0) {
    const lines = wrong.map((each) => `\n  ${describeFileCheck(each)}`).join('')
    throw dataError(`${source} is not ${entry.name}:${lines}`, 'nothing was copied')
  }
  const target = folderOf(entry, root) ?? join(root, entry.folder)
  place(entry, paths, target)
  return target
}
