/** Losses that sum over items, each for itself. */

import type { LossPasses, ScoredList } from './loss-plan.ts'

interface PointFunction {
  /** Loss of an item with score s and label y. */
  value(s: number, y: number): number
  /** Its derivative in s. */
  slope(s: number, y: number): number
  /** Its second derivative in s. */
  bend(s: number, y: number): number
}

/** sum_i w_i phi(s_i, y_i). */
export const pointwiseLoss = ({ scores, labels, weights }: ScoredList, phi: PointFunction): LossPasses => ({
  value() {
    let loss = 0
    for (let i = 0; i < scores.length; i++) loss += weights[i] * phi.value(scores[i], labels[i])
    return loss
  },
  gradient(scale, out) {
    for (let i = 0; i < scores.length; i++) out[i] = scale * weights[i] * phi.slope(scores[i], labels[i])
  },
  bend(scale, direction, out) {
    for (let i = 0; i < scores.length; i++) {
      out[i] = scale * weights[i] * phi.bend(scores[i], labels[i]) * direction[i]
    }
  },
  diagonal(scale, out) {
    for (let i = 0; i < scores.length; i++) out[i] = scale * weights[i] * phi.bend(scores[i], labels[i])
  },
})

/** What every pointwise loss declares: its value depends on the scores themselves, so no shift is promised. */
export const pointwise = {
  growth: { forward: 'n', backward: 'n', memory: 'n' },
  promises: {},
} as const
