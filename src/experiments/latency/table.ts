/** Operators forward, backward and both. */

import type { Cell } from '../../core/cell.ts'
import { left, type ReportTable, right, text, type Value } from '../../report/table.ts'
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
  protocolLine,
  type RunData,
  seedSuffix,
  warningNotes,
} from '../../results/view.ts'

const timings = ['time.forward', 'time.backward', 'time.forward+backward']

const row = (run: RunData, entry: Entry, suffix: (cell: Cell) => string): Value[] => [
  text(methodLabel(run, entry.cell)),
  text(datasetLabel(run, entry.cell) + suffix(entry.cell)),
  text(entry.cell.precision),
  ...timings.map((metric) => timingOf(entry.result, metric)),
]

/** Who computed: as it was written down; of earlier runs, as it was asked for. */
function engineLine(run: RunData, entries: readonly Entry[]): string {
  const { engine, threads } = entries[0].cell.experiment.params
  const asked = engine === 'reference' ? 'reference kernels in TypeScript' : 'the engine, where it has a kernel'
  const [by = asked] = computedLine(run, entries)
  return `${by}; ${threads} thread${threads === 1 ? '' : 's'}`
}

function tableOf(run: RunData, entries: readonly Entry[], point: string | undefined): ReportTable {
  const suffix = seedSuffix(entries)
  return {
    id: point === undefined ? 'operators' : `operators/${point}`,
    title: `Operators, forward and backward${point === undefined ? '' : `: ${point}`}`,
    about: [engineLine(run, entries), protocolLine(run), run.machine],
    columns: [
      left('operator'),
      left('data'),
      left('precision'),
      right('forward'),
      right('backward'),
      right('forward + backward'),
    ],
    rows: entries.map((entry) => row(run, entry, suffix)),
    rowKeys: entries.map(({ key }) => [key]),
    notes: [...absenceNotes(run, entries), ...warningNotes(run, entries)],
  }
}

/** One table a point of the experiment: another engine or other threads are another heading. */
export function operatorsTables(run: RunData): ReportTable[] {
  const points = [...groupBy(entriesOf(run, 'latency'), ({ cell }) => experimentLabel(run, cell))]
  return points.map(([point, entries]) => tableOf(run, entries, points.length > 1 ? point : undefined))
}
