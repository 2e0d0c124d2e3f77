/** Finds ranking files under a path, as publishers lay them out. Looks at names only. */

import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { dataError } from '../../core/errors.ts'
import { printable } from '../../core/printable.ts'
import { onFile } from '../../files/problem.ts'
import { bare, plainFirst } from './file-names.ts'
import { type FoldFiles, setAt, setIn } from './split-names.ts'

export type Layout =
  /** S1..S5, to be rotated. */
  | { readonly kind: 'parts'; readonly files: readonly string[] }
  /** Fold1, Fold2, ... or one fold of train, vali and test. */
  | { readonly kind: 'folds'; readonly folds: readonly FoldFiles[] }
  /** One file, to be cut into parts. */
  | { readonly kind: 'file'; readonly file: string }

const facts = (path: string) => onFile(path, () => statSync(path, { throwIfNoEntry: false }))
const isFolder = (path: string): boolean => facts(path)?.isDirectory() ?? false
const isFile = (path: string): boolean => facts(path)?.isFile() ?? false

const entriesOf = (folder: string): string[] =>
  isFolder(folder) ? onFile(folder, () => readdirSync(folder)).sort() : []

const filesIn = (folder: string): string[] => entriesOf(folder).filter((name) => isFile(join(folder, name)))

/** A file of one of those stems, whatever its case, ending and packing. */
export function fileNamed(folder: string, stems: readonly string[]): string | undefined {
  const wanted = stems.map((stem) => stem.toLowerCase())
  const found = filesIn(folder).filter((name) => wanted.includes(bare(name).toLowerCase()))
  return found.length === 0 ? undefined : join(folder, found.sort(plainFirst)[0])
}

/** A subfolder of that name, whatever its case. */
export function folderNamed(folder: string, name: string): string | undefined {
  const found = entriesOf(folder).find(
    (each) => each.toLowerCase() === name.toLowerCase() && isFolder(join(folder, each)),
  )
  return found === undefined ? undefined : join(folder, found)
}

/** The numbers n of the names `<stem>n`, e.g. of Fold1 and Fold3. */
function numbersOf(names: readonly string[], stem: string): number[] {
  const numbers = names.flatMap((name) => {
    const match = new RegExp(`^${stem}([1-9]\\d?)$`, 'i').exec(name)
    return match ? [Number(match[1])] : []
  })
  return [...new Set(numbers)].sort((a, b) => a - b)
}

const partCount = 5

/** @throws RankBenchError(data) when there are more than five */
function partFiles(folder: string): Layout | undefined {
  const numbers = numbersOf(filesIn(folder).map(bare), 'S')
  if (numbers.length < partCount) return undefined
  if (numbers.length === partCount && numbers[partCount - 1] === partCount) {
    return { kind: 'parts', files: numbers.map((number) => fileNamed(folder, [`S${number}`])!) }
  }
  throw dataError(
    `${folder} holds ${numbers.map((number) => `S${number}`).join(', ')}; expected S1 to S5, which are rotated`,
    'move the others away',
  )
}

/** @throws RankBenchError(data) naming what a fold lacks */
function foldIn(folder: string, name: string): FoldFiles {
  const fold = setIn(filesIn(folder), folder, name)
  if (fold) return fold
  const held = filesIn(folder).slice(0, 5).map(printable).join(', ')
  throw dataError(`${folder} lacks a train or a test file; it holds ${held || 'no files'}`, 'copy the fold again')
}

/**
 * Fold1, Fold2, ... as far as they go.
 * @throws RankBenchError(data) where one is missing: a mean over the others would pass for the published one
 */
function foldFolders(folder: string): Layout | undefined {
  const numbers = numbersOf(
    entriesOf(folder).filter((name) => isFolder(join(folder, name))),
    'Fold',
  )
  if (numbers.length === 0) return undefined
  const missing = numbers.findIndex((number, i) => number !== i + 1)
  if (missing >= 0) {
    throw dataError(
      `${folder} holds ${numbers.map((number) => `Fold${number}`).join(', ')}, but no Fold${missing + 1}`,
      `add it, or name one fold: letor[path=${join(folder, `Fold${numbers[0]}`)}]`,
    )
  }
  return {
    kind: 'folds',
    folds: numbers.map((number) => foldIn(folderNamed(folder, `Fold${number}`)!, `fold${number}`)),
  }
}

function singleFold(folder: string): Layout | undefined {
  const fold = setIn(filesIn(folder), folder, 'fold1')
  return fold && { kind: 'folds', folds: [fold] }
}

/** `<folder>/set1` names the files set1.train.txt, set1.test.txt, ... of that folder. */
function namedSet(path: string): Layout | undefined {
  const folder = dirname(path)
  const fold = setAt(filesIn(folder), folder, basename(path), 'fold1')
  return fold && { kind: 'folds', folds: [fold] }
}

/** Archives nest: MQ2008/MQ2008, OHSUMED/QueryLevelNorm, OHSUMED/OHSUMED/QueryLevelNorm; Istella puts `sample` or `full` inside. */
const nested = ['MQ2008', 'MQ2007', 'OHSUMED', 'QueryLevelNorm', 'sample', 'full']

function nestedLayout(path: string, depth: number): Layout | undefined {
  const inside = nested.flatMap((name) => folderNamed(path, name) ?? [])
  const found = inside.flatMap((folder) => {
    const layout = findLayout(folder, depth - 1)
    return layout ? [{ folder, layout }] : []
  })
  if (found.length < 2) return found[0]?.layout
  throw dataError(
    `${path} holds several data sets: ${found.map(({ folder }) => basename(folder)).join(', ')}`,
    'name one of them',
  )
}

/**
 * The layout at a path, or in the nested folders publishers put around it. Undefined when there is none.
 * @throws RankBenchError(data) where files are missing, or more than one layout fits
 */
export function findLayout(path: string, depth = 2): Layout | undefined {
  if (isFile(path)) return { kind: 'file', file: path }
  if (!isFolder(path)) return namedSet(path)
  const here = partFiles(path) ?? foldFolders(path) ?? singleFold(path)
  if (here) return here
  return depth === 0 ? undefined : nestedLayout(path, depth)
}

/** S1..S5 of a layout; of five folds their test parts, as fold 1 tests S5, fold 2 S1, and so on. */
export function partsIn(layout: Layout | undefined): readonly string[] | undefined {
  if (layout?.kind === 'parts') return layout.files
  if (layout?.kind !== 'folds' || layout.folds.length !== partCount) return undefined
  return [1, 2, 3, 4, 0].map((fold) => layout.folds[fold].test)
}
