/** Finds ranking files under a folder, as publishers lay them out. Looks at names only. */

import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Part } from '../../core/dataset.ts'
import { rotation } from './catalogue.ts'

/** The files of each part, to be read one after another. */
export type FoldFiles = { readonly name: string } & Readonly<Record<Part, readonly string[]>>

const extensions = ['.txt', '.txt.gz', '', '.gz', '.svm', '.svm.gz']

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** A file of that stem in a folder, whatever its case and extension. */
function fileNamed(folder: string, stem: string): string | undefined {
  const wanted = new Set(extensions.map((extension) => `${stem}${extension}`.toLowerCase()))
  const name = isFolder(folder) ? readdirSync(folder).find((each) => wanted.has(each.toLowerCase())) : undefined
  return name === undefined ? undefined : join(folder, name)
}

/** A subfolder of that name, whatever its case. */
export function folderNamed(folder: string, name: string): string | undefined {
  if (!isFolder(folder)) return undefined
  const found = readdirSync(folder).find(
    (each) => each.toLowerCase() === name.toLowerCase() && isFolder(join(folder, each)),
  )
  return found === undefined ? undefined : join(folder, found)
}

const all = <T>(items: readonly (T | undefined)[]): T[] | undefined =>
  items.every((item) => item !== undefined) ? (items as T[]) : undefined

/** S1..S5. */
const partFiles = (folder: string): string[] | undefined => all([1, 2, 3, 4, 5].map((i) => fileNamed(folder, `S${i}`)))

function foldFolder(folder: string, name: string): FoldFiles | undefined {
  const files = all([
    fileNamed(folder, 'train'),
    fileNamed(folder, 'vali') ?? fileNamed(folder, 'valid'),
    fileNamed(folder, 'test'),
  ])
  return files && { name, train: [files[0]], validation: [files[1]], test: [files[2]] }
}

function foldFolders(folder: string): FoldFiles[] | undefined {
  return all(
    [1, 2, 3, 4, 5].map((i) => {
      const inside = folderNamed(folder, `Fold${i}`)
      return inside === undefined ? undefined : foldFolder(inside, `fold${i}`)
    }),
  )
}

/** Archives nest: MQ2008/MQ2008, OHSUMED/QueryLevelNorm. */
const candidates = (folder: string): string[] => [
  folder,
  ...['QueryLevelNorm', 'OHSUMED', 'MQ2008'].flatMap((name) => folderNamed(folder, name) ?? []),
  ...['OHSUMED', 'MQ2008'].flatMap((name) => {
    const outer = folderNamed(folder, name)
    return (outer && folderNamed(outer, 'QueryLevelNorm')) ?? []
  }),
]

const first = <T>(folders: readonly string[], find: (folder: string) => T | undefined): T | undefined => {
  for (const folder of folders) {
    const found = find(folder)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * S1..S5 of a known data set, also from its folds: the test part of fold 1 is S5, of fold 2 S1, and so on.
 * Undefined when neither layout is there.
 */
export function findParts(folder: string): string[] | undefined {
  const fromFolds = (each: string) => {
    const folds = foldFolders(each)
    return folds && [1, 2, 3, 4, 0].map((fold) => folds[fold].test[0])
  }
  return first(candidates(folder), (each) => partFiles(each) ?? fromFolds(each))
}

/** Folds by the official rotation of five parts. */
export const rotate = (parts: readonly string[]): FoldFiles[] =>
  rotation.map((fold) => ({
    name: fold.name,
    train: fold.train.map((i) => parts[i]),
    validation: fold.validation.map((i) => parts[i]),
    test: fold.test.map((i) => parts[i]),
  }))

/** Folds of any folder: S1..S5 rotated, Fold1..Fold5 as they are, or one fold of train, vali and test. */
export function findFolds(folder: string): FoldFiles[] | undefined {
  if (!existsSync(folder)) return undefined
  return first(candidates(folder), (each) => {
    const parts = partFiles(each)
    if (parts) return rotate(parts)
    const folds = foldFolders(each)
    if (folds) return folds
    const single = foldFolder(each, 'fold1')
    return single && [single]
  })
}
