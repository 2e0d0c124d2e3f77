/** One ranking under every convention: why NDCG@10 without its convention is not a number. */

import { left, type ReportTable, right, text } from '../../report/table.ts'
import { foldMeanValue } from '../../report/values.ts'
import {
  datasetLabel,
  entriesOf,
  experimentLabel,
  groupBy,
  methodLabel,
  observationsOf,
  type RunData,
} from '../../results/view.ts'

/** `preset -> all fields spelled`; handed in because metrics own it. */
type Conventions = ReadonlyMap<string, string>

const cutoffs = [1, 3, 5, 10]

export function conventionTables(run: RunData, conventions: Conventions): ReportTable[] {
  const groups = groupBy(entriesOf(run, 'letor'), (entry) =>
    [methodLabel(run, entry.cell), experimentLabel(run, entry.cell), datasetLabel(run, entry.cell)].join(' · '),
  )
  return [...groups].flatMap(([label, entries]) => {
    if (!entries.some((entry) => observationsOf(entry.result).length > 0)) return []
    const rows = [...conventions].map(([preset, spelled]) => [
      text(preset),
      ...cutoffs.map((k) => foldMeanValue(entries, `ndcg@${k}:${preset}`)),
      text(spelled),
    ])
    return [
      {
        id: `conventions/${label}`,
        title: `One ranking, every convention: ${label}`,
        about: [
          'the same scores, evaluated as each tool or script would; mean over folds ± half the 95 % Student interval',
        ],
        columns: [left('convention'), ...cutoffs.map((k) => right(`NDCG@${k}`)), left('meaning')],
        rows,
        notes: [],
      },
    ]
  })
}
