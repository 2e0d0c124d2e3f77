/**
 * The training step that SoftSort's authors time, on a plan of ours: scores are scaled row by row into [0, 1], the ends held fast;
 * the loss is the mean of 1 - log P_ii; stochastic gradient descent with momentum and weight decay moves the scores.
 */

import type { Plan } from '../../core/method.ts'
import { longestRow, rowCount, type Shape } from '../../core/shape.ts'

interface Descent {
  readonly learningRate: number
  readonly momentum: number
  readonly weightDecay: number
}

/** Smallest value of every row, and how far the largest is above it. */
function ends(scores: Float64Array, rows: number, n: number): { low: Float64Array; width: Float64Array } {
  const [low, width] = [new Float64Array(rows), new Float64Array(rows)]
  for (let q = 0; q < rows; q++) {
    const row = scores.subarray(q * n, (q + 1) * n)
    low[q] = row.reduce((least, x) => Math.min(least, x), Number.POSITIVE_INFINITY)
    width[q] = row.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY) - low[q]
  }
  return { low, width }
}

/** Mean over the rows of the rank correlation with n, ..., 1. */
function rankCorrelation(scores: Float64Array, rows: number, n: number): number {
  let sum = 0
  for (let q = 0; q < rows; q++) {
    const row = scores.subarray(q * n, (q + 1) * n)
    const order = Uint32Array.from({ length: n }, (_, i) => i).sort((i, j) => row[i] - row[j])
    let squares = 0
    for (let rank = 0; rank < n; rank++) squares += (rank - (n - 1 - order[rank])) ** 2
    sum += 1 - (6 * squares) / (n * (n * n - 1))
  }
  return sum / rows
}

/** @param first the scores before the first step */
export function trainingStep(plan: Plan, shape: Shape, first: Float64Array, descent: Descent) {
  const [rows, n] = [rowCount(shape), longestRow(shape)]
  const [scores, velocity] = [Float64Array.from(first), new Float64Array(first.length)]
  const diagonal = (q: number, i: number): number => (q * n + i) * n + i
  const step = () => {
    const { low, width } = ends(scores, rows, n)
    for (let i = 0; i < scores.length; i++)
      plan.values[i] = (scores[i] - low[Math.floor(i / n)]) / width[Math.floor(i / n)]
    plan.forward()
    for (let q = 0; q < rows; q++)
      for (let i = 0; i < n; i++) plan.cotangent[diagonal(q, i)] = -1 / (plan.output[diagonal(q, i)] * rows * n)
    plan.backward()
    for (let i = 0; i < scores.length; i++) {
      const gradient = plan.gradient[i] / width[Math.floor(i / n)] + descent.weightDecay * scores[i]
      velocity[i] = descent.momentum * velocity[i] + gradient
      scores[i] -= descent.learningRate * velocity[i]
    }
  }
  return { scores, step, correlation: () => rankCorrelation(scores, rows, n) }
}
