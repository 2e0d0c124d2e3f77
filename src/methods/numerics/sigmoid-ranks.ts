/**
 * Ranks as sums of pairwise sigmoids, r_i = 1 + sum over j != i of sigma(sign (x_i - x_j) / strength), and their
 * vector-Jacobian product. O(n^2) time, O(1) memory: pairs are visited, never stored.
 */

/** Writes the ranks of x to r. sign = 1: ascending; -1: descending. At strength 0 tied items share their mean rank. */
export function sigmoidRanks(x: Float64Array, strength: number, sign: 1 | -1, r: Float64Array): void {
  r.fill(1)
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < i; j++) {
      const difference = sign * (x[i] - x[j])
      // A tie counts half on both sides at any strength; testing it here also keeps 0 / 0 out.
      const e = difference === 0 ? 1 : Math.exp(-Math.abs(difference) / strength)
      const more = 1 / (1 + e)
      const less = e / (1 + e)
      r[i] += difference >= 0 ? more : less
      r[j] += difference >= 0 ? less : more
    }
  }
}

/** Writes to xBar the gradient of sum_i u_i r_i. The derivative of sigma(v) is sigma(v) sigma(-v). Zero at strength 0. */
export function pullSigmoidRanks(
  x: Float64Array,
  strength: number,
  sign: 1 | -1,
  u: Float64Array,
  xBar: Float64Array,
): void {
  xBar.fill(0)
  if (strength === 0) return
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < i; j++) {
      const e = Math.exp(-Math.abs(x[i] - x[j]) / strength)
      const slope = (((sign * e) / (1 + e) / (1 + e)) * (u[i] - u[j])) / strength
      xBar[i] += slope
      xBar[j] -= slope
    }
  }
}

/** Writes to rDot the derivative of the ranks along xDot. */
export function pushSigmoidRanks(
  x: Float64Array,
  strength: number,
  sign: 1 | -1,
  xDot: Float64Array,
  rDot: Float64Array,
): void {
  rDot.fill(0)
  if (strength === 0) return
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < i; j++) {
      const e = Math.exp(-Math.abs(x[i] - x[j]) / strength)
      const slope = (((sign * e) / (1 + e) / (1 + e)) * (xDot[i] - xDot[j])) / strength
      rDot[i] += slope
      rDot[j] -= slope
    }
  }
}

/**
 * Writes to out the derivative of the gradient of sum_i u_i r_i along xDot, u held. The second derivative of sigma is
 * sigma(v) sigma(-v) (1 - 2 sigma(v)), odd.
 */
export function bendSigmoidRanks(
  x: Float64Array,
  strength: number,
  sign: 1 | -1,
  u: Float64Array,
  xDot: Float64Array,
  out: Float64Array,
): void {
  out.fill(0)
  if (strength === 0) return
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < i; j++) {
      const v = (x[i] - x[j]) / strength
      const e = Math.exp(-Math.abs(v))
      const second = (sign * Math.sign(v) * e * (e - 1)) / (1 + e) ** 3 / strength ** 2
      const bent = second * (u[i] - u[j]) * (xDot[i] - xDot[j])
      out[i] += bent
      out[j] -= bent
    }
  }
}
