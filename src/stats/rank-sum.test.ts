import { describe, expect, test } from 'vitest'
import { randomStream } from '../core/random.ts'
import { boundsOf, pAboveShift, pBelowShift, shiftsOf } from './rank-sum.ts'

describe('the Mann-Whitney test', () => {
  test('of two separate groups of three is 1/20', () => {
    expect(pBelowShift(shiftsOf([1, 2, 3], [4, 5, 6]), 0)).toBeCloseTo(1 / 20, 12)
    expect(pAboveShift(shiftsOf([4, 5, 6], [1, 2, 3]), 0)).toBeCloseTo(1 / 20, 12)
  })
  // R, the example of its wilcox.test with alternative = "greater": p-value = 0.1272.
  test('of the permeability data of Hollander and Wolfe is that of R', () => {
    const a = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    const b = [1.15, 0.88, 0.9, 0.74, 1.21]
    expect(pAboveShift(shiftsOf(a, b), 0)).toBeCloseTo(0.1272, 4)
  })
  test('has no bound where the groups are too small for the level', () => {
    expect(boundsOf(shiftsOf([1, 2], [3, 4]), 0.05, 0.05)).toEqual({
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    })
  })
  test('bounds miss the truth as often as they say', () => {
    const random = randomStream(7, 'rank sum')
    const trials = 4000
    let missed = 0
    for (let trial = 0; trial < trials; trial++) {
      const draw = () => random.normal() / random.normal()
      const groups = [Array.from({ length: 7 }, draw), Array.from({ length: 7 }, draw)]
      if (boundsOf(shiftsOf(groups[0], groups[1]), 0.05, 0.05).high < 0) missed++
    }
    expect(missed / trials).toBeLessThan(0.05 + 0.012)
    expect(missed / trials).toBeGreaterThan(0.02)
  })
})
