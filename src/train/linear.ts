/** The linear ranking function w.x + c. The constant changes no ranking, but pointwise losses cannot fit without one. */

import type { Random } from '../core/random.ts'
import type { Scorer } from './scorer.ts'

/** Small against any trained weight, but not 0, where all documents are tied. */
const initialDeviation = 0.01

export function linearScorer(width: number, random: Random): Scorer {
  const parameters = Float64Array.from({ length: width + 1 }, (_, j) =>
    j < width ? initialDeviation * random.normal() : 0,
  )
  let seen: { readonly features: Float32Array; readonly rows: number } = { features: new Float32Array(0), rows: 0 }
  return {
    parameters,
    forward(features, rows, scores) {
      seen = { features, rows }
      for (let i = 0; i < rows; i++) {
        let score = parameters[width]
        for (let j = 0; j < width; j++) score += parameters[j] * features[i * width + j]
        scores[i] = score
      }
    },
    backward(scoreGradient, gradient) {
      const { features, rows } = seen
      for (let i = 0; i < rows; i++) {
        const g = scoreGradient[i]
        for (let j = 0; j < width; j++) gradient[j] += g * features[i * width + j]
        gradient[width] += g
      }
    },
  }
}
