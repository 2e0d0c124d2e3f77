/** Losses of residuals with a ridge, as functions of the weights: all a linear model needs to be fitted. */

import { lbfgs } from '../../train/lbfgs.ts'
import { linearScores } from '../../train/ridge.ts'
import type { Prepared } from './table-data.ts'

/** The loss of all residuals r = prediction - number together; writes its gradient in them. */
export type ResidualLoss = (residuals: Float64Array, slope: Float64Array) => number

const iterations = 60
const tolerance = 1e-7

/** Goes on from `weights` (features, then the constant), in place. */
export function descend(
  { features, width, observed }: Prepared,
  loss: ResidualLoss,
  ridge: number,
  weights: Float64Array,
): void {
  const slope = new Float64Array(observed.length)
  const objective = (at: Float64Array, gradient: Float64Array): number => {
    const residuals = linearScores(at, { features, width })
    for (let i = 0; i < residuals.length; i++) residuals[i] -= observed[i]
    let value = loss(residuals, slope)
    gradient.fill(0)
    for (let i = 0; i < slope.length; i++) {
      if (slope[i] === 0) continue
      for (let j = 0; j < width; j++) gradient[j] += slope[i] * features[i * width + j]
      gradient[width] += slope[i]
    }
    for (let j = 0; j < width; j++) {
      value += (ridge * at[j] * at[j]) / 2
      gradient[j] += ridge * at[j]
    }
    return value
  }
  lbfgs(objective, weights, { iterations, tolerance })
}

/** Mean of Huber's loss: r^2 / 2 up to `threshold`, linear beyond. Huber, Robust Estimation of a Location Parameter, 1964. */
export const huberLoss =
  (threshold: number): ResidualLoss =>
  (residuals, slope) => {
    let sum = 0
    for (let i = 0; i < residuals.length; i++) {
      const size = Math.abs(residuals[i])
      sum += size <= threshold ? size ** 2 / 2 : threshold * (size - threshold / 2)
      slope[i] = Math.max(-threshold, Math.min(threshold, residuals[i])) / residuals.length
    }
    return sum / residuals.length
  }
