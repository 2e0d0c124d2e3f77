/** All kinds of data, and all data sets by name. */

import type { DataKind, Dataset, KindOfData } from '../core/dataset.ts'
import { usageError } from '../core/errors.ts'
import { images } from './images/kind.ts'
import { labelRanking } from './label-ranking/kind.ts'
import { ranking } from './letor/kind.ts'
import { lists } from './lists/kind.ts'
import { regression } from './regression/kind.ts'
import { sequencesKind } from './sequences/kind.ts'

/** A kind is only ever asked about data sets of its own. */
const all: readonly KindOfData[] = [lists, ranking, labelRanking, regression, images, sequencesKind]

const kinds = new Map<DataKind, KindOfData>(all.map((each) => [each.kind, each]))
const byName = new Map<string, Dataset>(all.flatMap(({ datasets }) => datasets).map((each) => [each.name, each]))

export const kindNames: readonly DataKind[] = [...kinds.keys()]
export const datasets: ReadonlyMap<string, Dataset> = byName

/** What is known of data of one kind. */
export const kindNamed = (kind: DataKind): KindOfData => kinds.get(kind)!

/** @throws RankBenchError(usage) when a data set of that name is known, or when it is of no kind that is */
export function registerDataset(dataset: Dataset): void {
  if (byName.has(dataset.name)) {
    throw usageError(`there is already a data set called "${dataset.name}"`, 'rank-bench list datasets')
  }
  if (!kinds.has(dataset.kind)) {
    throw usageError(`data set ${dataset.name} is of kind "${dataset.kind}"; expected ${kindNames.join(' or ')}`)
  }
  byName.set(dataset.name, dataset)
}
