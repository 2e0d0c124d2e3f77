/** The scale on which a change is tested: logarithms for shares, so that twice and half are equally far; plain for amounts. Positive is worse. */

import type { GateChange, Limit } from '../../core/gate.ts'
import type { Observation } from '../../core/result.ts'

/** How much worse `after` is; NaN for shares of what is below 0, infinite for those of 0. The same number twice is no change. */
export function worsening(better: Observation['better'], { by }: Limit, before: number, after: number): number {
  const sign = better === 'higher' ? -1 : 1
  if (before === after) return 0
  if (by === 'amount') return sign * (after - before)
  return before < 0 || after < 0 ? Number.NaN : sign * Math.log(after / before)
}

/** A limit on the scale of the test. */
export const limitOn = ({ by, most }: Limit): number => (by === 'share' ? Math.log1p(most) : most)

/** A number of the scale as a share or an amount. */
const fromScale = ({ by }: Limit, value: number): number => (by === 'share' ? Math.expm1(value) : value)

export const changeOn = (limit: Limit, { value, low, high }: GateChange): GateChange => ({
  value: fromScale(limit, value),
  low: fromScale(limit, low),
  high: fromScale(limit, high),
})
