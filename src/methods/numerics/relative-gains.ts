/** G_i = (2^{y_i} - 1) / maxDCG with maxDCG = sum over the first k of the ideal order of (2^y - 1) / log2(1 + rank). */

import { argsort, argsortWork } from './argsort.ts'

/** D(rank) = 1 / log2(1 + rank) at index rank - 1, for ranks 1..n. */
export const discounts = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => 1 / Math.log2(i + 2))

/**
 * A function that writes G for the current labels and answers whether any item is relevant; if none is, G is 0.
 * Gains are scaled by a power of two, which cancels in G: 2^y alone overflows at label 1024.
 */
export function createRelativeGains(labels: Float64Array, gains: Float64Array, cutoff = labels.length): () => boolean {
  const order = new Uint32Array(labels.length)
  const work = argsortWork(labels.length)
  const discount = discounts(labels.length)
  return () => {
    argsort(labels, order, true, work)
    const exponent = labels.length > 0 ? Math.floor(labels[order[0]]) : 0
    const one = 2 ** -exponent
    let maxDcg = 0
    for (let k = 0; k < labels.length; k++) {
      gains[order[k]] = 2 ** (labels[order[k]] - exponent) - one
      if (k < cutoff) maxDcg += gains[order[k]] * discount[k]
    }
    if (maxDcg === 0) return false
    for (let i = 0; i < gains.length; i++) gains[i] /= maxDcg
    return true
  }
}
