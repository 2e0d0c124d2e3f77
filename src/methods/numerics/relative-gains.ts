/**
 * G_i = w_i (2^{y_i} - 1) / maxDCG, maxDCG the largest DCG that the weighted gains can reach: they, from the largest down,
 * times 1 / log2(1 + rank), summed over the first k. Weights are 1 where there are none.
 */

import { argsort, argsortWork } from './argsort.ts'

/** D(rank) = 1 / log2(1 + rank) at index rank - 1, for ranks 1..n. */
export const discounts = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => 1 / Math.log2(i + 2))

const largestOf = (numbers: Float64Array): number => numbers.reduce((largest, x) => Math.max(largest, x), 0)

/**
 * A function that writes G for the current labels and weights and answers whether any item is relevant and weighs; if none is,
 * G means nothing. Gains are scaled by a power of two and weights by the largest, which cancels in G: 2^y alone overflows at
 * label 1024. The power is that of the largest label that weighs.
 */
export function createRelativeGains(
  labels: Float64Array,
  gains: Float64Array,
  cutoff = labels.length,
  weights: Float64Array = new Float64Array(labels.length).fill(1),
): () => boolean {
  const n = labels.length
  const order = new Uint32Array(n)
  const work = argsortWork(n)
  const discount = discounts(n)
  return () => {
    argsort(labels, order, true, work)
    const heaviest = largestOf(weights)
    if (heaviest === 0) return false
    let top = 0
    while (weights[order[top]] === 0) top++
    const exponent = Math.floor(labels[order[top]])
    const one = 2 ** -exponent
    let descending = true
    for (let k = 0; k < n; k++) {
      const weight = weights[order[k]] / heaviest
      gains[order[k]] = weight === 0 ? 0 : weight * (2 ** (labels[order[k]] - exponent) - one)
      if (k > 0 && gains[order[k]] > gains[order[k - 1]]) descending = false
    }
    if (!descending) argsort(gains, order, true, work)
    let maxDcg = 0
    for (let k = 0; k < Math.min(cutoff, n); k++) maxDcg += gains[order[k]] * discount[k]
    if (maxDcg === 0) return false
    for (let i = 0; i < n; i++) gains[i] /= maxDcg
    return true
  }
}
