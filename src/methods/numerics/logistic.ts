/** Logistic functions that neither overflow nor lose the small tail. */

/** 1 / (1 + e^-v). */
export function sigmoid(v: number): number {
  const e = Math.exp(-Math.abs(v))
  return v >= 0 ? 1 / (1 + e) : e / (1 + e)
}

/** log(1 + e^v). */
export const softplus = (v: number): number => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)))

/** log(e^a + e^b), finite a and b. */
export const logAddExp = (a: number, b: number): number => Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)))
