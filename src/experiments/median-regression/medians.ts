/** Medians of sequences of numbers, and how near to them what was found is. */

import { mean } from '../../stats/mean.ts'

/** Indices of a sequence in the order of its numbers; equal ones in their own order. */
function middleItem(values: ArrayLike<number>, start: number, n: number): number {
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => values[start + a] - values[start + b] || a - b)
  return order[n >> 1]
}

/** The item of each sequence whose score stands in the middle, counted from the first of the sequence. */
export const middleItems = (scores: ArrayLike<number>, n: number): Uint32Array =>
  Uint32Array.from({ length: scores.length / n }, (_, i) => middleItem(scores, i * n, n))

/** @param n odd */
export const mediansOf = (values: Float64Array, n: number): Float64Array =>
  Float64Array.from(middleItems(values, n), (item, i) => values[i * n + item])

export interface Found {
  /** Squared distance from the median, in units of 10,000, one a sequence. */
  readonly errors: readonly number[]
  /** 1 - squared error over that of the mean of the medians. */
  readonly determination: number
  /** Squared correlation of what was found with the medians; 0 where one of them does not vary. */
  readonly correlation: number
}

/** The paper prints squared errors in this unit. */
const unit = 10_000

export function compareWith(medians: Float64Array, found: Float64Array): Found {
  const [centre, foundCentre] = [mean(medians), mean(found)]
  let [error, spread, foundSpread, common] = [0, 0, 0, 0]
  medians.forEach((median, i) => {
    error += (found[i] - median) ** 2
    spread += (median - centre) ** 2
    foundSpread += (found[i] - foundCentre) ** 2
    common += (median - centre) * (found[i] - foundCentre)
  })
  return {
    errors: Array.from(medians, (median, i) => (found[i] - median) ** 2 / unit),
    determination: spread > 0 ? 1 - error / spread : 0,
    correlation: spread > 0 && foundSpread > 0 ? common ** 2 / (spread * foundSpread) : 0,
  }
}
