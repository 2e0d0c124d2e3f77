/** The baselines of a run, to stand beside trained rankers. */

import { datasetLabel, type Entry, entriesOf, groupBy, type RunData } from '../../results/view.ts'

/** The ranker that one column of the data is. */
export const singleFeature = 'feature'

/** A baseline by the name that tables give it, and its cells. */
interface Baseline {
  readonly name: string
  readonly entries: readonly Entry[]
}

/** Baselines on a data set, the single features apart. */
export function baselinesOf(run: RunData, dataset: string): Baseline[] {
  const entries = entriesOf(run, 'baseline').filter(
    ({ cell }) => datasetLabel(run, cell) === dataset && cell.method.method !== singleFeature,
  )
  return [...groupBy(entries, ({ cell }) => `baseline: ${cell.method.method}`)].map(([name, own]) => ({
    name,
    entries: own,
  }))
}
