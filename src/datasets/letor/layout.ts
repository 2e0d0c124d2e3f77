/** Finds ranking files under a path, as publishers lay them out. Looks at names only. */

import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Part } from '../../core/dataset.ts'

export type FoldFiles = { readonly name: string } & Readonly<Record<Part, string>>

export type Layout =
  /** S1..S5, to be rotated. */
  | { readonly kind: 'parts'; readonly files: readonly string[] }
  /** Fold1, Fold2, ... or one fold of train, vali and test. */
  | { readonly kind: 'folds'; readonly folds: readonly FoldFiles[] }
  /** One file, to be cut into parts. */
  | { readonly kind: 'file'; readonly file: string }

/** Plain before packed: where both are there, it is the one a person can have edited. */
const extensions = ['.txt', '.txt.gz', '', '.gz', '.svm', '.svm.gz']

const stems: Readonly<Record<Part, readonly string[]>> = {
  train: ['train', 'trainingset'],
  validation: ['vali', 'valid', 'validation', 'validationset'],
  test: ['test', 'testset'],
}

const facts = (path: string) => statSync(path, { throwIfNoEntry: false })
const isFolder = (path: string): boolean => facts(path)?.isDirectory() ?? false
const isFile = (path: string): boolean => facts(path)?.isFile() ?? false

/** The entry whose lower-cased name comes first in `wanted`. */
function entryNamed(folder: string, wanted: readonly string[], is: (path: string) => boolean): string | undefined {
  if (!isFolder(folder)) return undefined
  const entries = readdirSync(folder).sort()
  for (const name of wanted) {
    const found = entries.find((each) => each.toLowerCase() === name.toLowerCase() && is(join(folder, each)))
    if (found !== undefined) return join(folder, found)
  }
  return undefined
}

/** A file of one of those stems, whatever its case and extension. */
export const fileNamed = (folder: string, names: readonly string[]): string | undefined =>
  entryNamed(
    folder,
    names.flatMap((stem) => extensions.map((extension) => `${stem}${extension}`)),
    isFile,
  )

/** A subfolder of that name, whatever its case. */
export const folderNamed = (folder: string, name: string): string | undefined => entryNamed(folder, [name], isFolder)

const partNames = ['S1', 'S2', 'S3', 'S4', 'S5']

function partFiles(folder: string): Layout | undefined {
  const files = partNames.flatMap((name) => fileNamed(folder, [name]) ?? [])
  return files.length === partNames.length ? { kind: 'parts', files } : undefined
}

function foldIn(folder: string, name: string): FoldFiles | undefined {
  const [train, validation, test] = [stems.train, stems.validation, stems.test].map((each) => fileNamed(folder, each))
  return train && validation && test ? { name, train, validation, test } : undefined
}

/** Fold1, Fold2, ... as far as they go; undefined when one of them lacks a file. */
function foldFolders(folder: string): Layout | undefined {
  const folds: FoldFiles[] = []
  for (let i = 1; ; i++) {
    const inside = folderNamed(folder, `Fold${i}`)
    if (inside === undefined) return folds.length > 0 ? { kind: 'folds', folds } : undefined
    const fold = foldIn(inside, `fold${i}`)
    if (fold === undefined) return undefined
    folds.push(fold)
  }
}

function singleFold(folder: string): Layout | undefined {
  const fold = foldIn(folder, 'fold1')
  return fold && { kind: 'folds', folds: [fold] }
}

/** Archives nest: MQ2008/MQ2008, OHSUMED/QueryLevelNorm, OHSUMED/OHSUMED/QueryLevelNorm. */
const nested = ['MQ2008', 'OHSUMED', 'QueryLevelNorm']

/** The layout at a path, or in the nested folders publishers put around it. Undefined when there is none. */
export function findLayout(path: string, depth = 2): Layout | undefined {
  if (isFile(path)) return { kind: 'file', file: path }
  const here = partFiles(path) ?? foldFolders(path) ?? singleFold(path)
  if (here || depth === 0) return here
  for (const name of nested) {
    const inside = folderNamed(path, name)
    const found = inside && findLayout(inside, depth - 1)
    if (found) return found
  }
  return undefined
}

/** S1..S5 of a layout; of five folds their test parts, as fold 1 tests S5, fold 2 S1, and so on. */
export function partsIn(layout: Layout | undefined): readonly string[] | undefined {
  if (layout?.kind === 'parts') return layout.files
  if (layout?.kind !== 'folds' || layout.folds.length !== partNames.length) return undefined
  return [1, 2, 3, 4, 0].map((fold) => layout.folds[fold].test)
}
