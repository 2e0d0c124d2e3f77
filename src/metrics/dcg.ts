/**
 * Discounted cumulative gain: DCG@k = sum over i <= k of g(y_i) D(i).
 * Jarvelin and Kekalainen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 2002; with tied scores its
 * expectation over their orders, McSherry and Najork, ECIR 2008.
 */

import type { Convention } from './convention.ts'
import { positionWorths, type RankedList } from './ranked-list.ts'

/** g(y): 2^y - 1, or y. */
export const gainOf = (gain: Convention['gain']): ((label: number) => number) =>
  gain === 'exp2' ? (label) => 2 ** label - 1 : (label) => label

/** D(i) of position i, 1-based: 1 / log2(1 + i), or the LETOR scripts' 1, 1, 1 / log2(3), 1 / log2(4), ... */
export const discountOf = (discount: Convention['discount'], position: number): number =>
  discount === 'log2' ? 1 / Math.log2(1 + position) : position <= 2 ? 1 : 1 / Math.log2(position)

const tables: Record<Convention['discount'], number[]> = { log2: [], letor: [] }

/** Discounts of the first `length` positions, computed once. */
function discounts(discount: Convention['discount'], length: number): readonly number[] {
  const table = tables[discount]
  while (table.length < length) table.push(discountOf(discount, table.length + 1))
  return table
}

/** Sum of worth times discount over the first `depth` positions. */
export function discountedSum(worths: ArrayLike<number>, depth: number, discount: Convention['discount']): number {
  const weights = discounts(discount, depth)
  let sum = 0
  for (let i = 0; i < depth; i++) sum += worths[i] * weights[i]
  return sum
}

/** DCG at `cutoff`, or of the whole list. */
export function dcg(list: RankedList, cutoff: number | undefined, convention: Convention): number {
  const n = list.labels.length
  if (convention.short === 'zero' && cutoff !== undefined && n < cutoff) return 0
  const worths = positionWorths(list, gainOf(convention.gain))
  return discountedSum(worths, Math.min(cutoff ?? n, n), convention.discount)
}
