/**
 * Expected reciprocal rank: a user scans down and stops at document i with probability R_i = (2^y - 1) / 2^grade.
 * ERR = sum over i of (1 / i) R_i prod over j < i of (1 - R_j). Chapelle, Metzler, Zhang, Grinspan, CIKM 2009,
 * equation 4. `grade` is the largest label of the scale, not of the data at hand: the value of a query must not
 * depend on the other queries. The convention names it; it is 4 unless a preset or the metric's name says otherwise.
 */

import type { Convention } from './convention.ts'
import { endsShort, type RankedList, requireOrdered } from './ranked-list.ts'

/** Labels must not exceed `convention.grade`; `evaluateAll` refuses those that do. 0 for a list without gain. */
export function expectedReciprocalRank(list: RankedList, cutoff: number | undefined, convention: Convention): number {
  requireOrdered(list, 'err')
  if (convention.blank === 'drop' && !(list.ideal[0] > 0)) return Number.NaN
  if (endsShort(list, cutoff, convention)) return 0
  const depth = Math.min(cutoff ?? list.labels.length, list.labels.length)
  let [sum, reach] = [0, 1]
  for (let i = 0; i < depth; i++) {
    const stop = (2 ** list.labels[i] - 1) / 2 ** convention.grade
    sum += (reach * stop) / (i + 1)
    reach *= 1 - stop
  }
  return sum
}
