/** The linear model w.x + c. The constant changes no ranking, but pointwise losses cannot fit without one. */

import type { Random } from '../core/random.ts'
import type { Model } from './model.ts'

/** Small against any trained weight, but not 0, where all rows are tied. */
const initialDeviation = 0.01

export function linearModel(width: number, random: Random): Model {
  const parameters = Float64Array.from({ length: width + 1 }, (_, j) =>
    j < width ? initialDeviation * random.normal() : 0,
  )
  let seen: { readonly inputs: Float32Array; readonly rows: number } = { inputs: new Float32Array(0), rows: 0 }
  return {
    parameters,
    outputs: 1,
    forward(inputs, rows, outputs) {
      seen = { inputs, rows }
      for (let i = 0; i < rows; i++) {
        let output = parameters[width]
        for (let j = 0; j < width; j++) output += parameters[j] * inputs[i * width + j]
        outputs[i] = output
      }
    },
    backward(outputGradient, gradient) {
      const { inputs, rows } = seen
      for (let i = 0; i < rows; i++) {
        const g = outputGradient[i]
        // Many losses say nothing about most rows: lists without relevant items, pairs beyond the margin.
        if (g === 0) continue
        for (let j = 0; j < width; j++) gradient[j] += g * inputs[i * width + j]
        gradient[width] += g
      }
    },
  }
}
