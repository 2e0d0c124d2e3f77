/**
 * The standard normal distribution, to a few units in the last place, both tails included.
 *
 * Its tail beyond v >= 0 is the density at v times the Mills ratio R(v), which is smooth and well conditioned. With
 * t = 4 / (v + 4) the function (v + 4) R(v) is a Chebyshev series on 0 <= t <= 1; its coefficients below were computed
 * from erfc with 60 digits, by interpolation at 80 nodes, and cut where they no longer count.
 */

const stretch = 4

const coefficients = Float64Array.of(
  2.4325604285150404,
  1.8842545745794834,
  0.5569566490963817,
  0.12161597214420457,
  0.017360708143727772,
  0.0008036212007299657,
  -0.0002520349348054353,
  -4.7383719270581175e-5,
  2.5325891365988257e-6,
  1.5404069839913e-6,
  -8.474960630061696e-9,
  -5.185338601094672e-8,
  -2.8281293276602497e-10,
  1.9486566378891076e-9,
  -2.491945496827567e-11,
  -7.957248719448846e-11,
  4.618414179155219e-12,
  3.290856124224385e-12,
  -4.36538404380973e-13,
  -1.2300711839232774e-13,
  3.2414173582086784e-14,
  3.0532395587325663e-15,
  -2.0183740275707353e-15,
  7.170195501422588e-17,
  1.0169552398038542e-16,
)

/** R(v) = tail / density, v >= 0, by Clenshaw's recurrence. */
export function millsRatio(v: number): number {
  const twice = (2 * (stretch - v)) / (stretch + v)
  let b1 = 0
  let b2 = 0
  for (let k = coefficients.length - 1; k > 0; k--) {
    const b0 = twice * b1 - b2 + coefficients[k]
    b2 = b1
    b1 = b0
  }
  return ((twice / 2) * b1 - b2 + coefficients[0]) / (v + stretch)
}

/** Beyond this the density is 0 in f64. */
const farthest = 39

/** The density e^(-v^2 / 2) / sqrt(2 pi). */
export function normalDensity(v: number): number {
  const a = Math.abs(v)
  if (a > farthest) return 0
  // The square of `head` is exact: rounding v^2 would cost v^2 units in the last place.
  const head = Math.fround(a)
  const rest = (a - head) * (a + head)
  return (Math.exp(-0.5 * head * head) * Math.exp(-0.5 * rest)) / Math.sqrt(2 * Math.PI)
}

/** The probability of a value below v. */
export function normalCdf(v: number): number {
  // At most 1/2: the last digit must not put the tails of opposite signs in the wrong order.
  const tail = Math.abs(v) > farthest ? 0 : Math.min(normalDensity(v) * millsRatio(Math.abs(v)), 0.5)
  return v > 0 ? 1 - tail : tail
}

/** log of the probability of a value above v >= 0, also where that is less than any number. */
export const logNormalTail = (v: number): number => -0.5 * v * v - 0.5 * Math.log(2 * Math.PI) + Math.log(millsRatio(v))
