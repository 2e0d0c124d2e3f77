/**
 * Share of the pairs with different labels that the scores order rightly; equal scores are half right. With two
 * labels it is the area under the ROC curve: J. Hanley and B. McNeil, Radiology 143(1), 1982.
 */

import { pairCounts } from './pair-counts.ts'
import type { ScoredList } from './ranked-list.ts'

/** NaN, dropped from the mean, when all labels are equal. */
export function pairwiseAccuracy(list: ScoredList): number {
  const { concordant, discordant, tied } = pairCounts(list)
  const pairs = concordant + discordant + tied
  return pairs === 0 ? Number.NaN : (concordant + tied / 2) / pairs
}
