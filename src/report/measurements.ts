/** What the rows of a report were made of: cells that one command measures, with their states and samples. */

import { createHash } from 'node:crypto'
import { maximum, minimum } from '../core/extremes.ts'
import type { Entry, RunData } from '../core/report.ts'
import type { Observation } from '../core/result.ts'
import { formatRef } from '../core/selector.ts'
import { absence, datasetLabel, experimentLabel, groupBy, methodLabel, observationsOf } from '../results/view.ts'
import { mean } from '../stats/mean.ts'
import { formatTime } from './numbers.ts'

/** One metric over the cells of a measurement. */
export interface MetricLine {
  readonly metric: string
  /** Cells that have it. */
  readonly cells: number
  readonly samples: number
  /** The value of the one cell, or the mean over cells. */
  readonly value: string
  readonly smallest: string
  readonly largest: string
}

export interface CellLine {
  readonly key: string
  readonly split: string
  readonly seed: number
  /** `measured`, or why there is no number. */
  readonly state: string
}

/** Cells that differ in fold and seed alone. */
export interface Measurement {
  readonly id: string
  readonly label: string
  readonly by: string
  readonly command: string | undefined
  readonly cells: readonly CellLine[]
  readonly metrics: readonly MetricLine[]
  /** Metrics that are in the samples and not listed. */
  readonly more: number
}

/** Metrics of a trained ranker are many; the first are those that its tables lead with. */
const mostMetrics = 12

const sameCommand = ({ cell, machine }: Entry): string =>
  JSON.stringify([
    formatRef(cell.experiment),
    cell.system,
    formatRef(cell.method),
    formatRef(cell.dataset),
    cell.precision,
    ...(machine === undefined ? [] : [machine]),
  ])

const written = (value: number, unit: Observation['unit']): string => {
  if (!Number.isFinite(value)) return String(value)
  if (unit === 'ns') return formatTime(value)
  return unit === 'bytes' ? `${value} B` : String(Number(value.toPrecision(5)))
}

function metricLine(metric: string, found: readonly Observation[]): MetricLine {
  const { unit } = found[0]
  const spread = found.flatMap(({ samples, value }) => samples ?? [value])
  return {
    metric,
    cells: found.length,
    samples: found.reduce((sum, { samples }) => sum + (samples?.length ?? 0), 0),
    value: written(found.length === 1 ? found[0].value : mean(found.map(({ value }) => value)), unit),
    smallest: written(minimum(spread), unit),
    largest: written(maximum(spread), unit),
  }
}

function metricsOf(entries: readonly Entry[]): Map<string, Observation[]> {
  const byMetric = new Map<string, Observation[]>()
  for (const each of entries.flatMap(({ result }) => observationsOf(result))) {
    if (each.metric.startsWith('curve:')) continue
    byMetric.set(each.metric, [...(byMetric.get(each.metric) ?? []), each])
  }
  return byMetric
}

function cellLine({ key, cell, result }: Entry): CellLine {
  const why = absence(result)
  return { key, split: cell.split, seed: cell.seed, state: why ? `${why.word}: ${why.sentence}` : 'measured' }
}

/** How a cell is named in the links of a page; the same for cells of one measurement. */
const idOf = (text: string): string => `m-${createHash('sha256').update(text).digest('hex').slice(0, 10)}`

/** The command that measures a cell's method, data and experiment again, seeds of all cells included. */
type CommandOf = (entries: readonly Entry[]) => string | undefined

/** Every measurement of a run, in the order of its plan. */
export function measurementsOf(run: RunData, commandOf: CommandOf): Measurement[] {
  return [...groupBy(run.entries, sameCommand)].map(([text, entries]) => {
    const { cell, machine } = entries[0]
    const on = machine !== undefined && (run.machines?.length ?? 0) > 1 ? `, machine ${machine}` : ''
    const metrics = [...metricsOf(entries)]
    return {
      id: idOf(text),
      label: `${methodLabel(run, cell)} on ${datasetLabel(run, cell)}, ${cell.precision}: ${experimentLabel(run, cell)}${on}`,
      by: cell.system,
      command: commandOf(entries),
      cells: entries.map(cellLine),
      metrics: metrics.slice(0, mostMetrics).map(([metric, found]) => metricLine(metric, found)),
      more: Math.max(0, metrics.length - mostMetrics),
    }
  })
}
