/**
 * Two systems on the same queries: is one better? Everything works on differences query by query; pairing is what makes
 * small differences visible under the large spread between queries.
 */

import type { Random } from '../core/random.ts'
import { studentTails } from './distributions.ts'
import { mean, standardDeviation, standardError } from './mean.ts'
import { quantileSorted } from './quantile.ts'

/** a - b, query by query. */
export function differences(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: a.length }, (_, q) => a[q] - b[q])
}

/** Two-sided paired t-test of a mean difference of 0; 1 when all differences are 0, NaN below two queries. */
export function pairedTTest(d: ArrayLike<number>): number {
  if (d.length < 2) return Number.NaN
  const error = standardError(d)
  const centre = mean(d)
  if (error === 0) return centre === 0 ? 1 : 0
  return studentTails(centre / error, d.length - 1)
}

/** Cohen's d of paired values: mean difference in standard deviations of the differences; 0 when all are 0. */
export function effectSize(d: ArrayLike<number>): number {
  const centre = mean(d)
  return centre === 0 ? 0 : centre / standardDeviation(d)
}

/** Percentile bootstrap interval of the mean difference: queries are resampled. */
export function bootstrapMean(
  d: ArrayLike<number>,
  random: Random,
  level = 0.95,
  rounds = 2000,
): { readonly low: number; readonly high: number } {
  const means = new Float64Array(rounds)
  for (let round = 0; round < rounds; round++) {
    let sum = 0
    for (let i = 0; i < d.length; i++) sum += d[random.integer(d.length)]
    means[round] = sum / d.length
  }
  means.sort()
  return { low: quantileSorted(means, (1 - level) / 2), high: quantileSorted(means, (1 + level) / 2) }
}

/** Queries on which a is better, on which both are the same, and on which b is. */
export function winTieLoss(d: ArrayLike<number>): {
  readonly win: number
  readonly tie: number
  readonly loss: number
} {
  let [win, tie, loss] = [0, 0, 0]
  for (let q = 0; q < d.length; q++) {
    if (d[q] > 0) win++
    else if (d[q] < 0) loss++
    else tie++
  }
  return { win, tie, loss }
}

/**
 * Holm's correction: p values that may be compared with one level although there are many of them.
 * Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics 1979.
 */
export function holm(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((i, j) => p[i] - p[j])
  const corrected = new Array<number>(p.length)
  let floor = 0
  order.forEach((i, rank) => {
    floor = Math.max(floor, Math.min(1, (p.length - rank) * p[i]))
    corrected[i] = floor
  })
  return corrected
}
