/** A ranking function with parameters: scores from features, gradients from score gradients. */

import type { Random } from '../../core/random.ts'

export interface Scorer {
  /** All parameters, flat; the optimiser changes them in place. */
  readonly parameters: Float64Array
  /** Scores of `rows` documents; `features` is rows x width, row-major. Keeps what `backward` needs. */
  forward(features: Float32Array, rows: number, scores: Float64Array): void
  /** Adds the gradient of the parameters for the rows of the last `forward`, given that of their scores. */
  backward(features: Float32Array, rows: number, scoreGradient: ArrayLike<number>, gradient: Float64Array): void
}

/** w.x; a constant would change no ranking. Starts near zero, where all documents are tied. */
export function linearScorer(width: number, random: Random): Scorer {
  const parameters = Float64Array.from({ length: width }, () => 0.01 * random.normal())
  return {
    parameters,
    forward(features, rows, scores) {
      for (let i = 0; i < rows; i++) {
        let score = 0
        for (let j = 0; j < width; j++) score += parameters[j] * features[i * width + j]
        scores[i] = score
      }
    },
    backward(features, rows, scoreGradient, gradient) {
      for (let i = 0; i < rows; i++) {
        const g = scoreGradient[i]
        for (let j = 0; j < width; j++) gradient[j] += g * features[i * width + j]
      }
    },
  }
}
