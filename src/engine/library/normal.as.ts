/**
 * The standard normal distribution on two lanes: tails beyond v >= 0 as the density times the Mills ratio, a Chebyshev series in
 * 4 / (v + 4); coefficients and reasons are those of methods/numerics/normal.ts.
 */

import { exp64x2 } from './exp.as'

/** Beyond it tails and density are nothing. */
const farthest: f64 = 37
const inverseRoot2Pi: f64 = 0.3989422804014327

@inline
function step(twice: v128, b1: v128, b2: v128, coefficient: f64): v128 {
  return f64x2.add(f64x2.sub(f64x2.mul(twice, b1), b2), f64x2.splat(coefficient))
}

/** exp(-v^2 / 2) / sqrt(2 pi). The square of `head` is exact: rounding v^2 would cost v^2 units in the last place. */
@inline
export function normalDensity64x2(v: v128): v128 {
  const a = f64x2.pmin(f64x2.splat(farthest), f64x2.abs(v))
  const head = f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(a))
  const rest = f64x2.mul(f64x2.sub(a, head), f64x2.add(a, head))
  const half = f64x2.splat(-0.5)
  const product = f64x2.mul(exp64x2(f64x2.mul(half, f64x2.mul(head, head))), exp64x2(f64x2.mul(half, rest)))
  return f64x2.mul(product, f64x2.splat(inverseRoot2Pi))
}

/** R(|v|) = tail / density, by Clenshaw's recurrence; the newest term takes the place of the oldest, so that nothing is moved. */
@inline
export function millsRatio64x2(v: v128): v128 {
  const a = f64x2.pmin(f64x2.splat(farthest), f64x2.abs(v))
  const four = f64x2.splat(4)
  const sum = f64x2.add(four, a)
  const s = f64x2.div(f64x2.sub(four, a), sum)
  const twice = f64x2.add(s, s)
  let b1 = f64x2.splat(0)
  let b2 = f64x2.splat(0)
  b2 = step(twice, b1, b2, 1.0169552398038542e-16)
  b1 = step(twice, b2, b1, 7.170195501422588e-17)
  b2 = step(twice, b1, b2, -2.0183740275707353e-15)
  b1 = step(twice, b2, b1, 3.0532395587325663e-15)
  b2 = step(twice, b1, b2, 3.2414173582086784e-14)
  b1 = step(twice, b2, b1, -1.2300711839232774e-13)
  b2 = step(twice, b1, b2, -4.36538404380973e-13)
  b1 = step(twice, b2, b1, 3.290856124224385e-12)
  b2 = step(twice, b1, b2, 4.618414179155219e-12)
  b1 = step(twice, b2, b1, -7.957248719448846e-11)
  b2 = step(twice, b1, b2, -2.491945496827567e-11)
  b1 = step(twice, b2, b1, 1.9486566378891076e-9)
  b2 = step(twice, b1, b2, -2.8281293276602497e-10)
  b1 = step(twice, b2, b1, -5.185338601094672e-8)
  b2 = step(twice, b1, b2, -8.474960630061696e-9)
  b1 = step(twice, b2, b1, 1.5404069839913e-6)
  b2 = step(twice, b1, b2, 2.5325891365988257e-6)
  b1 = step(twice, b2, b1, -4.7383719270581175e-5)
  b2 = step(twice, b1, b2, -0.0002520349348054353)
  b1 = step(twice, b2, b1, 0.0008036212007299657)
  b2 = step(twice, b1, b2, 0.017360708143727772)
  b1 = step(twice, b2, b1, 0.12161597214420457)
  b2 = step(twice, b1, b2, 0.5569566490963817)
  b1 = step(twice, b2, b1, 1.8842545745794834)
  return f64x2.div(f64x2.add(f64x2.sub(f64x2.mul(s, b1), b2), f64x2.splat(2.4325604285150404)), sum)
}

/** P(beyond |v|), at most 1/2: the last digit must not put the tails of opposite signs in the wrong order. */
@inline
export function normalTail64x2(density: v128, v: v128): v128 {
  return f64x2.pmin(f64x2.splat(0.5), f64x2.mul(density, millsRatio64x2(v)))
}
