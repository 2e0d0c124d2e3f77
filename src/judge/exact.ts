/** Numbers that must come out to the printed digits: examples, counts, and published scores through our metrics. */

import type { Judgement } from '../core/claim.ts'
import type { Observation } from '../core/result.ts'
import { halfDigit } from './margin.ts'

/** Sums in another order differ by a little more than rounding to the printed digits allows. */
const roundoff = 1e-9

/** Whether a value rounds to what was printed. */
export const printsAs = (ours: number, published: number, decimals: number, within?: number): boolean =>
  Math.abs(ours - published) <= (within ?? halfDigit(decimals)) + roundoff

/** @param better a value that does not hold but is on its good side `exceeds` */
export function judgeExact(
  ours: number,
  published: number,
  decimals: number,
  better: Observation['better'],
  within?: number,
): Judgement {
  const difference = ours - published
  const margin = within ?? halfDigit(decimals)
  const ahead = better === 'higher' ? difference > 0 : better === 'lower' ? difference < 0 : false
  const verdict = printsAs(ours, published, decimals, within) ? 'holds' : ahead ? 'exceeds' : 'differs'
  return { verdict, evidence: 'exact', ours, difference, margin }
}
