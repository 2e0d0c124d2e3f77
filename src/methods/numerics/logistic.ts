/** Logistic functions that neither overflow nor lose the small tail. */

/** 1 / (1 + e^-v). */
export function sigmoid(v: number): number {
  const e = Math.exp(-Math.abs(v))
  return v >= 0 ? 1 / (1 + e) : e / (1 + e)
}

/** log(1 + e^v). */
export const softplus = (v: number): number => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)))

/** log(e^a + e^b); -Infinity is the logarithm of nothing. */
export function logAddExp(a: number, b: number): number {
  const top = Math.max(a, b)
  return top === Number.NEGATIVE_INFINITY ? top : top + Math.log1p(Math.exp(Math.min(a, b) - top))
}
