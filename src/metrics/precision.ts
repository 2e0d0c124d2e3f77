/** Precision and recall at k: how many of the first k positions, and of the relevant documents, are relevant ones. */

import type { Convention } from './convention.ts'
import { blankValue } from './ndcg.ts'
import { positionWorths, type RankedList } from './ranked-list.ts'

const relevance =
  ({ relevant }: Convention) =>
  (label: number): number =>
    label >= relevant ? 1 : 0

/** Number of documents that count as relevant. */
export function relevantCount({ ideal }: RankedList, { relevant }: Convention): number {
  let count = 0
  while (count < ideal.length && ideal[count] >= relevant) count++
  return count
}

function hits(list: RankedList, cutoff: number, convention: Convention): number {
  let sum = 0
  for (const worth of positionWorths(list, relevance(convention), Math.min(cutoff, list.labels.length))) sum += worth
  return sum
}

/**
 * P@k with k in the denominator, under either rule for short lists: the missing documents are irrelevant ones, as in
 * the LETOR 4.0 and MSLR scripts, trec_eval and RankLib. 0 for a list without relevant documents, or NaN if dropped.
 */
export function precision(list: RankedList, cutoff: number, convention: Convention): number {
  if (convention.blank === 'drop' && relevantCount(list, convention) === 0) return Number.NaN
  return hits(list, cutoff, convention) / cutoff
}

/** Recall@k. */
export function recall(list: RankedList, cutoff: number, convention: Convention): number {
  const relevant = relevantCount(list, convention)
  return relevant === 0 ? blankValue(convention) : hits(list, cutoff, convention) / relevant
}
