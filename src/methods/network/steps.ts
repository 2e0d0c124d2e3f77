/**
 * The soft step f of a comparator, alpha = f(v) with v = steepness (b - a): what share of the smaller value stays on the
 * first wire. All are distribution functions with f(v) + f(-v) = 1, so the part for v >= 0 says everything.
 */

import { normalCdf, normalDensity } from '../numerics/normal.ts'

export type Distribution = 'logistic' | 'art' | 'gaussian' | 'reciprocal' | 'cauchy' | 'optimal'

/** At v >= 0. */
interface Step {
  /** 1 - f(v). */
  tail(v: number): number
  /** f'(v). */
  slope(v: number): number
}

const logistic: Step = {
  tail: (v) => {
    const e = Math.exp(-v)
    return e / (1 + e)
  },
  slope: (v) => {
    const e = Math.exp(-v)
    return e / (1 + e) ** 2
  },
}

/** Petersen et al. 2022, equation of each in turn; Gaussian as a probit comparator. */
const steps: Readonly<Record<Exclude<Distribution, 'art'>, Step>> = {
  logistic,
  gaussian: { tail: (v) => normalCdf(-v), slope: normalDensity },
  reciprocal: { tail: (v) => 1 / (2 + v), slope: (v) => 1 / (2 + v) ** 2 },
  cauchy: {
    // atan(1 / v) keeps the digits of a small tail that 1/2 - atan(v) / pi loses.
    tail: (v) => (v > 1 ? Math.atan(1 / v) / Math.PI : 0.5 - Math.atan(v) / Math.PI),
    slope: (v) => 1 / (Math.PI * (1 + v * v)),
  },
  optimal: {
    tail: (v) => (v <= 0.25 ? 0.5 - v : 1 / (16 * v)),
    slope: (v) => (v <= 0.25 ? 1 : 1 / (16 * v * v)),
  },
}

const artPower = 0.25
const artFloor = 1e-10

/** The activation replacement trick bends the difference before the logistic: d / (|d| + 1e-10)^(1/4). */
function artAt(size: number, steepness: number): { tail: number; slope: number } {
  const bent = (steepness * size) / (size + artFloor) ** artPower
  const bentSlope = (steepness / (size + artFloor) ** artPower) * (1 - (artPower * size) / (size + artFloor))
  return { tail: logistic.tail(bent), slope: logistic.slope(bent) * bentSlope }
}

/** tail(|d|) and its derivative in d at |d| = size. */
export type Swap = (size: number) => { tail: number; slope: number }

export function swapOf(distribution: Distribution, steepness: number): Swap {
  if (distribution === 'art') return (size) => artAt(size, steepness)
  const step = steps[distribution]
  return (size) => ({ tail: step.tail(steepness * size), slope: steepness * step.slope(steepness * size) })
}
