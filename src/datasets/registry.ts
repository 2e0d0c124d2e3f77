/** All data sets, by name. */

import type { Dataset, RankingDataset } from '../core/dataset.ts'
import { usageError } from '../core/errors.ts'
import { didYouMean } from '../core/suggest.ts'
import { given } from './given.ts'
import { letorByPath } from './letor/by-path.ts'
import { letorDatasets } from './letor/dataset.ts'
import { sorting } from './sorting.ts'
import { syntheticLetor } from './synthetic-letor.ts'

const all: readonly Dataset[] = [sorting, given, syntheticLetor, ...letorDatasets, letorByPath]

const byName = new Map<string, Dataset>(all.map((dataset) => [dataset.name, dataset]))

export const datasets: ReadonlyMap<string, Dataset> = byName

/** @throws RankBenchError(usage) when a data set of that name is known */
export function registerDataset(dataset: Dataset): void {
  if (byName.has(dataset.name)) {
    throw usageError(`there is already a data set called "${dataset.name}"`, 'rank-bench list datasets')
  }
  byName.set(dataset.name, dataset)
}

/** @throws RankBenchError(usage) with the nearest names */
export function datasetNamed(name: string): Dataset {
  const found = datasets.get(name)
  if (found) return found
  throw usageError(`no data set is called "${name}"`, didYouMean(name, datasets.keys(), 'rank-bench list datasets'))
}

/** A data set with folds. @throws RankBenchError(usage) for an unknown name or one that holds lists of numbers */
export function rankingDatasetNamed(name: string): RankingDataset {
  const found = datasetNamed(name)
  if (found.kind === 'ranking') return found
  throw usageError(`${name} holds lists of numbers; expected learning-to-rank data`, 'rank-bench list datasets')
}
