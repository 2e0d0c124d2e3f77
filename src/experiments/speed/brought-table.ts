/** Operators that only a peer has: their times, and how long ours of the same kind take on the same data. */

import { type Cell, groupOf, isOurs } from '../../core/cell.ts'
import { methodOf } from '../../core/method-ref.ts'
import { left, type ReportTable, right, text, type Value } from '../../report/table.ts'
import { ratioValue, timingOf } from '../../report/values.ts'
import { absenceNotes, datasetLabel, type Entry, methodLabel, type RunData } from '../../results/view.ts'
import { passes, speedRatio, threadsOf } from './pairs.ts'

/** Entries of groups that hold none of ours. */
function broughtOf(entries: readonly Entry[]): Entry[] {
  const ours = new Set(entries.filter(({ cell }) => isOurs(cell)).map(({ cell }) => groupOf(cell)))
  return entries.filter(({ cell }) => !ours.has(groupOf(cell)))
}

/** Whether two cells are about the same kind of answer to the same question. */
const isOfKind = (a: Cell, b: Cell): boolean =>
  methodOf(a.method).operator === methodOf(b.method).operator &&
  a.precision === b.precision &&
  a.seed === b.seed &&
  threadsOf(a) === threadsOf(b) &&
  JSON.stringify(a.dataset) === JSON.stringify(b.dataset)

/** A row for each of ours that it can be held against, or one that says that there was none. */
function rowsOf(run: RunData, theirs: Entry, entries: readonly Entry[]): Value[][] {
  const { cell, result } = theirs
  const own = entries.filter((each) => isOurs(each.cell) && isOfKind(each.cell, cell))
  const facts = [
    text(methodLabel(run, cell)),
    text(cell.system),
    text(datasetLabel(run, cell)),
    text(cell.precision),
    timingOf(result, passes.forward),
    timingOf(result, passes.both),
  ]
  if (own.length === 0) return [[...facts, text('none was measured'), { text: '–', data: null }]]
  return own.map((ours) => {
    const estimate = speedRatio({ ours, theirs }, 'both')
    const ratio = estimate && ratioValue(estimate.value, { low: estimate.low, high: estimate.high, level: 0.95 })
    return [...facts, text(methodLabel(run, ours.cell)), ratio ?? { text: '–', data: null }]
  })
}

/** Nothing where everybody's operators are ours too. */
export function broughtTables(run: RunData, entries: readonly Entry[]): ReportTable[] {
  const brought = broughtOf(entries)
  if (brought.length === 0) return []
  const rows = brought.map((each) => rowsOf(run, each, entries))
  return [
    {
      id: 'speed/brought',
      title: 'Operators that only a peer has',
      about: [
        'beside every operator of ours of the same kind that was measured on the same data: another function, so no numbers were compared',
        'theirs / ours, forward and backward, above 1: ours is faster',
      ],
      columns: [
        left('operator'),
        left('peer'),
        left('data'),
        left('precision'),
        right('forward'),
        right('forward + backward'),
        left('beside'),
        right('theirs / ours'),
      ],
      rows: rows.flat(),
      rowKeys: rows.flatMap((some, i) => some.map(() => [brought[i].key])),
      notes: absenceNotes(run, brought),
    },
  ]
}
