import { describe, expect, test } from 'vitest'
import { type Random, randomStream } from '../core/random.ts'
import { lowerBound, pAbove, pBelow, shift, upperBound, walshAverages } from './signed-rank.ts'

const of = (...differences: number[]) => walshAverages(differences)

describe('the signed-rank test', () => {
  test('of five differences on one side is 1/32', () => {
    expect(pBelow(of(-1, -2, -3, -4, -5), 0)).toBe(1 / 32)
    expect(pAbove(of(1, 2, 3, 4, 5), 0)).toBe(1 / 32)
  })
  // Wilcoxon's own data on Darwin's maize: T- = 24 of 15 pairs; R: wilcox.test(d, alternative = "greater") p = 0.02062.
  test('of the heights of maize is that of R', () => {
    const maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
    expect(pAbove(of(...maize), 0)).toBeCloseTo(0.0206, 4)
  })
  test('adds up: both tails of a symmetric distribution share what lies on neither side', () => {
    const averages = of(0.3, -0.2, 0.7, 0.9, -0.5, 0.11)
    expect(pBelow(averages, 0) + pAbove(averages, 0)).toBeGreaterThan(1)
  })
  test('counts ties against whoever claims something', () => {
    expect(pBelow(of(0, 0, 0, 0, 0, 0), 0)).toBe(1)
    expect(pAbove(of(0, 0, 0, 0, 0, 0), 0)).toBe(1)
    expect(pBelow(of(0, 0, 0, 0, 0, 0), 0.01)).toBe(1 / 64)
  })
  test('claims nothing of differences that are no number', () => {
    const broken = of(Number.NaN, Number.NaN, 1, 1, 1, 1)
    expect(pBelow(broken, 100)).toBeGreaterThan(0.1)
    expect(pAbove(of(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, 1, 1, 1), 0)).toBeGreaterThan(0.05)
    expect(pAbove(walshAverages(new Array(8).fill(Number.POSITIVE_INFINITY)), 0)).toBe(1 / 256)
  })
  test('estimates the median of averages of pairs', () => {
    expect(shift(of(1, 2, 30))).toBe(8.75)
  })
})

describe('bounds', () => {
  test('are those where the test changes its mind', () => {
    const random = randomStream(3, 'bounds')
    const averages = walshAverages(Array.from({ length: 12 }, () => random.normal()))
    const [high, low] = [upperBound(averages, 0.01), lowerBound(averages, 0.01)]
    expect(pBelow(averages, high + 1e-9)).toBeLessThanOrEqual(0.01)
    expect(pBelow(averages, high - 1e-9)).toBeGreaterThan(0.01)
    expect(pAbove(averages, low - 1e-9)).toBeLessThanOrEqual(0.01)
    expect(pAbove(averages, low + 1e-9)).toBeGreaterThan(0.01)
  })
  test('are infinite where so few differences cannot carry the level', () => {
    expect(upperBound(of(1, 2, 3), 0.05)).toBe(Number.POSITIVE_INFINITY)
    expect(lowerBound(of(1, 2, 3), 0.05)).toBe(Number.NEGATIVE_INFINITY)
  })
  const noises: Readonly<Record<string, (random: Random) => () => number>> = {
    normal: (random) => () => random.normal(),
    'heavy tails (Cauchy)': (random) => () => random.normal() / random.normal(),
    'two modes': (random) => () =>
      (random.uniform() < 0.3 ? 20 * (random.uniform() < 0.5 ? 1 : -1) : 0) + random.normal(),
    'drifting neighbours whose order is shuffled': (random) => {
      let level = 0
      return () => {
        level = 0.9 * level + random.normal()
        return (random.uniform() < 0.5 ? 1 : -1) * (level + 2)
      }
    },
  }
  test.each(Object.entries(noises))('cover as often as they say: %s', (name, noise) => {
    const random = randomStream(11, name)
    const trials = 4000
    let missed = 0
    for (let trial = 0; trial < trials; trial++) {
      const draw = noise(random)
      const averages = walshAverages(Array.from({ length: 15 }, draw))
      if (upperBound(averages, 0.05) < 0) missed++
    }
    // At most 5 %, and not less than half of it: the steps of fifteen ranks are fine enough.
    expect(missed / trials).toBeLessThan(0.05 + 0.012)
    expect(missed / trials).toBeGreaterThan(0.025)
  })
})
