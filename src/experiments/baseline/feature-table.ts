/** Every single feature as a ranker: what one column of the data tells. */

import { left, type ReportTable, right, text } from '../../report/table.ts'
import { foldMeanValue } from '../../report/values.ts'
import { foldMeans } from '../../results/fold-means.ts'
import { datasetLabel, entriesOf, groupBy, type RunData } from '../../results/view.ts'
import { singleFeature } from './rankers.ts'

const metrics = ['ndcg@1:letor3', 'ndcg@5:letor3', 'ndcg@10:letor3', 'map:letor3', 'map:letor4', 'ndcg@10:trec']

export function featureTables(run: RunData): ReportTable[] {
  const entries = entriesOf(run, 'baseline').filter(({ cell }) => cell.method.method === singleFeature)
  return [...groupBy(entries, ({ cell }) => datasetLabel(run, cell))].map(([dataset, own]) => {
    const shown = metrics.filter((metric) => foldMeans(own, metric).length > 0)
    const rows = [...groupBy(own, ({ cell }) => String(cell.method.params.index))].map(([feature, cells]) => [
      text(feature),
      ...shown.map((metric) => foldMeanValue(cells, metric)),
    ])
    return {
      id: `features/${dataset}`,
      title: `Single features of ${dataset}`,
      about: ['largest value first; test parts, mean over folds ± half the 95 % Student interval of the fold means'],
      columns: [left('feature'), ...shown.map(right)],
      rows,
      notes: [],
    }
  })
}
