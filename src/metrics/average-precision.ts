/**
 * Average precision: mean over the relevant documents of the precision at their positions. With a cutoff, documents
 * beyond it add nothing while the denominator stays the number of relevant documents of the list, as in trec_eval.
 */

import type { Convention } from './convention.ts'
import { blankValue } from './ndcg.ts'
import { relevantCount } from './precision.ts'
import { type RankedList, requireOrdered } from './ranked-list.ts'

export function averagePrecision(list: RankedList, cutoff: number | undefined, convention: Convention): number {
  requireOrdered(list, 'map')
  const relevant = relevantCount(list, convention)
  if (relevant === 0) return blankValue(convention)
  const depth = Math.min(cutoff ?? list.labels.length, list.labels.length)
  let [found, sum] = [0, 0]
  for (let i = 0; i < depth; i++) {
    if (list.labels[i] < convention.relevant) continue
    found++
    sum += found / (i + 1)
  }
  return sum / relevant
}
