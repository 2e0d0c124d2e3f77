/**
 * Discounted cumulative gain: DCG@k = sum over i <= k of g(y_i) D(i).
 * Jarvelin and Kekalainen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 2002; with tied scores its
 * expectation over their orders, McSherry and Najork, ECIR 2008.
 */

import type { Convention } from './convention.ts'
import { endsShort, positionWorths, type RankedList } from './ranked-list.ts'

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

/** Sum of worth times discount over all positions of `worths`. */
function discountedSum(worths: Float64Array, discount: Convention['discount']): number {
  const weights = discounts(discount, worths.length)
  let sum = 0
  for (let i = 0; i < worths.length; i++) sum += worths[i] * weights[i]
  return sum
}

/** DCG of the first `depth` positions, whatever the convention says about blank and short lists. */
const dcgOfDepth = (list: RankedList, depth: number, { gain, discount }: Convention): number =>
  discountedSum(positionWorths(list, gainOf(gain), depth), discount)

/** DCG of the best ranking, its first `depth` positions. */
export const idealDcg = ({ ideal }: RankedList, depth: number, { gain, discount }: Convention): number =>
  discountedSum(ideal.subarray(0, depth).map(gainOf(gain)), discount)

/** DCG at `cutoff`, or of the whole list; NaN for a list without gain under blank=drop. */
export function dcg(list: RankedList, cutoff: number | undefined, convention: Convention): number {
  const n = list.labels.length
  if (convention.blank === 'drop' && !(list.ideal[0] > 0)) return Number.NaN
  if (endsShort(list, cutoff, convention)) return 0
  return dcgOfDepth(list, Math.min(cutoff ?? n, n), convention)
}
