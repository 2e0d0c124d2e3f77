/** The value of a metric on each fold, mean over seeds: the unit whose spread a training result is judged by. */

import { mean } from '../stats/mean.ts'
import { type Entry, groupBy, observation } from './view.ts'

/** One number a fold that has all its cells measured, in fold order. */
export function foldMeans(entries: readonly Entry[], metric: string): number[] {
  return [...groupBy(entries, (entry) => entry.cell.split)].flatMap(([, cells]) => {
    const values = cells.flatMap((entry) => observation(entry.result, metric)?.value ?? [])
    return values.length === cells.length && values.every(Number.isFinite) ? [mean(values)] : []
  })
}
