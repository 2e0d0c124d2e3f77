/**
 * Wilcoxon's signed-rank test and the interval that belongs to it, exactly. Of a pair of which chance decided who came first, the
 * difference of two equal sides has either sign with the same probability, whatever the noise is like: its tails, its drift and
 * whether neighbours in time resemble each other do not matter. That is why a gate counts ranks and trusts no standard deviation.
 *
 * Wilcoxon, "Individual Comparisons by Ranking Methods", Biometrics 1945; estimate and interval: Hodges and Lehmann, "Estimates of
 * Location Based on Rank Tests", Annals of Mathematical Statistics 1963.
 */

import { quantileSorted } from './quantile.ts'

/** For each number of differences: the probability that the rank sum of the positive ones is at most t. */
const tables = new Map<number, Float64Array>()

function cumulative(n: number): Float64Array {
  const known = tables.get(n)
  if (known) return known
  const most = (n * (n + 1)) / 2
  const probability = new Float64Array(most + 1)
  probability[0] = 1
  for (let rank = 1; rank <= n; rank++) {
    for (let t = (rank * (rank + 1)) / 2; t >= 0; t--) {
      probability[t] = (probability[t] + (t >= rank ? probability[t - rank] : 0)) / 2
    }
  }
  for (let t = 1; t <= most; t++) probability[t] += probability[t - 1]
  tables.set(n, probability)
  return probability
}

/** Averages of all pairs of differences, each with itself too, ascending: as many as lie above 0, so large is the rank sum. */
export function walshAverages(differences: readonly number[]): Float64Array {
  const n = differences.length
  const averages = new Float64Array((n * (n + 1)) / 2)
  let at = 0
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) averages[at++] = (differences[i] + differences[j]) / 2
  }
  return averages.sort()
}

/** The median of the averages of pairs. */
export const shift = (averages: Float64Array): number => quantileSorted(averages, 0.5)

/** How many differences averages of pairs are of. */
const countOf = (averages: Float64Array): number => Math.round((Math.sqrt(8 * averages.length + 1) - 1) / 2)

/** p of a shift of `limit` or more: small when the differences lie below it. Averages on the limit count as above, and so do those that are no number. */
export function pBelow(averages: Float64Array, limit: number): number {
  let above = 0
  for (const average of averages) if (!(average < limit)) above++
  return cumulative(countOf(averages))[above]
}

/** p of a shift of `limit` or less. Averages that are no number count as below. */
export function pAbove(averages: Float64Array, limit: number): number {
  let below = 0
  for (const average of averages) if (!(average > limit)) below++
  return cumulative(countOf(averages))[below]
}

/** How many averages may lie beyond a bound of this level; -1 when there are too few differences for it. */
function beyond(averages: Float64Array, level: number): number {
  const probability = cumulative(countOf(averages))
  let t = -1
  while (t + 1 < probability.length && probability[t + 1] <= level) t++
  return t
}

/** The bound that `pBelow` is at most `level` above; Infinity when there are too few differences for this level. */
export function upperBound(averages: Float64Array, level: number): number {
  const t = beyond(averages, level)
  return t < 0 ? Number.POSITIVE_INFINITY : averages[averages.length - 1 - t]
}

/** The bound that `pAbove` is at most `level` below. */
export function lowerBound(averages: Float64Array, level: number): number {
  const t = beyond(averages, level)
  return t < 0 ? Number.NEGATIVE_INFINITY : averages[t]
}
