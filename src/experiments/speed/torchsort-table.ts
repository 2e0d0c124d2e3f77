/** torchsort beside ours, on the same numbers, in the same rounds. */

import type { Cell } from '../../core/cell.ts'
import { dash, left, type ReportTable, right, text, type Value } from '../../report/table.ts'
import { timingOf } from '../../report/values.ts'
import { computedLine } from '../../results/computed.ts'
import {
  absenceNotes,
  datasetLabel,
  type Entry,
  entriesOf,
  experimentLabel,
  groupBy,
  methodLabel,
  observation,
  protocolLine,
  type RunData,
  seedSuffix,
  warningNotes,
} from '../../results/view.ts'
import { pairsOf } from '../pairs.ts'
import { type Pass, passes } from './pairs.ts'
import { ratio } from './table.ts'

function agreement(theirs: Entry): Value {
  const values = observation(theirs.result, 'agreement.values')
  const gradients = observation(theirs.result, 'agreement.gradients')
  if (!values || !gradients) return dash
  const worst = Math.max(values.value, gradients.value)
  return { text: `${values.value.toExponential(0)} / ${gradients.value.toExponential(0)}`, data: worst }
}

/** A peer's time that is not there: absent, or withheld because what the pass computes disagrees. */
function peerTiming(theirs: Entry, metric: string): Value {
  const shown = timingOf(theirs.result, metric)
  return shown.data === null && theirs.result.status === 'measured' ? { text: 'disagrees', data: null } : shown
}

/** What is known of the peer where it disagrees; anything else needs looking into. */
function defectNotes(entries: readonly Entry[]): string[] {
  const disagreeing = entries.filter(
    ({ result }) => result.status === 'measured' && result.warnings.some((warning) => warning.code === 'disagreement'),
  )
  if (!disagreeing.some((entry) => entry.cell.precision === 'f32')) return []
  return [
    'known of torchsort in f32: its backward pass finds the pooled blocks again from rounded values, and its kl kernels sum exponentials without subtracting the largest; measure in f64 to see whether a disagreement is one of rounding. No time is shown for a pass whose numbers disagree',
  ]
}

const order: readonly Pass[] = ['forward', 'backward', 'both']

/** One row a pass. */
const pairRows = (run: RunData, ours: Entry, theirs: Entry, suffix: (cell: Cell) => string): Value[][] =>
  order.map((pass) => [
    text(methodLabel(run, ours.cell)),
    text(datasetLabel(run, ours.cell) + suffix(ours.cell)),
    text(pass),
    timingOf(ours.result, passes[pass]),
    peerTiming(theirs, passes[pass]),
    ratio({ ours, theirs }, pass),
    agreement(theirs),
  ])

function tableOf(run: RunData, entries: readonly Entry[], point: string | undefined): ReportTable {
  const pairs = pairsOf(entries).flatMap(({ ours, theirs }) => (theirs ? [{ ours, theirs }] : []))
  const { threads } = entries[0].cell.experiment.params
  const [by = 'the engine'] = computedLine(
    run,
    pairs.map(({ ours }) => ours),
  )
  const suffix = seedSuffix(entries)
  return {
    id: point === undefined ? 'torchsort' : `torchsort/${point}`,
    title: `torchsort beside ours${point === undefined ? '' : `: ${point}`}`,
    about: [
      `${entries[0].cell.precision}, same numbers, same rounds; ours: ${by}; ${threads} thread${threads === 1 ? '' : 's'} on either side, passive waiting`,
      run.peers.torchsort ? `peer: ${run.peers.torchsort}` : 'peer: torchsort not installed here',
      'torchsort / ours above 1: ours is faster; [95 % interval]; agreement = largest difference of values / gradients, relative to the largest entry',
      protocolLine(run),
      run.machine,
    ],
    columns: [
      left('operator'),
      left('data'),
      left('pass'),
      right('ours'),
      right('torchsort'),
      right('torchsort / ours'),
      right('agreement'),
    ],
    rows: pairs.flatMap(({ ours, theirs }) => pairRows(run, ours, theirs, suffix)),
    rowKeys: pairs.flatMap(({ ours, theirs }) => order.map(() => [ours.key, theirs.key])),
    notes: [...absenceNotes(run, entries), ...defectNotes(entries), ...warningNotes(run, entries)],
  }
}

/** One table a precision and number of threads: they stand in its heading. */
export function torchsortTables(run: RunData): ReportTable[] {
  const points = [
    ...groupBy(entriesOf(run, 'torchsort'), ({ cell }) => `${experimentLabel(run, cell)}, ${cell.precision}`),
  ]
  return points.map(([point, entries]) => tableOf(run, entries, points.length > 1 ? point : undefined))
}
