/** What f32 keeps of an operator, ours beside theirs. */

import { type Cell, isOurs } from '../../core/cell.ts'
import { dash, left, type ReportTable, right, text, type Value } from '../../report/table.ts'
import { missingValue } from '../../report/values.ts'
import { computedLine } from '../../results/computed.ts'
import {
  absenceNotes,
  datasetLabel,
  type Entry,
  entriesOf,
  methodLabel,
  observation,
  type RunData,
  seedSuffix,
} from '../../results/view.ts'
import { pairsOf } from '../pairs.ts'

function error(entry: Entry | undefined, metric: string): Value {
  if (!entry) return dash
  const found = observation(entry.result, metric)
  if (!found) return missingValue(entry.result)
  return { text: Number.isFinite(found.value) ? found.value.toExponential(1) : 'NaN', data: found.value }
}

/** Cells are computed in f32 unless somebody asks otherwise. */
const inPrecision = ({ precision }: Cell): string => (precision === 'f32' ? '' : `, computed in ${precision}`)

export function accuracyTable(run: RunData): ReportTable | undefined {
  const entries = entriesOf(run, 'accuracy')
  if (entries.length === 0) return undefined
  const pairs = pairsOf(entries)
  const suffix = seedSuffix(entries)
  const rows = pairs.map(({ ours, theirs }) => [
    text(methodLabel(run, ours.cell)),
    text(datasetLabel(run, ours.cell) + suffix(ours.cell) + inPrecision(ours.cell)),
    error(ours, 'error.values'),
    error(theirs, 'error.values'),
    error(ours, 'error.gradients'),
    error(theirs, 'error.gradients'),
    text(theirs?.cell.system ?? 'nobody'),
  ])
  return {
    id: 'accuracy',
    title: 'What f32 keeps',
    about: [
      'largest error of four inputs against our reference in f64 on the same f32 numbers, relative to the largest entry; f32 resolves 6.0e-8',
      ...computedLine(
        run,
        entries.filter(({ cell }) => isOurs(cell)),
      ),
      ...[...new Set(Object.values(run.peers))].map((versions) => `peers: ${versions}`),
      'gradients of sorts are compared over groups of ties together: which of them gets which share is open',
    ],
    columns: [
      left('operator'),
      left('data'),
      right('values, ours'),
      right('theirs'),
      right('gradients, ours'),
      right('theirs'),
      left('they'),
    ],
    rows,
    rowKeys: pairs.map(({ ours, theirs }) => [ours.key, ...(theirs ? [theirs.key] : [])]),
    notes: absenceNotes(run, entries),
  }
}
