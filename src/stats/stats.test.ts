import { describe, expect, test } from 'vitest'
import { drift } from './drift.ts'
import { meanInterval, standardDeviation } from './mean.ts'
import { median, quantileSorted } from './quantile.ts'

describe('quantile', () => {
  test('interpolates between order statistics as R type 7 does', () => {
    expect(quantileSorted([1, 2, 3, 4], 0.25)).toBe(1.75)
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 3, 2])).toBe(2.5)
  })
  test('has no value for no values, and leaves its argument alone', () => {
    expect(median([])).toBeNaN()
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
  })
})

describe('meanInterval', () => {
  test('is the textbook Student interval: t(0.975, 4) = 2.7764', () => {
    const { value, low, high } = meanInterval([1, 2, 3, 4, 5])
    expect(value).toBe(3)
    expect(standardDeviation([1, 2, 3, 4, 5])).toBeCloseTo(Math.sqrt(2.5), 12)
    expect(high - value).toBeCloseTo(2.7764451 * Math.sqrt(0.5), 6)
    expect(value - low).toBeCloseTo(high - value, 12)
  })
  test('is unbounded for one value', () => {
    expect(meanInterval([1])).toEqual({ value: 1, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY })
  })
})

describe('drift', () => {
  test('is the relative change from the first third to the last', () => {
    expect(drift([10, 10, 10, 11, 12, 12])).toBeCloseTo(0.2, 12)
    expect(drift([1, 2])).toBe(0)
  })
})
