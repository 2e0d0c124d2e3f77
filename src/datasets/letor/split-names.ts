/** Train, validation and test files of one set, by their names: train.txt, set1.valid.txt, rank.test, dev.svm.gz. */

import { join } from 'node:path'
import type { Part } from '../../core/dataset.ts'
import { dataError } from '../../core/errors.ts'
import { bare, plainFirst, unpackedName } from './file-names.ts'

export interface FoldFiles {
  readonly name: string
  readonly train: string
  /** Undefined where the publisher ships none. */
  readonly validation: string | undefined
  readonly test: string
}

const stems: Readonly<Record<Part, string>> = {
  train: 'train|training|trainingset',
  validation: 'vali|valid|validation|validationset|dev',
  test: 'test|testset',
}

const pattern = (stem: string): RegExp => new RegExp(`^(?:(.+)[._-])?(?:${stem})$`, 'i')
const patterns = (Object.entries(stems) as [Part, string][]).map(([part, stem]) => ({ part, pattern: pattern(stem) }))

interface SplitName {
  readonly name: string
  readonly set: string
  readonly part: Part
}

function splitName(name: string): SplitName[] {
  for (const { part, pattern } of patterns) {
    const match = pattern.exec(bare(name))
    if (match) return [{ name, set: (match[1] ?? '').toLowerCase(), part }]
  }
  return []
}

/** The file of one part; a packed copy may stand beside it. @throws RankBenchError(data) when two could be meant */
function fileOf(names: readonly SplitName[], folder: string, part: Part): string | undefined {
  const found = names.filter((each) => each.part === part).map(({ name }) => name)
  if (found.length === 0) return undefined
  const plain = new Set(found.map((name) => unpackedName(name)))
  if (plain.size === 1) return join(folder, found.sort(plainFirst)[0])
  throw dataError(`${folder} holds ${found.join(' and ')}; expected one ${part} file`, 'move the others away')
}

function filesOf(names: readonly SplitName[], folder: string, name: string): FoldFiles | undefined {
  const [train, validation, test] = (['train', 'validation', 'test'] as const).map((part) =>
    fileOf(names, folder, part),
  )
  return train && test ? { name, train, validation, test } : undefined
}

const isWhole = (names: readonly SplitName[]): boolean =>
  (['train', 'test'] as const).every((part) => names.some((each) => each.part === part))

function bySet(files: readonly string[]): Map<string, SplitName[]> {
  const sets = new Map<string, SplitName[]>()
  for (const each of files.flatMap(splitName)) sets.set(each.set, [...(sets.get(each.set) ?? []), each])
  return new Map([...sets].filter(([, names]) => isWhole(names)))
}

/** Names of the sets that have a train and a test file. */
const setNames = (files: readonly string[]): string[] => [...bySet(files).keys()]

/** The set of that name. */
export function setAt(files: readonly string[], folder: string, set: string, name: string): FoldFiles | undefined {
  const names = bySet(files).get(set.toLowerCase())
  return names && filesOf(names, folder, name)
}

/** The one set of a folder. @throws RankBenchError(data) when there are several and none is without a name */
export function setIn(files: readonly string[], folder: string, name: string): FoldFiles | undefined {
  const sets = setNames(files)
  if (sets.includes('')) return setAt(files, folder, '', name)
  if (sets.length < 2) return sets.length === 0 ? undefined : setAt(files, folder, sets[0], name)
  throw dataError(
    `${folder} holds several data sets: ${sets.join(', ')}`,
    `name one: letor[path=${join(folder, sets[0])}]`,
  )
}
