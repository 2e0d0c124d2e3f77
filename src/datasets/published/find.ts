/** Files of a catalogued data set on this machine. */

import { statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { absentError } from '../../core/errors.ts'
import { folderNamed } from '../letor/layout.ts'
import type { FilesEntry } from './entry.ts'

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false

const packings = ['', '.gz', '.bz2', '.xz', '.zst']

/** A file, plain or packed; undefined where it is not. */
export const packedFile = (folder: string, name: string): string | undefined =>
  packings.map((ending) => join(folder, `${name}${ending}`)).find(isFile)

/** Where a root keeps the data set: its folder, or the root itself where that is called so. */
export function folderOf({ folder }: FilesEntry, root: string | undefined): string | undefined {
  if (root === undefined) return undefined
  return folderNamed(root, folder) ?? (basename(root).toLowerCase() === folder ? root : undefined)
}

/** Paths of all files, in order; undefined unless each is there. */
export function filesIn(entry: FilesEntry, folder: string | undefined): readonly string[] | undefined {
  if (folder === undefined) return undefined
  const paths = entry.files.map(({ name }) => packedFile(folder, name))
  return paths.every((path) => path !== undefined) ? (paths as string[]) : undefined
}

/** @throws RankBenchError(absent) with its licence, where to put it, and how to go on without */
export function requireFiles(entry: FilesEntry, root: string | undefined): readonly string[] {
  const found = filesIn(entry, folderOf(entry, root))
  if (found) return found
  const names = entry.files.map(({ name }) => name).join(', ')
  const where =
    root === undefined
      ? 'no data root is set (--data or RANK_BENCH_DATA)'
      : `${root} has no folder ${entry.folder} with ${names}`
  throw absentError(
    `${entry.name} is not on this machine: ${where}; licence: ${entry.licence}`,
    `get it from ${entry.home}, then rank-bench data add ${entry.name} <folder or archive>, or put it into ` +
      `${root ?? '<data root>'}/${entry.folder} and rank-bench data verify ${entry.name}; without it: -d ${entry.without}`,
  )
}
