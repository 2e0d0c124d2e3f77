/**
 * Agreement of the order of scores with the order of labels. None depends on gain or discount, and tied scores need
 * no rule. NaN, dropped from the mean, where a list has nothing to order.
 */

import type { ScoredList } from './ranked-list.ts'

/** 1-based average ranks, ascending: tied entries share the mean of their positions. */
function averageRanks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b])
  const ranks = new Float64Array(values.length)
  for (let start = 0; start < order.length; ) {
    let end = start + 1
    while (end < order.length && values[order[end]] === values[order[start]]) end++
    for (let i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2
    start = end
  }
  return ranks
}

/**
 * Spearman's rho: Pearson correlation of average ranks, which is 1 - 6 sum d^2 / (n (n^2 - 1)) without ties.
 * NaN when scores or labels are all equal.
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

/** Concordant minus discordant pairs over all pairs (tau-a): a tie on either side counts as neither. NaN below two. */
export function kendall({ scores, labels }: ScoredList): number {
  const n = scores.length
  let sum = 0
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) sum += Math.sign(scores[i] - scores[j]) * Math.sign(labels[i] - labels[j])
  }
  return n < 2 ? Number.NaN : sum / ((n * (n - 1)) / 2)
}

/** Share of the pairs with different labels that the scores order rightly; a tied score is half right. */
export function pairwiseAccuracy({ scores, labels }: ScoredList): number {
  let [right, pairs] = [0, 0]
  for (let i = 0; i < labels.length; i++) {
    for (let j = 0; j < labels.length; j++) {
      if (!(labels[i] > labels[j])) continue
      pairs++
      right += scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0
    }
  }
  return pairs === 0 ? Number.NaN : right / pairs
}
