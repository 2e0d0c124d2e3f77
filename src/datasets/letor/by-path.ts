/**
 * Any LETOR/SVMlight files, named by their path: S1..S5 are rotated, folds taken as they are, and a single file is cut
 * into five runs of lists which are rotated too.
 */

import type { Fold, RankingData, RankingDataset } from '../../core/dataset.ts'
import { dataError, usageError } from '../../core/errors.ts'
import type { Params } from '../../core/params.ts'
import { widened } from '../concatenate.ts'
import { foldNamed, foldOf, turnsOf } from '../rotation.ts'
import { sliceEvenly } from '../slice.ts'
import { loadFile } from './cache.ts'
import { rotation } from './catalogue.ts'
import { digestOf } from './dataset.ts'
import { findLayout, type Layout } from './layout.ts'

const cuts = 5

/** @throws RankBenchError(usage) without a path, RankBenchError(data) when there is none of the known layouts */
function layoutAt({ path }: Params): Layout {
  const hint = "name it: -d 'letor[path=<folder or file>]'"
  if (path === '') throw usageError('letor needs a path', hint)
  const layout = findLayout(String(path))
  if (layout) return layout
  throw dataError(`${path} holds no S1..S5, no Fold1..Fold5 and no train, vali and test files, and is not a file`, hint)
}

/** Files a layout is read from, each once, in the order they first appear. */
function filesOf(layout: Layout): readonly string[] {
  if (layout.kind === 'parts') return layout.files
  if (layout.kind === 'file') return [layout.file]
  return layout.folds.flatMap((fold) => [fold.train, fold.validation, fold.test])
}

const loadAll = async (paths: readonly string[]): Promise<RankingData[]> =>
  (await Promise.all(paths.map((path) => loadFile(path)))).map((file) => file.data)

async function cutFile(path: string): Promise<RankingData[]> {
  const { data } = await loadFile(path)
  const lists = data.queries.length
  if (lists >= cuts) return sliceEvenly(data, cuts)
  throw dataError(`${path} holds ${lists} lists; expected at least ${cuts}, to cut it into train, validation and test`)
}

async function loadFold(layout: Layout, name: string, owner: string): Promise<Fold> {
  if (layout.kind === 'parts') {
    const turn = foldNamed(rotation, name, owner)
    return foldOf(await loadAll(layout.files), turn)
  }
  if (layout.kind === 'file') {
    const turn = foldNamed(turnsOf(cuts), name, owner)
    return foldOf(await cutFile(layout.file), turn)
  }
  const files = foldNamed(layout.folds, name, owner)
  const [train, validation, test] = widened(await loadAll([files.train, files.validation, files.test]))
  return { train, validation, test }
}

/** `letor[path=...]`. */
export const letorByPath: RankingDataset = {
  kind: 'ranking',
  name: 'letor',
  title: 'any LETOR/SVMlight files: S1..S5, Fold1..Fold5, train, vali and test, or one file',
  licence: 'as its publisher says',
  citation: '',
  params: { path: { kind: 'text', default: '', meaning: 'the folder or file' } },
  folds(params) {
    const layout = layoutAt(params)
    if (layout.kind === 'folds') return layout.folds.map((fold) => fold.name)
    return turnsOf(cuts).map((turn) => turn.name)
  },
  async digest(params) {
    const layout = layoutAt(params)
    const paths = [...new Set(filesOf(layout))]
    const digests = await Promise.all(paths.map(async (path) => (await loadFile(path)).sha256))
    return digestOf(layout.kind === 'file' ? [`cut into ${cuts}`, ...digests] : digests)
  },
  load: (fold, params) => loadFold(layoutAt(params), fold, `letor[path=${params.path}]`),
}
