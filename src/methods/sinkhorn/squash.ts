/** Standardised values through the logistic function, into (0, 1): (x - mean) / deviation, under item masses. */

import { sigmoid } from '../numerics/logistic.ts'

interface Squash {
  readonly output: Float64Array
  forward(): void
  /** The gradient in the output becomes the gradient in x, in place. */
  pull(gradient: Float64Array): void
  /** The derivative of x becomes the derivative of the output, in place. */
  push(tangent: Float64Array): void
}

/** Values as they are. */
export const noSquash = (x: Float64Array): Squash => ({ output: x, forward() {}, pull() {}, push() {} })

/** Without deviation all are 1/2, with derivative 0. */
export function standardSquash(x: Float64Array, mass: Float64Array): Squash {
  const n = x.length
  const [standard, output] = [new Float64Array(n), new Float64Array(n)]
  let deviation = 0
  const slope = (i: number) => (deviation > 0 ? (output[i] * (1 - output[i])) / deviation : 0)
  return {
    output,
    forward() {
      // From the first value on: an offset takes no digits, and rows of equal values have deviation 0 exactly.
      const first = n > 0 ? x[0] : 0
      let mean = 0
      let variance = 0
      for (let i = 0; i < n; i++) mean += mass[i] * (x[i] - first)
      for (let i = 0; i < n; i++) variance += mass[i] * (x[i] - first - mean) ** 2
      deviation = Math.sqrt(variance)
      for (let i = 0; i < n; i++) {
        standard[i] = deviation > 0 ? (x[i] - first - mean) / deviation : 0
        output[i] = sigmoid(standard[i])
      }
    },
    pull(gradient) {
      let sum = 0
      let moment = 0
      for (let i = 0; i < n; i++) {
        gradient[i] *= slope(i)
        sum += gradient[i]
        moment += gradient[i] * standard[i]
      }
      for (let i = 0; i < n; i++) gradient[i] -= mass[i] * (sum + standard[i] * moment)
    },
    push(tangent) {
      let mean = 0
      let moment = 0
      for (let i = 0; i < n; i++) {
        mean += mass[i] * tangent[i]
        moment += mass[i] * standard[i] * tangent[i]
      }
      for (let i = 0; i < n; i++) tangent[i] = slope(i) * (tangent[i] - mean - standard[i] * moment)
    },
  }
}
