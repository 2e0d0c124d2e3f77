/** Any experiment's observations, a column a metric: how the experiments of plug-ins are reported. */

import type { Observation } from '../core/result.ts'
import { computedLine } from '../results/computed.ts'
import {
  absenceNotes,
  datasetLabel,
  type Entry,
  experimentLabel,
  groupBy,
  methodLabel,
  observation,
  observationsOf,
  type RunData,
  warningNotes,
} from '../results/view.ts'
import { left, type ReportTable, right, text, type Value } from './table.ts'
import { missingValue, timingValue } from './values.ts'

function cellOf({ unit, value, interval }: Observation): Value {
  if (unit === 'ns') return timingValue(value, interval)
  const written = String(Number(value.toPrecision(5)))
  return { text: unit === 'bytes' ? `${written} B` : written, data: value, unit, ...(interval && { interval }) }
}

const metricsOf = (entries: readonly Entry[]): string[] => [
  ...new Set(entries.flatMap(({ result }) => observationsOf(result).map(({ metric }) => metric))),
]

function row(run: RunData, { cell, result }: Entry, metrics: readonly string[]): Value[] {
  const values = metrics.map((metric): Value => {
    const found = observation(result, metric)
    return found ? cellOf(found) : missingValue(result)
  })
  const where = [datasetLabel(run, cell), cell.split, String(cell.seed), cell.precision, cell.system]
  return [text(methodLabel(run, cell)), ...where.map(text), ...values]
}

/** One table a point of each experiment that `known` does not report in its own way. */
export function observationTables(run: RunData, known: readonly string[]): ReportTable[] {
  const others = run.entries.filter(({ cell }) => !known.includes(cell.experiment.name))
  return [...groupBy(others, ({ cell }) => experimentLabel(run, cell))].map(([label, entries]) => {
    const metrics = metricsOf(entries)
    return {
      id: `observations/${label}`,
      title: label,
      about: [...computedLine(run, entries), run.machine],
      columns: [
        ...['method', 'data', 'split', 'seed', 'precision', 'by'].map(left),
        ...metrics.map((metric) => right(metric)),
      ],
      rows: entries.map((entry) => row(run, entry, metrics)),
      rowKeys: entries.map(({ key }) => [key]),
      notes: [...absenceNotes(run, entries), ...warningNotes(run, entries)],
    }
  })
}
