/** Losses that sum a function of the score difference over pairs of a list in which one item is more relevant. */

import type { LossKernel, ScoredList } from './loss-plan.ts'

export interface PairFunction {
  /** Loss of a pair whose more relevant item scores `d` more than the other. */
  value(d: number): number
  slope(d: number): number
}

/** sum over y_i > y_j of w_i phi(s_i - s_j): a pair weighs as much as its more relevant item. */
export function pairLoss({ scores, labels, weights }: ScoredList, phi: PairFunction): LossKernel {
  const n = scores.length
  return {
    value() {
      let loss = 0
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          if (labels[i] > labels[j]) loss += weights[i] * phi.value(scores[i] - scores[j])
        }
      }
      return loss
    },
    gradient(scale, out) {
      out.fill(0)
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          if (!(labels[i] > labels[j])) continue
          const slope = scale * weights[i] * phi.slope(scores[i] - scores[j])
          out[i] += slope
          out[j] -= slope
        }
      }
    },
  }
}
