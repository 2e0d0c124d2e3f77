/** Mean ranks with what they are worth, in the words of every table that has them. */

import type { RankedBlocks } from '../stats/mean-ranks.ts'
import { probability } from './standings.ts'
import type { Value } from './table.ts'

/** `= 0.012`, or `< 1e-15`. */
const equation = (shown: string): string => (shown.startsWith('<') ? shown.replace('<', '< ') : `= ${shown}`)

/** @param caution why they are no verdict */
export const rankLines = (
  { p, criticalDifference, separated }: RankedBlocks,
  caution: string,
): readonly [string, string] => [
  `ranks as uneven as these among rankers that are all the same: p ${equation(probability(p).text)} (Friedman, Iman and Davenport)`,
  `a summary, not a verdict: mean ranks would have to be ${criticalDifference.toFixed(2)} apart (Nemenyi, 5 %), which separates ${separated.pairs} of ${separated.of} pairs; ${caution}`,
]

/** `7.20 [6.10, 8.30]` */
export function rankValue({ meanRanks, intervals }: RankedBlocks, i: number): Value {
  const { low, high } = intervals[i]
  return { text: `${meanRanks[i].toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`, data: meanRanks[i] }
}
