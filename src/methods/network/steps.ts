/**
 * The soft step f of a comparator, alpha = f(v) with v = steepness (b - a): what share of the smaller value stays on the
 * first wire. All are distribution functions with f(v) + f(-v) = 1, so the part for v >= 0 says everything.
 */

import { sigmoid, softplus } from '../numerics/logistic.ts'
import { logNormalTail, millsRatio, normalCdf, normalDensity } from '../numerics/normal.ts'

export type Distribution = 'logistic' | 'art' | 'gaussian' | 'reciprocal' | 'cauchy' | 'optimal'

/** At v >= 0. */
interface Step {
  /** 1 - f(v). */
  tail(v: number): number
  /** f'(v). */
  slope(v: number): number
  /** log(1 - f(v)), also where 1 - f(v) is less than any number. */
  logTail(v: number): number
  /** f'(v) / (1 - f(v)): how fast that logarithm falls. */
  hazard(v: number): number
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
  logTail: (v) => -softplus(v),
  hazard: sigmoid,
}

/** Tails that no v brings to nothing need no other formula. */
const heavy = ({ tail, slope }: Pick<Step, 'tail' | 'slope'>): Step => ({
  tail,
  slope,
  logTail: (v) => Math.log(tail(v)),
  hazard: (v) => slope(v) / tail(v),
})

/** Petersen et al. 2022, equation of each in turn; Gaussian as a probit comparator. */
const steps: Readonly<Record<Exclude<Distribution, 'art'>, Step>> = {
  logistic,
  gaussian: {
    tail: (v) => normalCdf(-v),
    slope: normalDensity,
    logTail: logNormalTail,
    hazard: (v) => 1 / millsRatio(v),
  },
  reciprocal: heavy({ tail: (v) => 1 / (2 + v), slope: (v) => 1 / (2 + v) ** 2 }),
  cauchy: heavy({
    // atan(1 / v) keeps the digits of a small tail that 1/2 - atan(v) / pi loses.
    tail: (v) => (v > 1 ? Math.atan(1 / v) / Math.PI : 0.5 - Math.atan(v) / Math.PI),
    slope: (v) => 1 / (Math.PI * (1 + v * v)),
  }),
  optimal: heavy({
    tail: (v) => (v <= 0.25 ? 0.5 - v : 1 / (16 * v)),
    slope: (v) => (v <= 0.25 ? 1 : 1 / (16 * v * v)),
  }),
}

const artPower = 0.25
const artFloor = 1e-10

/** A function of |d| that says how soft a comparator is. */
interface Bent {
  /** v of the step. */
  readonly v: number
  /** dv / d|d|. */
  readonly rise: number
}

/** The activation replacement trick bends the difference before the logistic: d / (|d| + 1e-10)^(1/4). */
function artOf(size: number, steepness: number): Bent {
  const raised = (size + artFloor) ** artPower
  return { v: (steepness * size) / raised, rise: (steepness / raised) * (1 - (artPower * size) / (size + artFloor)) }
}

/** What comparator d = b - a does, by |d|. */
export interface Swap {
  /** tail(|d|), and the derivative of f in d. */
  at(size: number): { readonly tail: number; readonly slope: number }
  /** log tail(|d|), and how fast it falls with |d|. */
  logAt(size: number): { readonly logTail: number; readonly hazard: number }
}

export function swapOf(distribution: Distribution, steepness: number): Swap {
  const step = distribution === 'art' ? logistic : steps[distribution]
  const bend = (size: number): Bent =>
    distribution === 'art' ? artOf(size, steepness) : { v: steepness * size, rise: steepness }
  return {
    at(size) {
      const { v, rise } = bend(size)
      return { tail: step.tail(v), slope: rise * step.slope(v) }
    },
    logAt(size) {
      const { v, rise } = bend(size)
      return { logTail: step.logTail(v), hazard: rise * step.hazard(v) }
    },
  }
}
