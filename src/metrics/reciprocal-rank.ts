/** Reciprocal rank of the first relevant document; 0 when it lies beyond the cutoff, or is not ranked at all. */

import { type Convention, isRelevant } from './convention.ts'
import { blankValue } from './ndcg.ts'
import { relevantCount } from './precision.ts'
import { endsShort, type RankedList, requireOrdered } from './ranked-list.ts'

export function reciprocalRank(list: RankedList, cutoff: number | undefined, convention: Convention): number {
  requireOrdered(list, 'mrr')
  if (relevantCount(list, convention) === 0) return blankValue(convention)
  const first = list.labels.findIndex((label) => isRelevant(label, convention))
  if (first < 0 || endsShort(list, cutoff, convention)) return 0
  return cutoff !== undefined && first >= cutoff ? 0 : 1 / (first + 1)
}
