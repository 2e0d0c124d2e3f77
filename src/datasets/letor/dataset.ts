/** LETOR data sets: the catalogued ones, checked against their digests, and any folder by path. */

import { createHash } from 'node:crypto'
import type { DataContext, Fold, RankingData, RankingDataset } from '../../core/dataset.ts'
import { absentError, dataError } from '../../core/errors.ts'
import type { Params } from '../../core/params.ts'
import { concatenate } from '../concatenate.ts'
import { type CachedFile, loadFile } from './cache.ts'
import { type CatalogueEntry, catalogue, rotation } from './catalogue.ts'
import { type FoldFiles, findFolds, findParts, folderNamed } from './layout.ts'

/** Folder of a catalogued data set under a root; the root itself may be it. */
export function datasetFolder(entry: CatalogueEntry, root: string | undefined): string | undefined {
  if (root === undefined) return undefined
  return folderNamed(root, entry.folder) ?? folderNamed(root, entry.name.split(':')[1])
}

/** S1..S5 on this machine. @throws RankBenchError(absent) that says where to put them and how to go on without */
export function partsOf(entry: CatalogueEntry, root: string | undefined): string[] {
  const folder = datasetFolder(entry, root)
  const parts = folder === undefined ? undefined : findParts(folder)
  if (parts) return parts
  const where =
    root === undefined
      ? 'no data root is set (--data or RANK_BENCH_DATA)'
      : `${root} has no folder ${entry.folder} with S1..S5 or Fold1..Fold5`
  throw absentError(
    `${entry.name} is not on this machine: ${where}; licence: ${entry.licence}`,
    `rank-bench data add ${entry.name} <folder as its publisher ships it>; to run without it: -d synthetic-letor`,
  )
}

/** Each part, with its digest checked. @throws RankBenchError(data) naming the part that is another file */
async function checkedParts(entry: CatalogueEntry, root: string | undefined): Promise<CachedFile[]> {
  const paths = partsOf(entry, root)
  const files = await Promise.all(paths.map((path) => loadFile(path, { width: entry.width })))
  files.forEach(({ sha256 }, i) => {
    const expected = entry.parts[i].sha256
    if (sha256 !== expected) {
      throw dataError(
        `${paths[i]} is not ${entry.parts[i].name} of ${entry.name}: SHA-256 ${sha256.slice(0, 12)}…, expected ${expected.slice(0, 12)}…`,
        `rank-bench data verify ${entry.name}`,
      )
    }
  })
  return files
}

const digestOf = (texts: readonly string[]): string =>
  createHash('sha256').update(texts.join()).digest('hex').slice(0, 16)

function catalogued(entry: CatalogueEntry): RankingDataset {
  const { name, title, licence, citation } = entry
  return {
    kind: 'ranking',
    name,
    title,
    licence,
    citation,
    params: {},
    folds: () => rotation.map((fold) => fold.name),
    digest: async (_params, { root }) => digestOf((await checkedParts(entry, root)).map((file) => file.sha256)),
    async load(fold, _params, { root }) {
      const parts = (await checkedParts(entry, root)).map((file) => file.data)
      const turn = rotation.find((each) => each.name === fold)!
      const pick = (indices: readonly number[]): RankingData => concatenate(indices.map((i) => parts[i]))
      return { train: pick(turn.train), validation: pick(turn.validation), test: pick(turn.test) }
    },
  }
}

export const letorDatasets: readonly RankingDataset[] = catalogue.map(catalogued)

/** @throws RankBenchError(data) when the folder has none of the known layouts */
function foldsAt(params: Params): FoldFiles[] {
  const path = String(params.path)
  const folds = path === '' ? undefined : findFolds(path)
  if (folds) return folds
  throw dataError(
    path === '' ? 'letor needs a folder' : `${path} holds no S1..S5, no Fold1..Fold5 and no train, vali and test files`,
    "name it: -d 'letor[path=<folder>]'",
  )
}

async function loadFold(files: FoldFiles): Promise<Fold> {
  const load = async (paths: readonly string[]) =>
    concatenate((await Promise.all(paths.map((path) => loadFile(path)))).map((file) => file.data))
  const [train, validation, test] = await Promise.all([load(files.train), load(files.validation), load(files.test)])
  return { train, validation, test }
}

/** Any LETOR/SVMlight folder: `letor[path=...]`. */
export const letorByPath: RankingDataset = {
  kind: 'ranking',
  name: 'letor',
  title: 'any LETOR/SVMlight folder: S1..S5, Fold1..Fold5, or train, vali and test',
  licence: 'as its publisher says',
  citation: '',
  params: { path: { kind: 'text', default: '', meaning: 'the folder' } },
  folds: (params) => foldsAt(params).map((fold) => fold.name),
  async digest(params, _context: DataContext) {
    const paths = [...new Set(foldsAt(params).flatMap((fold) => [...fold.train, ...fold.validation, ...fold.test]))]
    return digestOf(await Promise.all(paths.map(async (path) => (await loadFile(path)).sha256)))
  },
  async load(fold, params) {
    const files = foldsAt(params).find((each) => each.name === fold)
    if (!files) throw dataError(`${String(params.path)} has no ${fold}`)
    return loadFold(files)
  },
}
