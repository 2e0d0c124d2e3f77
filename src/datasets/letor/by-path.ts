/**
 * Any LETOR/SVMlight files, named by their path: S1..S5 are rotated, folds taken as they are, and a single file is cut
 * into five runs of lists which are rotated too.
 */

import type { Fold, RankingData, RankingDataset } from '../../core/dataset.ts'
import { dataError, usageError } from '../../core/errors.ts'
import type { Params } from '../../core/params.ts'
import { printable } from '../../core/printable.ts'
import { type LoadedFile, loadFile } from './cache.ts'
import { rotation } from './catalogue.ts'
import { concatenate, widened } from './concatenate.ts'
import { digestOf } from './dataset.ts'
import { findLayout, type Layout } from './layout.ts'
import { foldNamed, foldOf, turnsOf } from './rotation.ts'
import { sliceEvenly } from './slice.ts'
import type { FoldFiles } from './split-names.ts'

const cuts = 5

/** @throws RankBenchError(usage) without a path, RankBenchError(data) when there is none of the known layouts */
function layoutAt({ path }: Params): Layout {
  const hint = "name it: -d 'letor[path=<folder or file>]'"
  if (path === '') throw usageError('letor needs a path', hint)
  const layout = findLayout(String(path))
  if (layout) return layout
  throw dataError(
    `${printable(String(path))} holds no S1..S5, no Fold1..Fold5 and no train and test files, and is not a file`,
    hint,
  )
}

/** Files a layout is read from, each once, in the order they first appear. */
function filesOf(layout: Layout): readonly string[] {
  if (layout.kind === 'parts') return layout.files
  if (layout.kind === 'file') return [layout.file]
  return layout.folds.flatMap(({ train, validation, test }) => [train, ...(validation ? [validation] : []), test])
}

const load = (path: string, params: Params): Promise<LoadedFile> =>
  loadFile(path, params['zero-based'] === true ? { zeroBased: true } : {})

const loadAll = async (paths: readonly string[], params: Params): Promise<RankingData[]> =>
  (await Promise.all(paths.map((path) => load(path, params)))).map((file) => file.data)

/** @throws RankBenchError(data) when there are too few lists to cut */
function cutLists(data: RankingData, path: string, into: string): RankingData[] {
  const lists = data.queries.length
  if (lists >= cuts) return sliceEvenly(data, cuts)
  throw dataError(`${path} holds ${lists} lists; expected at least ${cuts}, to cut it into ${into}`)
}

/** Where no validation file is published, the last fifth of the training lists validates. */
async function loadSplit({ train, validation, test }: FoldFiles, params: Params): Promise<Fold> {
  if (validation !== undefined) {
    const [first, second, third] = widened(await loadAll([train, validation, test], params))
    return { train: first, validation: second, test: third }
  }
  const [whole, tested] = widened(await loadAll([train, test], params))
  const runs = cutLists(whole, train, 'train and validation')
  return { train: concatenate(runs.slice(0, -1)), validation: runs[cuts - 1], test: tested }
}

async function loadFold(layout: Layout, name: string, params: Params): Promise<Fold> {
  const owner = `letor[path=${params.path}]`
  if (layout.kind === 'parts') {
    const turn = foldNamed(rotation, name, owner)
    return foldOf(await loadAll(layout.files, params), turn)
  }
  if (layout.kind === 'file') {
    const turn = foldNamed(turnsOf(cuts), name, owner)
    const { data } = await load(layout.file, params)
    return foldOf(cutLists(data, layout.file, 'train, validation and test'), turn)
  }
  return loadSplit(foldNamed(layout.folds, name, owner), params)
}

/** What two files of one fold being equal means for the numbers. */
async function foldNotes({ name, train, validation, test }: FoldFiles, params: Params): Promise<string[]> {
  const digest = async (path: string | undefined) =>
    path === undefined ? undefined : (await load(path, params)).sha256
  const [trained, validated, tested] = await Promise.all([train, validation, test].map(digest))
  return [
    ...(validation === undefined
      ? [`${name}: no validation file; the last fifth of the lists of ${train} validates`]
      : []),
    ...(trained === tested ? [`${name}: ${train} and ${test} hold the same text: what is tested was trained on`] : []),
    ...(validated === tested
      ? [`${name}: ${validation} and ${test} hold the same text: what is tested was selected on`]
      : []),
    ...(trained === validated ? [`${name}: ${train} and ${validation} hold the same text`] : []),
  ]
}

async function notesOf(params: Params): Promise<string[]> {
  const layout = layoutAt(params)
  const files = await loadAll([...new Set(filesOf(layout))], params)
  const folds = layout.kind === 'folds' ? layout.folds : []
  const notes = await Promise.all(folds.map((fold) => foldNotes(fold, params)))
  return [...files.flatMap((file) => file.notes ?? []), ...notes.flat()]
}

/** `letor[path=...]`. */
export const letorByPath: RankingDataset = {
  kind: 'ranking',
  name: 'letor',
  title: 'any LETOR/SVMlight files: S1..S5, Fold1..Fold5, train and test with or without vali, or one file',
  licence: 'as its publisher says',
  citation: '',
  params: {
    path: { kind: 'text', default: '', meaning: 'the folder or file; of several sets in a folder, <folder>/<set>' },
    'zero-based': { kind: 'flag', default: false, meaning: 'the files number their features from 0' },
  },
  folds(params) {
    const layout = layoutAt(params)
    if (layout.kind === 'folds') return layout.folds.map((fold) => fold.name)
    return turnsOf(cuts).map((turn) => turn.name)
  },
  async digest(params) {
    const layout = layoutAt(params)
    const paths = [...new Set(filesOf(layout))]
    const digests = await Promise.all(paths.map(async (path) => (await load(path, params)).sha256))
    const read = params['zero-based'] === true ? ['features from 0'] : []
    return digestOf([...(layout.kind === 'file' ? [`cut into ${cuts}`] : []), ...read, ...digests])
  },
  load: (fold, params) => loadFold(layoutAt(params), fold, params),
  notes: notesOf,
}
