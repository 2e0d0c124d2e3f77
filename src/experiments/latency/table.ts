/** Operators forward, backward and both. */

import type { Result } from '../../core/result.ts'
import { left, type ReportTable, right, text, type Value } from '../../report/table.ts'
import { timingValue } from '../../report/values.ts'
import {
  absence,
  absenceNotes,
  datasetLabel,
  type Entry,
  entriesOf,
  methodLabel,
  observation,
  protocolLine,
  type RunData,
  warningNotes,
} from '../../results/view.ts'

const timings = ['time.forward', 'time.backward', 'time.forward+backward']

export function timing(result: Result, metric: string): Value {
  const found = observation(result, metric)
  if (!found) return { text: absence(result)?.word ?? '–', data: null }
  return timingValue(found.value, found.interval)
}

const row = (run: RunData, entry: Entry): Value[] => [
  text(methodLabel(run, entry.cell)),
  text(datasetLabel(run, entry.cell)),
  text(entry.cell.precision),
  ...timings.map((metric) => timing(entry.result, metric)),
]

/** Who computed, from the parameters of the experiment. */
function engineLine(entries: readonly Entry[]): string {
  const { engine, threads } = entries[0].cell.experiment.params
  const kernels = engine === 'reference' ? 'reference kernels in TypeScript' : 'the engine, where it has a kernel'
  return `${kernels}; ${threads} thread${threads === 1 ? '' : 's'}`
}

export function operatorsTable(run: RunData): ReportTable | undefined {
  const entries = entriesOf(run, 'latency')
  if (entries.length === 0) return undefined
  return {
    id: 'operators',
    title: 'Operators, forward and backward',
    about: [engineLine(entries), protocolLine(run), run.machine],
    columns: [
      left('operator'),
      left('data'),
      left('precision'),
      right('forward'),
      right('backward'),
      right('forward + backward'),
    ],
    rows: entries.map((entry) => row(run, entry)),
    rowKeys: entries.map(({ key }) => [key]),
    notes: [...absenceNotes(run, entries), ...warningNotes(run, entries)],
  }
}
