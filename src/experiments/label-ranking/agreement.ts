/** How well scores order the labels of each row: Spearman's correlation, mean over rows. */

import { spearman } from '../../metrics/spearman.ts'

/** A row whose scores are all equal says nothing about its order: 0. */
export function meanAgreement(scores: Float64Array, ranks: Float64Array, labels: number): number {
  const rows = ranks.length / labels
  let sum = 0
  for (let i = 0; i < rows; i++) {
    const row = (table: Float64Array) => table.subarray(i * labels, (i + 1) * labels)
    const found = spearman({ scores: row(scores), labels: row(ranks) } as Parameters<typeof spearman>[0])
    sum += Number.isNaN(found) ? 0 : found
  }
  return sum / rows
}
