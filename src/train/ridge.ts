/** Linear regression on the labels with a ridge, by the normal equations. */

import type { FloatArray } from '../core/shape.ts'

/** Rows of inputs and what each should give. */
interface Examples {
  /** rows x width, row-major. */
  readonly features: FloatArray
  readonly labels: FloatArray
  readonly width: number
}

/** Weights of the features, then the constant. */
type Weights = Float64Array

/** In place, lower triangle: A = L L^T, then x = A^-1 b. A is positive definite. */
function solve(A: Float64Array, b: Float64Array): Float64Array {
  const n = b.length
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < j; k++) for (let i = j; i < n; i++) A[i * n + j] -= A[i * n + k] * A[j * n + k]
    const pivot = Math.sqrt(A[j * n + j])
    for (let i = j; i < n; i++) A[i * n + j] /= pivot
  }
  const x = b.slice()
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= A[i * n + k] * x[k]
    x[i] /= A[i * n + i]
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= A[k * n + i] * x[k]
    x[i] /= A[i * n + i]
  }
  return x
}

/**
 * Minimises the mean squared error of w.x + c against the labels plus `ridge` |w|^2. Features are centred first, so that the
 * constant is not penalised.
 * @param ridge above 0: features that are constant, or sums of others, would leave the equations without a solution
 */
export function fitRidge({ features, labels, width }: Examples, ridge: number): Weights {
  const rows = labels.length
  const means = new Float64Array(width)
  for (let i = 0; i < rows; i++) for (let j = 0; j < width; j++) means[j] += features[i * width + j] / rows
  let label = 0
  for (let i = 0; i < rows; i++) label += labels[i] / rows
  const [A, b] = [new Float64Array(width * width), new Float64Array(width)]
  const x = new Float64Array(width)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < width; j++) x[j] = features[i * width + j] - means[j]
    for (let j = 0; j < width; j++) {
      b[j] += (x[j] * (labels[i] - label)) / rows
      for (let k = 0; k <= j; k++) A[j * width + k] += (x[j] * x[k]) / rows
    }
  }
  for (let j = 0; j < width; j++) A[j * width + j] += ridge
  const weights = solve(A, b)
  const constant = label - weights.reduce((sum, weight, j) => sum + weight * means[j], 0)
  return Float64Array.of(...weights, constant)
}

/** w.x + c of each row. */
export function linearScores(
  weights: Weights,
  { features, width }: Pick<Examples, 'features' | 'width'>,
): Float64Array {
  return Float64Array.from({ length: features.length / width }, (_, i) => {
    let score = weights[width]
    for (let j = 0; j < width; j++) score += weights[j] * features[i * width + j]
    return score
  })
}
