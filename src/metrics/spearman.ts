/**
 * Spearman's rho: the correlation of two rankings. C. Spearman, "The proof and measurement of association between two
 * things", 1904. It reads no gain and no discount, and tied scores need no rule: they share the mean of their ranks.
 */

import { orderOf, tieEnd } from './order.ts'
import type { ScoredList } from './ranked-list.ts'

/** 1-based ranks, ascending: tied entries share the mean of their positions. */
function averageRanks(values: Float64Array): Float64Array {
  const order = orderOf(values.length, (a, b) => values[a] - values[b])
  const ranks = new Float64Array(values.length)
  for (let start = 0; start < order.length; ) {
    const end = tieEnd(values, order, start)
    for (let i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2
    start = end
  }
  return ranks
}

/**
 * Pearson correlation of average ranks, which is 1 - 6 sum d^2 / (n (n^2 - 1)) without ties.
 * NaN, dropped from the mean, when all scores or all labels are equal.
 */
export function spearman({ scores, labels }: ScoredList): number {
  const [a, b] = [averageRanks(scores), averageRanks(labels)]
  const centre = (a.length + 1) / 2
  let [ab, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - centre) * (b[i] - centre)
    aa += (a[i] - centre) ** 2
    bb += (b[i] - centre) ** 2
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : Number.NaN
}
