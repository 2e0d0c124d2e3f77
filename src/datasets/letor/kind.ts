/** Learning-to-rank data: queries with the features and graded labels of their documents, in folds. */

import type { DataFinding, Fold, KindOfData, Part, RankingData, RankingDataset } from '../../core/dataset.ts'
import { finiteProblems, offsetProblems, same } from '../laws.ts'
import { letorByPath } from './by-path.ts'
import { letorDatasets } from './dataset.ts'
import { syntheticLetor } from './synthetic-letor.ts'

function partProblems(data: RankingData, what: string): string[] {
  const documents = data.labels.length
  const negative = data.labels.findIndex((label) => label < 0)
  const repeated = data.queries.find((query, i) => data.queries.indexOf(query) !== i)
  return [
    ...offsetProblems(data.offsets, documents, what),
    ...(data.offsets.length === data.queries.length + 1 ? [] : [`${what}: ${data.queries.length} queries`]),
    ...(data.features.length === documents * data.width ? [] : [`${what}: ${data.features.length} feature values`]),
    ...finiteProblems(data.labels, `${what}: labels`),
    ...finiteProblems(data.features, `${what}: features`),
    ...(negative < 0 ? [] : [`${what}: label ${negative} is negative`]),
    ...(repeated === undefined ? [] : [`${what}: query ${repeated} occurs twice`]),
  ]
}

const parts: readonly Part[] = ['train', 'validation', 'test']

/** Queries of one part that also are in another: what is selected on would be reported on. */
function leakProblems(fold: Fold, name: string): string[] {
  return parts.flatMap((part, i) =>
    parts.slice(i + 1).flatMap((other) => {
      const known = new Set(fold[part].queries)
      const leaked = fold[other].queries.find((query) => known.has(query))
      return leaked === undefined ? [] : [`${name}: query ${leaked} is in ${part} and in ${other}`]
    }),
  )
}

const laws: KindOfData<RankingDataset>['laws'] = async (dataset, params, context): Promise<DataFinding[]> => {
  const folds = dataset.folds(params)
  const named = folds.length > 0 && new Set(folds).size === folds.length
  const digests = [await dataset.digest(params, context), await dataset.digest(params, context)]
  const [fold, again] = [await dataset.load(folds[0], params, context), await dataset.load(folds[0], params, context)]
  const repeated = parts.every(
    (part) => same(fold[part].labels, again[part].labels) && same(fold[part].features, again[part].features),
  )
  return [
    { law: 'folds', problems: named ? [] : [`folds are ${folds.join(', ') || 'none'}; expected different names`] },
    { law: 'digest', problems: digests[0] === digests[1] ? [] : ['two digests of the same data differ'] },
    { law: 'parts', problems: parts.flatMap((part) => partProblems(fold[part], `${folds[0]} ${part}`)) },
    { law: 'no leak', problems: leakProblems(fold, folds[0]) },
    { law: 'repeatable', problems: repeated ? [] : [`${folds[0]} loads differently the second time`] },
  ]
}

export const ranking: KindOfData<RankingDataset> = {
  kind: 'ranking',
  holds: 'queries with features and labels',
  alwaysHere: ['synthetic-letor'],
  datasets: [syntheticLetor, ...letorDatasets, letorByPath],
  laws,
}
