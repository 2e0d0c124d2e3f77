/** What the validation part chose, and how often it chose the edge of what it was offered: is the field a fair one? */

import { left, type ReportTable, text } from '../../report/table.ts'
import type { RunData } from '../../results/view.ts'
import { choiceColumns, choiceLine, choiceValues, factsOf, grid } from '../choice-columns.ts'
import { type RankerGroup, rankerGroups } from './rankers.ts'

const also = [{ name: 'weight-decay', title: 'most decay' }]

function table({ label, scorer, dataset, cell, rankers }: RankerGroup): ReportTable {
  const { params } = cell.experiment
  return {
    id: `choices/${scorer}/${dataset}`,
    title: `What the validation part chose: ${label} on ${dataset}`,
    about: [
      `${params.trials} trials a cell, most ${params.steps} steps of ${params.batch} lists each; ${params.select} of the validation part chooses trial and step`,
      `offered: rates ${grid(params['learning-rates'])}; factors on the own softness ${grid(params.softness)}; weight decays ${grid(params['weight-decays'])}`,
      choiceLine('folds and seeds', also),
    ],
    columns: [left('ranker'), ...choiceColumns(also)],
    rows: rankers.map(({ name, entries }) => [text(name), ...choiceValues(entries, also)]),
    rowKeys: rankers.map(({ entries }) => entries.map(({ key }) => key)),
    notes: [],
  }
}

/** One table a scorer and data set, of rankers whose cells say what was chosen. */
export function choiceTables(run: RunData): ReportTable[] {
  return rankerGroups(run)
    .map((group) => ({
      ...group,
      rankers: group.rankers.filter(({ entries }) => factsOf(entries, 'trials').length > 0),
    }))
    .filter(({ rankers }) => rankers.length > 0)
    .map(table)
}
