/** The standard normal distribution, to rounding in both tails. */

const sqrt2 = Math.SQRT2
const twoOverSqrtPi = 2 / Math.sqrt(Math.PI)

/** erf(x) = 2 / sqrt(pi) e^(-x^2) sum over k of 2^k x^(2k+1) / (2k+1)!!, for |x| below 2: all terms of one sign. */
function erfSeries(x: number): number {
  let [term, sum] = [x, x]
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    term *= (2 * x * x) / (2 * k + 1)
    sum += term
  }
  return twoOverSqrtPi * Math.exp(-x * x) * sum
}

const fractionDepth = 80

/** erfc(x) = e^(-x^2) / sqrt(pi) / (x + (1/2) / (x + 1 / (x + (3/2) / (x + ...)))), for x from 2 on. */
function erfcFraction(x: number): number {
  let tail = x
  for (let k = fractionDepth; k > 0; k--) tail = x + k / 2 / tail
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail
}

function erfc(x: number): number {
  if (x >= 2) return erfcFraction(x)
  if (x <= -2) return 2 - erfcFraction(-x)
  return 1 - erfSeries(x)
}

/** P(Z <= v). The lower tail keeps its relative accuracy: from 1 on it is one half of erfc(-v / sqrt 2). */
export function normalCdf(v: number): number {
  if (v < -1) return lowerTail(-v)
  return v > 1 ? 1 - lowerTail(v) : 0.5 + erfSeries(v / sqrt2) / 2
}

/** P(Z <= -v) for v > 1. Between 1 and 2 sqrt 2 the difference 1 - erf still has 14 digits. */
const lowerTail = (v: number): number => erfc(v / sqrt2) / 2

/** The density at v. */
export const normalDensity = (v: number): number => Math.exp((-v * v) / 2) / Math.sqrt(2 * Math.PI)
