/**
 * Are two means the same, within a margin? Two one-sided tests ask whether the difference is provably inside the margin; the
 * usual two-sided test, whether it is provably not 0. Neither may be provable: then the data cannot say.
 * Schuirmann, "A comparison of the two one-sided tests procedure and the power approach", J. Pharmacokinetics and
 * Biopharmaceutics 1987.
 */

import { studentQuantile, studentTails } from './distributions.ts'
import type { Estimate } from './estimate.ts'

/** Probability of a t value this far out on one side. */
function upperTail(t: number, degreesOfFreedom: number): number {
  const half = studentTails(t, degreesOfFreedom) / 2
  return t >= 0 ? half : 1 - half
}

/** Two-sided p of a difference of 0; without any spread, 1 when there is no difference and else 0. */
export function differenceP({ difference, error, degreesOfFreedom }: Estimate): number {
  if (error === 0) return difference === 0 ? 1 : 0
  return Math.min(1, 2 * upperTail(Math.abs(difference) / error, degreesOfFreedom))
}

/** p of two one-sided tests: small when the difference lies inside ±margin. */
export function equivalenceP({ difference, error, degreesOfFreedom }: Estimate, margin: number): number {
  const room = margin - Math.abs(difference)
  if (error === 0) return room > 0 ? 0 : 1
  return upperTail(room / error, degreesOfFreedom)
}

/** Interval of the difference; that of 90 % lies inside the margin exactly when `equivalenceP` is below 5 %. */
export function differenceInterval(
  { difference, error, degreesOfFreedom }: Estimate,
  level = 0.9,
): { readonly low: number; readonly high: number } {
  const half = error === 0 ? 0 : studentQuantile((1 + level) / 2, degreesOfFreedom) * error
  return { low: difference - half, high: difference + half }
}

/** The true difference that the two-sided test finds with probability `power`. */
export function detectableDifference(
  { error, degreesOfFreedom }: Pick<Estimate, 'error' | 'degreesOfFreedom'>,
  { level = 0.05, power = 0.8 } = {},
): number {
  if (error === 0) return 0
  return (studentQuantile(1 - level / 2, degreesOfFreedom) + studentQuantile(power, degreesOfFreedom)) * error
}

/**
 * Probability that two one-sided tests show equivalence when there is no difference at all. The spread is taken as known, as in
 * the usual planning formula; for few degrees of freedom it is a little too high.
 */
export function equivalencePower({ error, degreesOfFreedom }: Estimate, margin: number, level = 0.05): number {
  if (error === 0) return 1
  const reach = margin / error - studentQuantile(1 - level, degreesOfFreedom)
  return reach <= 0 ? 0 : 1 - 2 * upperTail(reach, degreesOfFreedom)
}
