/**
 * Average precision: mean over the relevant documents of the precision at their positions. Documents beyond a cutoff
 * add nothing; what the sum is divided by then is where tools differ, and the convention's `divisor` says it.
 */

import { type Convention, isRelevant } from './convention.ts'
import { blankValue } from './ndcg.ts'
import { relevantCount } from './precision.ts'
import { endsShort, type RankedList, requireOrdered } from './ranked-list.ts'

/** All relevant documents (trec_eval), as many as k positions hold (LightGBM, XGBoost), or those found (TorchMetrics). */
function divisor(relevant: number, cutoff: number, found: number, convention: Convention): number {
  switch (convention.divisor) {
    case 'relevant':
      return relevant
    case 'reachable':
      return Math.min(relevant, cutoff)
    case 'found':
      return found
  }
}

/** Average precision at `cutoff`, or of the whole list; the convention decides lists without relevant documents. */
export function averagePrecision(list: RankedList, cutoff: number | undefined, convention: Convention): number {
  requireOrdered(list, 'map')
  const relevant = relevantCount(list, convention)
  if (relevant === 0) return blankValue(convention)
  if (endsShort(list, cutoff, convention)) return 0
  const depth = Math.min(cutoff ?? list.labels.length, list.labels.length)
  let [found, sum] = [0, 0]
  for (let i = 0; i < depth; i++) {
    if (!isRelevant(list.labels[i], convention)) continue
    found++
    sum += found / (i + 1)
  }
  return found === 0 ? 0 : sum / divisor(relevant, cutoff ?? Number.POSITIVE_INFINITY, found, convention)
}
