/** Losses that sum a function of the score difference over pairs of a list. */

import type { LossPasses, ScoredList } from './loss-plan.ts'

/** Losses of pairs have their second derivatives by formula. */
type PairPasses = Required<Omit<LossPasses, 'facts'>>

export interface PairFunction {
  /** Loss of a pair whose first item scores `d` more than the second. */
  value(d: number): number
  slope(d: number): number
  /** The derivative of the slope, 0 at kinks. */
  bend(d: number): number
}

/** Weight of the pair (i, j); a constant of the gradient. */
type PairWeight = (i: number, j: number) => number

/** sum over pairs of w_ij phi(s_i - s_j); by default over pairs with y_i > y_j. */
export function pairLoss(
  { scores, labels }: ScoredList,
  phi: PairFunction,
  weight: PairWeight,
  counts: (i: number, j: number) => boolean = (i, j) => labels[i] > labels[j],
): PairPasses {
  const n = scores.length
  return {
    value() {
      let loss = 0
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) if (counts(i, j)) loss += weight(i, j) * phi.value(scores[i] - scores[j])
      }
      return loss
    },
    gradient(scale, out) {
      out.fill(0)
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          if (i === j || !counts(i, j)) continue
          const slope = scale * weight(i, j) * phi.slope(scores[i] - scores[j])
          out[i] += slope
          out[j] -= slope
        }
      }
    },
    bend(scale, direction, out) {
      out.fill(0)
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          if (i === j || !counts(i, j)) continue
          const bent = scale * weight(i, j) * phi.bend(scores[i] - scores[j]) * (direction[i] - direction[j])
          out[i] += bent
          out[j] -= bent
        }
      }
    },
    diagonal(scale, out) {
      out.fill(0)
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          if (i === j || !counts(i, j)) continue
          const bent = scale * weight(i, j) * phi.bend(scores[i] - scores[j])
          out[i] += bent
          out[j] += bent
        }
      }
    },
  }
}

/** A pair weighs as much as its more relevant item. */
export const byFirstItem =
  ({ weights }: ScoredList): PairWeight =>
  (i) =>
    weights[i]

/** Kernels that must look at a list before its pairs are summed; a list on which `prepare` says no has loss 0. */
export function preparedLoss(prepare: () => boolean, passes: PairPasses): PairPasses {
  let said = false
  return {
    value() {
      said = prepare()
      return said ? passes.value() : 0
    },
    gradient(scale, out) {
      if (said) passes.gradient(scale, out)
      else out.fill(0)
    },
    bend(scale, direction, out) {
      if (said) passes.bend!(scale, direction, out)
      else out.fill(0)
    },
    diagonal(scale, out) {
      if (said) passes.diagonal!(scale, out)
      else out.fill(0)
    },
  }
}
