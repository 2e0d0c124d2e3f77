/** Trained rankers of a run, brought together where they can be compared: one scorer on one data set. */

import type { Cell } from '../../core/cell.ts'
import { formatRef } from '../../core/selector.ts'
import {
  datasetLabel,
  type Entry,
  entriesOf,
  experimentLabel,
  groupBy,
  methodLabel,
  type RunData,
} from '../../results/view.ts'

/** What ranks, and its cells. */
interface Ranker {
  readonly name: string
  readonly entries: readonly Entry[]
}

export interface RankerGroup {
  /** The experiment of most of its cells. */
  readonly label: string
  readonly scorer: string
  readonly dataset: string
  readonly cell: Cell
  readonly entries: readonly Entry[]
  /** By loss; where a loss was run with other settings than most, its name says which. */
  readonly rankers: readonly Ranker[]
}

const experimentText = (entry: Entry): string => JSON.stringify(entry.cell.experiment.params)

/** Entries of the experiment that most of them have. */
const commonest = (entries: readonly Entry[]): Entry =>
  [...groupBy(entries, experimentText).values()].reduce((most, next) => (next.length > most.length ? next : most))[0]

/** Settings of a cell that differ from the usual ones, as a selector. */
function unusual({ experiment }: Cell, usual: Cell): string {
  const differing = Object.entries(experiment.params).filter(([name, value]) => usual.experiment.params[name] !== value)
  if (differing.length === 0) return ''
  return `, ${formatRef({ name: experiment.name, params: Object.fromEntries(differing) })}`
}

export function rankerGroups(run: RunData): RankerGroup[] {
  const groups = groupBy(
    entriesOf(run, 'letor'),
    ({ cell }) => `${cell.experiment.params.scorer} ${datasetLabel(run, cell)}`,
  )
  return [...groups.values()].map((entries) => {
    const { cell } = commonest(entries)
    const rankers = groupBy(entries, (entry) => methodLabel(run, entry.cell) + unusual(entry.cell, cell))
    return {
      label: experimentLabel(run, cell),
      scorer: String(cell.experiment.params.scorer),
      dataset: datasetLabel(run, cell),
      cell,
      entries,
      rankers: [...rankers].map(([name, own]) => ({ name, entries: own })),
    }
  })
}
