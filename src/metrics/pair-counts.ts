/**
 * Pairs of documents by how scores and labels order them, in O(n log n): documents enter by increasing label, and a
 * Fenwick tree over the distinct scores counts the entered ones below each score. The n (n - 1) / 2 comparisons of
 * the definition would take minutes on one list of 100,000 documents.
 */

import { orderOf, tieEnd } from './order.ts'
import type { ScoredList } from './ranked-list.ts'

interface PairCounts {
  /** Scores and labels agree. */
  readonly concordant: number
  /** Scores and labels disagree. */
  readonly discordant: number
  /** Labels differ, scores are equal. */
  readonly tied: number
}

/** 1-based position of each value among the distinct values. */
function denseRanks(values: Float64Array): Uint32Array {
  const order = orderOf(values.length, (a, b) => values[a] - values[b])
  const ranks = new Uint32Array(values.length)
  for (let start = 0, rank = 1; start < order.length; rank++) {
    const end = tieEnd(values, order, start)
    for (let i = start; i < end; i++) ranks[order[i]] = rank
    start = end
  }
  return ranks
}

/** How many of the entered have a rank up to `rank`. P. Fenwick, Software: Practice and Experience 24(3), 1994. */
function enteredUpTo(tree: Uint32Array, rank: number): number {
  let count = 0
  for (let i = rank; i > 0; i -= i & -i) count += tree[i]
  return count
}

function enter(tree: Uint32Array, rank: number): void {
  for (let i = rank; i < tree.length; i += i & -i) tree[i]++
}

/** Counts over all pairs with different labels. */
export function pairCounts({ scores, labels }: ScoredList): PairCounts {
  const ranks = denseRanks(scores)
  const order = orderOf(labels.length, (a, b) => labels[a] - labels[b])
  const tree = new Uint32Array(labels.length + 1)
  let [concordant, discordant, tied] = [0, 0, 0]
  for (let start = 0; start < order.length; ) {
    const end = tieEnd(labels, order, start)
    for (let i = start; i < end; i++) {
      const below = enteredUpTo(tree, ranks[order[i]] - 1)
      const upTo = enteredUpTo(tree, ranks[order[i]])
      concordant += below
      tied += upTo - below
      discordant += start - upTo
    }
    for (let i = start; i < end; i++) enter(tree, ranks[order[i]])
    start = end
  }
  return { concordant, discordant, tied }
}
