/** Numbers as cells of tables: the text a person reads beside the number, unit and interval that a program reads. */

import { foldMeans } from '../results/fold-means.ts'
import { absence, type Entry } from '../results/view.ts'
import { meanInterval } from '../stats/mean.ts'
import { formatDifference, formatMean, formatRatio, formatTiming } from './numbers.ts'
import type { Bounds, Value } from './table.ts'

const withInterval = (interval: Partial<Bounds> | undefined): Pick<Value, 'interval'> =>
  interval?.low !== undefined && interval.high !== undefined ? { interval: interval as Bounds } : {}

/** `12.3 µs ±4%` */
export const timingValue = (ns: number, interval?: Bounds): Value => ({
  text: formatTiming(ns, interval?.low, interval?.high),
  data: ns,
  unit: 'ns',
  ...withInterval(interval),
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
  if (folds.length === 0) return { text: absence(entries[0].result)?.word ?? '–', data: null }
  const { value, low, high } = meanInterval(folds)
  return meanValue(value, { low, high, level: 0.95 }, folds.length)
}
