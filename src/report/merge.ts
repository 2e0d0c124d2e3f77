/** What a merge tells of cells that a reader has to know of. */

import type { RunCell } from '../core/result.ts'
import { formatRef } from '../core/selector.ts'
import { left, type ReportTable, text } from './table.ts'

interface Told {
  readonly planned: RunCell
  readonly state: 'missing' | 'failed' | 'double' | 'differs'
}

const meaning: Readonly<Record<Told['state'], string>> = {
  missing: 'no part has measured it (all rounds on one machine, where it is timed)',
  failed: 'it failed or ran out of time wherever it was tried',
  double: 'measured more than once with the same answer; the first is kept',
  differs: 'measured more than once with different answers; all are kept, and it counts as failed',
}

const order: readonly Told['state'][] = ['differs', 'failed', 'missing', 'double']

const row = ({ planned: { key, cell }, state }: Told) =>
  [
    state,
    key,
    cell.experiment.name,
    formatRef(cell.method),
    formatRef(cell.dataset),
    cell.split,
    String(cell.seed),
    cell.system,
  ].map(text)

/** @param most rows of one state */
export function mergeTable(told: readonly Told[], most: number): ReportTable {
  const byState = order.map((state) => told.filter((each) => each.state === state))
  const rest = byState.flatMap((some) =>
    some.length > most ? [`${some.length - most} more are ${some[0].state}: --full names them all`] : [],
  )
  return {
    id: 'merge',
    title: 'Cells to know of',
    about: byState.flatMap((some) => (some.length > 0 ? [`${some[0].state}: ${meaning[some[0].state]}`] : [])),
    columns: ['state', 'cell', 'experiment', 'method', 'data', 'split', 'seed', 'by'].map(left),
    rows: byState.flatMap((some) => some.slice(0, most).map(row)),
    notes: rest,
  }
}
