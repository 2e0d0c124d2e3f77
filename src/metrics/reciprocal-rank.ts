/** Reciprocal rank of the first relevant document; 0 when it lies beyond the cutoff. */

import type { Convention } from './convention.ts'
import { blankValue } from './ndcg.ts'
import { type RankedList, requireOrdered } from './ranked-list.ts'

export function reciprocalRank(list: RankedList, cutoff: number | undefined, convention: Convention): number {
  requireOrdered(list, 'mrr')
  const first = list.labels.findIndex((label) => label >= convention.relevant)
  if (first < 0) return blankValue(convention)
  return cutoff !== undefined && first >= cutoff ? 0 : 1 / (first + 1)
}
