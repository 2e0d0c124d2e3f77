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

/** In place, lower triangle: A = L L^T. A is positive definite. */
function factor(A: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < j; k++) for (let i = j; i < n; i++) A[i * n + j] -= A[i * n + k] * A[j * n + k]
    const pivot = Math.sqrt(A[j * n + j])
    for (let i = j; i < n; i++) A[i * n + j] /= pivot
  }
}

/** x with L L^T x = b. */
function solve(L: Float64Array, b: Float64Array): Float64Array {
  const n = b.length
  const x = b.slice()
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= L[i * n + k] * x[k]
    x[i] /= L[i * n + i]
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= L[k * n + i] * x[k]
    x[i] /= L[i * n + i]
  }
  return x
}

/** What labels add to the equations. */
interface Side {
  readonly mean: number
  readonly products: Float64Array
}

interface RidgeEquations {
  side(labels: FloatArray): Side
  /** Weights of each side under one ridge. */
  solve(ridge: number, sides: readonly Side[]): Weights[]
}

/**
 * The normal equations of a table of features, set up once for all labels and ridges. Features are centred, so that the constant is
 * not penalised.
 */
export function ridgeEquations({ features, width }: Pick<Examples, 'features' | 'width'>): RidgeEquations {
  const rows = features.length / width
  const means = new Float64Array(width)
  for (let i = 0; i < rows; i++) for (let j = 0; j < width; j++) means[j] += features[i * width + j] / rows
  const A = new Float64Array(width * width)
  const x = new Float64Array(width)
  const centre = (i: number) => {
    for (let j = 0; j < width; j++) x[j] = features[i * width + j] - means[j]
  }
  for (let i = 0; i < rows; i++) {
    centre(i)
    for (let j = 0; j < width; j++) for (let k = 0; k <= j; k++) A[j * width + k] += (x[j] * x[k]) / rows
  }
  return {
    side(labels) {
      let mean = 0
      for (let i = 0; i < rows; i++) mean += labels[i] / rows
      const products = new Float64Array(width)
      for (let i = 0; i < rows; i++) {
        centre(i)
        for (let j = 0; j < width; j++) products[j] += (x[j] * (labels[i] - mean)) / rows
      }
      return { mean, products }
    },
    solve(ridge, sides) {
      const L = A.slice()
      for (let j = 0; j < width; j++) L[j * width + j] += ridge
      factor(L, width)
      return sides.map(({ mean, products }) => {
        const weights = solve(L, products)
        return Float64Array.of(...weights, mean - weights.reduce((sum, weight, j) => sum + weight * means[j], 0))
      })
    },
  }
}

/**
 * Minimises the mean squared error of w.x + c against the labels plus `ridge` |w|^2.
 * @param ridge above 0: features that are constant, or sums of others, would leave the equations without a solution
 */
export function fitRidge({ features, labels, width }: Examples, ridge: number): Weights {
  const equations = ridgeEquations({ features, width })
  return equations.solve(ridge, [equations.side(labels)])[0]
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
