/** Lists of numbers to sort: what operators are timed and examined on. */

import type { DataFinding, KindOfData, ListDataset } from '../../core/dataset.ts'
import { finiteProblems, offsetProblems, same } from '../laws.ts'
import { given } from './given.ts'
import { sorting } from './sorting.ts'

const laws: KindOfData<ListDataset>['laws'] = async (dataset, params): Promise<DataFinding[]> => {
  const [first, again, other] = [1, 1, 2].map((seed) => dataset.generate(params, seed))
  return [
    { law: 'offsets', problems: offsetProblems(first.offsets, first.values.length, 'seed 1') },
    { law: 'finite', problems: finiteProblems(first.values, 'seed 1') },
    {
      law: 'repeatable',
      problems: same(first.values, again.values) ? [] : ['two calls with seed 1 give different values'],
    },
    // Given numbers have no seed; only a data set that draws must draw anew.
    same(first.values, other.values)
      ? { law: 'seeded', notPromised: 'the same values for every seed' }
      : { law: 'seeded', problems: [] },
  ]
}

export const lists: KindOfData<ListDataset> = {
  kind: 'lists',
  holds: 'lists of numbers',
  alwaysHere: ['sorting[n=100|1000]'],
  datasets: [sorting, given],
  laws,
}
