/** Normalised DCG: DCG of the ranking over that of the best ranking. */

import type { Convention } from './convention.ts'
import { dcg, discountOf, gainOf, idealDcg } from './dcg.ts'
import { positionWorths, type RankedList } from './ranked-list.ts'

/** Value of a list that a metric says nothing about; NaN drops it from the mean. */
export const blankValue = ({ blank }: Convention): number => (blank === 'drop' ? Number.NaN : blank)

/** NDCG at `cutoff`, or of the whole list; the convention decides lists without relevant documents and short ones. */
export function ndcg(list: RankedList, cutoff: number | undefined, convention: Convention): number {
  const n = list.ideal.length
  const ideal = idealDcg(list, convention.ideal === 'full' ? n : Math.min(cutoff ?? n, n), convention)
  return ideal > 0 ? dcg(list, cutoff, convention) / ideal : blankValue(convention)
}

/** Mean of NDCG@1 .. NDCG@n of one list, as the LETOR 4.0 and MSLR scripts print it. */
export function meanNdcg(list: RankedList, convention: Convention): number {
  const n = list.labels.length
  const gain = gainOf(convention.gain)
  const worths = positionWorths(list, gain, n)
  const full = idealDcg(list, list.ideal.length, convention)
  if (!(full > 0)) return blankValue(convention)
  if (n === 0) return 0
  let [sum, top, bottom] = [0, 0, 0]
  for (let k = 1; k <= n; k++) {
    const weight = discountOf(convention.discount, k)
    top += worths[k - 1] * weight
    bottom += gain(list.ideal[k - 1]) * weight
    sum += top / (convention.ideal === 'full' ? full : bottom)
  }
  return sum / n
}
