/**
 * Kendall's tau-a = (C - D) / (n (n - 1) / 2). M. Kendall, "A new measure of rank correlation", 1938. A pair that is
 * tied on either side is neither concordant nor discordant and stays in the denominator, so a list with tied labels
 * cannot reach 1.
 */

import { pairCounts } from './pair-counts.ts'
import type { ScoredList } from './ranked-list.ts'

/** NaN, dropped from the mean, below two documents. */
export function kendall(list: ScoredList): number {
  const n = list.labels.length
  const { concordant, discordant } = pairCounts(list)
  return n < 2 ? Number.NaN : (concordant - discordant) / ((n * (n - 1)) / 2)
}
