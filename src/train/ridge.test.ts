import { describe, expect, test } from 'vitest'
import { randomStream } from '../core/random.ts'
import { fitRidge, linearScores, ridgeEquations } from './ridge.ts'

const [rows, width] = [40, 5]
const random = randomStream(1, 'ridge')
const features = Float64Array.from({ length: rows * width }, () => random.normal())
const labels = (at: number) =>
  Float64Array.from({ length: rows }, (_, i) => Math.sin(i + at) + features[i * width + at])

describe('ridge regression', () => {
  test('leaves no slope in the squared error and its penalty', () => {
    const [y, ridge] = [labels(1), 0.3]
    const weights = fitRidge({ features, labels: y, width }, ridge)
    const residuals = linearScores(weights, { features, width }).map((score, i) => score - y[i])
    for (let j = 0; j < width; j++) {
      const slope = residuals.reduce((sum, residual, i) => sum + (residual * features[i * width + j]) / rows, 0)
      expect(slope + ridge * weights[j]).toBeCloseTo(0, 12)
    }
    expect(residuals.reduce((sum, residual) => sum + residual, 0)).toBeCloseTo(0, 12)
  })
  test('of many labels at once is that of each alone, bit for bit', () => {
    const equations = ridgeEquations({ features, width })
    const all = [0, 2, 3].map(labels)
    for (const ridge of [1, 1e-4]) {
      const alone = all.map((own) => fitRidge({ features, labels: own, width }, ridge))
      expect(equations.solve(ridge, all.map(equations.side))).toEqual(alone)
    }
  })
})
