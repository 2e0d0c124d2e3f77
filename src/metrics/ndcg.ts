/** Normalised DCG: DCG of the ranking over that of the best ranking. */

import type { Convention } from './convention.ts'
import { dcg, discountedSum, discountOf, gainOf } from './dcg.ts'
import { positionWorths, type RankedList } from './ranked-list.ts'

/** Value of a list that a metric says nothing about; NaN drops it from the mean. */
export const blankValue = ({ blank }: Convention): number => (blank === 'drop' ? Number.NaN : blank)

function idealDcg({ ideal }: RankedList, depth: number, convention: Convention): number {
  const gain = gainOf(convention.gain)
  return discountedSum(ideal.map(gain), convention.ideal === 'full' ? ideal.length : depth, convention.discount)
}

/** NDCG at `cutoff`, or of the whole list; the convention decides lists without relevant documents and short ones. */
export function ndcg(list: RankedList, cutoff: number | undefined, convention: Convention): number {
  const n = list.labels.length
  const ideal = idealDcg(list, Math.min(cutoff ?? n, n), convention)
  return ideal > 0 ? dcg(list, cutoff, convention) / ideal : blankValue(convention)
}

/** Mean of NDCG@1 .. NDCG@n of one list, as the LETOR scripts print it. */
export function meanNdcg(list: RankedList, convention: Convention): number {
  const n = list.labels.length
  const gain = gainOf(convention.gain)
  const worths = positionWorths(list, gain)
  const best = list.ideal.map(gain)
  if (!(best[0] > 0)) return blankValue(convention)
  const full = discountedSum(best, n, convention.discount)
  let [sum, top, bottom] = [0, 0, 0]
  for (let k = 1; k <= n; k++) {
    const weight = discountOf(convention.discount, k)
    top += worths[k - 1] * weight
    bottom += best[k - 1] * weight
    sum += top / (convention.ideal === 'full' ? full : bottom)
  }
  return sum / n
}
