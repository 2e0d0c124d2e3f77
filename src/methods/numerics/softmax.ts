/** Softmax of a part of an array, and its derivatives. */

/** Softmax of p[at] up to p[at + n] over temperature tau, in place. The maximum goes before the division: no overflow. */
export function softmaxInPlace(p: Float64Array, at: number, n: number, tau: number): void {
  let max = Number.NEGATIVE_INFINITY
  for (let j = at; j < at + n; j++) if (p[j] > max) max = p[j]
  let sum = 0
  for (let j = at; j < at + n; j++) {
    p[j] = Math.exp((p[j] - max) / tau)
    sum += p[j]
  }
  for (let j = at; j < at + n; j++) p[j] /= sum
}

/** The derivative of a softmax row p along the derivative of its logits, held in pDot, in place. */
export function pushSoftmax(p: Float64Array, pDot: Float64Array, at: number, n: number): void {
  const mean = meanUnder(p, pDot, at, n)
  for (let j = at; j < at + n; j++) pDot[j] = p[j] * (pDot[j] - mean)
}

/** Writes to out the derivative of p_j (u_j - p.u), the VJP of a softmax row, when p moves by pDot and u by uDot. */
export function bendSoftmax(
  p: Float64Array,
  pDot: Float64Array,
  u: Float64Array,
  uDot: Float64Array,
  out: Float64Array,
): void {
  const n = out.length
  const mean = meanUnder(p, u, 0, n)
  let moved = 0
  for (let j = 0; j < n; j++) moved += pDot[j] * (u[j] - mean) + p[j] * uDot[j]
  for (let j = 0; j < n; j++) out[j] = pDot[j] * (u[j] - mean) + p[j] * (uDot[j] - moved)
}

/** p.u, the mean of the upstream gradient under row p: the VJP of softmax is p_j (u_j - p.u). */
export function meanUnder(p: Float64Array, u: Float64Array, at: number, n: number): number {
  let mean = 0
  for (let j = at; j < at + n; j++) mean += p[j] * u[j]
  return mean
}
