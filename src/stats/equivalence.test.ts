import { describe, expect, test } from 'vitest'
import { randomStream } from '../core/random.ts'
import { detectableDifference, differenceInterval, differenceP, equivalenceP, equivalencePower } from './equivalence.ts'
import { pairedEstimate, stratifiedEstimate } from './estimate.ts'

// Student's sleep data (Biometrika 1908); the other values are scipy's.
const sleep = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4]

describe('a paired estimate', () => {
  const found = pairedEstimate(sleep)!
  test('has the mean, the standard error and the p of the paired t-test', () => {
    expect(found.difference).toBeCloseTo(1.58, 12)
    expect(found.error).toBeCloseTo(0.38895872388839514, 12)
    expect(differenceP(found)).toBeCloseTo(0.002832890197384273, 10)
  })
  test('is equivalent to 0 by two one-sided tests: the larger of their p', () => {
    expect(equivalenceP(found, 2)).toBeCloseTo(0.15415723566909725, 10)
    expect(equivalenceP(found, 2.5)).toBeCloseTo(0.021116860246500745, 9)
    expect(equivalenceP(found, 1)).toBeGreaterThan(0.5)
  })
  test('has the 90 % interval that lies inside a margin exactly when the tests say so', () => {
    const { low, high } = differenceInterval(found)
    expect(low).toBeCloseTo(0.8669947329707162, 8)
    expect(high).toBeCloseTo(2.2930052670292835, 8)
    for (const margin of [2, 2.28, 2.3, 2.5]) expect(equivalenceP(found, margin) < 0.05).toBe(high < margin)
  })
  test('says what it would have found with probability .8', () => {
    expect(detectableDifference(found)).toBeCloseTo(1.2234934012183507, 8)
  })
  test('does not exist for one number', () => {
    expect(pairedEstimate([1])).toBeUndefined()
    expect(stratifiedEstimate([[1, 2], [1]])).toBeUndefined()
    expect(stratifiedEstimate([])).toBeUndefined()
  })
  test('without spread is certain either way', () => {
    const same = pairedEstimate([0, 0, 0])!
    expect([differenceP(same), equivalenceP(same, 0.1), equivalencePower(same, 0.1)]).toEqual([1, 0, 1])
    const apart = pairedEstimate([1, 1, 1])!
    expect([differenceP(apart), equivalenceP(apart, 0.1)]).toEqual([0, 1])
    expect(differenceInterval(apart)).toEqual({ low: 1, high: 1 })
  })
})

describe('an estimate by queries of several folds', () => {
  test("is the mean of fold means with Satterthwaite's degrees of freedom", () => {
    const found = stratifiedEstimate([
      [0.1, 0.3, 0.2, 0.6],
      [-0.1, 0.2, 0.4],
    ])!
    expect(found.difference).toBeCloseTo(0.23333333333333334, 12)
    expect(found.error).toBeCloseTo(0.0905231707600018, 12)
    expect(found.degreesOfFreedom).toBeCloseTo(4.005753739930954, 9)
    expect(found.pairs).toBe(7)
  })
  test('is wider by the noise of training, when there are several seeds', () => {
    const folds = [
      [0.1, 0.3, 0.2, 0.6],
      [-0.1, 0.2, 0.4],
    ]
    const plain = stratifiedEstimate(folds)!
    const noisy = stratifiedEstimate(folds, [0.4, 0.5, 0.6])!
    // Seeds have standard deviation .1, their mean .1 / sqrt(3).
    expect(noisy.error ** 2 - plain.error ** 2).toBeCloseTo(0.01 / 3, 12)
    expect(stratifiedEstimate(folds, [0.4])!.error).toBe(plain.error)
  })
})

describe('error rates, by simulation', () => {
  const trials = 8000
  const share = (seed: string, differs: number, hit: (d: number[]) => boolean, count = 5): number => {
    const random = randomStream(1, seed)
    let hits = 0
    for (let trial = 0; trial < trials; trial++) {
      if (hit(Array.from({ length: count }, () => differs + random.normal()))) hits++
    }
    return hits / trials
  }
  test('a true difference of 0 is called a difference in 5 % of cases', () => {
    const rate = share('null', 0, (d) => differenceP(pairedEstimate(d)!) < 0.05)
    expect(rate).toBeGreaterThan(0.04)
    expect(rate).toBeLessThan(0.06)
  })
  test('a true difference as large as the margin is called equivalent in at most 5 %', () => {
    const rate = share('edge', 3, (d) => equivalenceP(pairedEstimate(d)!, 3) < 0.05, 20)
    expect(rate).toBeGreaterThan(0.04)
    expect(rate).toBeLessThan(0.06)
  })
  test('the detectable difference is detected in about 80 %', () => {
    const size = detectableDifference({ error: 1 / Math.sqrt(40), degreesOfFreedom: 39 })
    const rate = share('power', size, (d) => differenceP(pairedEstimate(d)!) < 0.05, 40)
    expect(rate).toBeGreaterThan(0.77)
    expect(rate).toBeLessThan(0.83)
  })
  test('equivalence of equals is shown as often as planned', () => {
    const estimate = { difference: 0, error: 1 / Math.sqrt(40), degreesOfFreedom: 39, pairs: 40 }
    const planned = equivalencePower(estimate, 0.5)
    const rate = share('equal', 0, (d) => equivalenceP(pairedEstimate(d)!, 0.5) < 0.05, 40)
    expect(Math.abs(rate - planned)).toBeLessThan(0.04)
    expect(equivalencePower(estimate, 0.1)).toBe(0)
  })
  test('strata of unequal size and spread, with training noise, keep the level', () => {
    const random = randomStream(12, 'strata')
    let hits = 0
    for (let trial = 0; trial < trials; trial++) {
      const shifts = Array.from({ length: 5 }, () => 0.05 * random.normal())
      const shift = shifts.reduce((a, b) => a + b, 0) / 5
      const folds = [21, 22, 30, 40].map((n, i) =>
        Array.from({ length: n }, () => shift + (0.2 + 0.2 * i) * random.normal()),
      )
      if (differenceP(stratifiedEstimate(folds, shifts)!) < 0.05) hits++
    }
    expect(hits / trials).toBeGreaterThan(0.035)
    expect(hits / trials).toBeLessThan(0.065)
  })
})
