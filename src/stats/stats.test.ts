import { describe, expect, test } from 'vitest'
import { randomStream } from '../core/random.ts'
import { bootstrapMedian, bootstrapRatio, medianOfForks } from './bootstrap.ts'
import { drift } from './drift.ts'
import { meanInterval, standardDeviation } from './mean.ts'
import { median, quantile } from './quantile.ts'

describe('quantile', () => {
  test('interpolates between order statistics as R type 7 does', () => {
    expect(quantile([4, 1, 3, 2], 0.25)).toBe(1.75)
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 3, 2])).toBe(2.5)
  })
  test('has no value for no values, and leaves its argument alone', () => {
    expect(quantile([], 0.5)).toBeNaN()
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

describe('bootstrap', () => {
  const random = () => randomStream(1, 'test')
  test('gives a fork one vote however many samples it has', () => {
    expect(medianOfForks([[1], [1], [100, 100, 100, 100, 100]])).toBe(1)
  })
  test('contains the spread between forks, which samples within a fork do not show', () => {
    const steady = bootstrapMedian(
      [
        [10, 10],
        [10, 10],
        [10, 10],
      ],
      random(),
    )
    const spread = bootstrapMedian(
      [
        [9, 9],
        [10, 10],
        [11, 11],
      ],
      random(),
    )
    expect(steady.high - steady.low).toBe(0)
    expect(spread.low).toBeLessThan(10)
    expect(spread.high).toBeGreaterThan(10)
  })
  test('cancels drift that both sides of a ratio share', () => {
    const a = [[20], [40], [60]]
    const b = [[10], [20], [30]]
    const ratio = bootstrapRatio(a, b, random())
    expect(ratio).toEqual({ value: 2, low: 2, high: 2 })
  })
  test('covers the true median about as often as it says', () => {
    const source = randomStream(7, 'coverage')
    let covered = 0
    for (let trial = 0; trial < 60; trial++) {
      const forks = Array.from({ length: 9 }, () => {
        const centre = source.normal()
        return Array.from({ length: 8 }, () => 50 + centre + 0.2 * source.normal())
      })
      const { low, high } = bootstrapMedian(forks, source)
      if (low <= 50 && 50 <= high) covered++
    }
    expect(covered).toBeGreaterThan(48)
  })
})

describe('drift', () => {
  test('is the relative change from the first third to the last', () => {
    expect(drift([10, 10, 10, 11, 12, 12])).toBeCloseTo(0.2, 12)
    expect(drift([1, 2])).toBe(0)
  })
})
