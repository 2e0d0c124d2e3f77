/** Rows of a batch cut into consecutive ranges of about equal cost. */

import { rowCount, type Shape } from '../../core/shape.ts'

interface Range {
  readonly first: number
  readonly end: number
}

/** Fixed share of a row, in items: what visiting one costs besides its items. */
const rowOverhead = 4

/**
 * At most `parts` ranges that cover all rows in order; fewer where there are fewer rows.
 *
 * @param power cost of a row of n items grows as n^power
 */
export function partition(shape: Shape, parts: number, power: number): Range[] {
  const rows = rowCount(shape)
  const costs = Array.from({ length: rows }, (_, q) => (shape.offsets[q + 1] - shape.offsets[q]) ** power + rowOverhead)
  const total = costs.reduce((sum, cost) => sum + cost, 0)
  const ranges: Range[] = []
  let first = 0
  let done = 0
  for (let q = 0; q < rows; q++) {
    done += costs[q]
    const wanted = (total * (ranges.length + 1)) / parts
    // Half of the next row decides whether it still belongs here.
    if (q + 1 < rows && done + costs[q + 1] / 2 <= wanted) continue
    if (q + 1 < rows && ranges.length === parts - 1) continue
    ranges.push({ first, end: q + 1 })
    first = q + 1
  }
  return ranges.length > 0 ? ranges : [{ first: 0, end: rows }]
}
