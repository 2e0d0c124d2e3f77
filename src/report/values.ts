/** Numbers as cells of tables: the text a person reads beside the number, unit and interval that a program reads. */

import type { Result } from '../core/result.ts'
import { foldMeans } from '../results/fold-means.ts'
import { absence, type Entry, observation } from '../results/view.ts'
import { meanInterval } from '../stats/mean.ts'
import { formatDifference, formatMean, formatRatio, formatTiming } from './numbers.ts'
import { type Bounds, dash, type Value } from './table.ts'

const withInterval = (interval: Partial<Bounds> | undefined): Pick<Value, 'interval'> =>
  interval?.low !== undefined && interval.high !== undefined ? { interval: interval as Bounds } : {}

/** `12.3 µs ±4%` */
export const timingValue = (ns: number, interval?: Bounds): Value => ({
  text: formatTiming(ns, interval?.low, interval?.high),
  data: ns,
  unit: 'ns',
  ...withInterval(interval),
})

/** Where a cell has no number: why, in a word. */
export const missingValue = (result: Result): Value => ({ ...dash, text: absence(result)?.word ?? dash.text })

/** A timing of a cell; where it has none, why, in a word. */
export function timingOf(result: Result, metric: string): Value {
  const found = observation(result, metric)
  return found ? timingValue(found.value, found.interval) : missingValue(result)
}

/** A number with a mark of its table beside it, or with the room for one. */
export const markedValue = (value: number, shown: string, mark: string): Value => ({
  text: `${shown} ${mark || ' '}`,
  data: value,
  ...(mark && { mark }),
})

/** `8.2x [7.9, 8.6]` */
export const ratioValue = (value: number, interval: Bounds): Value => ({
  text: formatRatio(value, interval.low, interval.high),
  data: value,
  unit: 'x',
  interval,
})

/** `0.4432 ±0.0310` of `n` values. */
const meanValue = (value: number, interval: Bounds, n?: number): Value => ({
  text: formatMean(value, interval.low, interval.high),
  data: value,
  unit: '1',
  ...(Number.isFinite(interval.high - interval.low) ? { interval } : {}),
  ...(n === undefined ? {} : { n }),
})

/** `+0.0012 [-0.0003, +0.0027]` */
export const differenceValue = (value: number, interval: Bounds): Value => ({
  text: `${formatDifference(value)} [${formatDifference(interval.low)}, ${formatDifference(interval.high)}]`,
  data: value,
  unit: '1',
  interval,
})

/** The mean over folds with the interval of the fold means; where no fold has the metric, why, in a word. */
export function foldMeanValue(entries: readonly Entry[], metric: string): Value {
  const folds = foldMeans(entries, metric)
  if (folds.length === 0) return missingValue(entries[0].result)
  const { value, low, high } = meanInterval(folds)
  return meanValue(value, { low, high, level: 0.95 }, folds.length)
}
