/** Precision and recall at k: how many of the first k positions, and of the relevant documents, are relevant ones. */

import { type Convention, isRelevant } from './convention.ts'
import { blankValue } from './ndcg.ts'
import { endsShort, positionWorths, type RankedList } from './ranked-list.ts'

/** Number of documents that count as relevant, ranked or not. */
export function relevantCount({ ideal }: RankedList, convention: Convention): number {
  let count = 0
  while (count < ideal.length && isRelevant(ideal[count], convention)) count++
  return count
}

function hits(list: RankedList, cutoff: number, convention: Convention): number {
  const relevance = (label: number) => (isRelevant(label, convention) ? 1 : 0)
  let sum = 0
  for (const worth of positionWorths(list, relevance, Math.min(cutoff, list.labels.length))) sum += worth
  return sum
}

/**
 * P@k divides by k, as trec_eval and the LETOR 4.0 script do; under short=cut by the length of a list below k, as
 * RankLib, XGBoost and Rax do; under short=zero such a list has 0, as in the averages of the LETOR 3.0 script.
 * 0 for a list without relevant documents, or NaN if dropped.
 */
export function precision(list: RankedList, cutoff: number, convention: Convention): number {
  if (convention.blank === 'drop' && relevantCount(list, convention) === 0) return Number.NaN
  if (list.labels.length === 0 || endsShort(list, cutoff, convention)) return 0
  return hits(list, cutoff, convention) / (convention.short === 'cut' ? Math.min(cutoff, list.labels.length) : cutoff)
}

/** Recall@k. */
export function recall(list: RankedList, cutoff: number, convention: Convention): number {
  const relevant = relevantCount(list, convention)
  if (relevant === 0) return blankValue(convention)
  return endsShort(list, cutoff, convention) ? 0 : hits(list, cutoff, convention) / relevant
}
