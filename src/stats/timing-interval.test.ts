import { describe, expect, test } from 'vitest'
import { type Random, randomStream } from '../core/random.ts'
import { medianInterval, ratioInterval } from './timing-interval.ts'

describe('the interval of a timing', () => {
  test('gives a fork one vote however many samples it has', () => {
    expect(medianInterval([[1], [1], [100, 100, 100, 100, 100]]).value).toBe(1)
  })
  test('contains the spread between forks, which samples within a fork do not show', () => {
    const steady = medianInterval([10, 10, 10].map((value) => [value, value]))
    const spread = medianInterval([9, 10, 11].map((value) => [value, value]))
    expect(steady.high - steady.low).toBeCloseTo(0, 9)
    expect(spread.low).toBeLessThan(9)
    expect(spread.high).toBeGreaterThan(11)
  })
  test('is that of Student: three forks, t(0.975, 2) = 4.3027', () => {
    const forks = [1, 2, 3].map((value) => [Math.exp(value)])
    expect(Math.log(medianInterval(forks).high)).toBeCloseTo(2 + 4.30265273 / Math.sqrt(3), 6)
  })
  test('is unbounded for one fork: one process says nothing about the spread between processes', () => {
    expect(medianInterval([[5, 6, 7]])).toEqual({ value: 6, low: 0, high: Number.POSITIVE_INFINITY })
  })
  test('cancels drift that both sides of a ratio share', () => {
    const ratio = ratioInterval([[20], [40], [60]], [[10], [20], [30]])
    expect(ratio.value).toBe(2)
    expect(ratio.high - ratio.low).toBeCloseTo(0, 9)
  })
})

describe('coverage of 95 % intervals, by simulation', () => {
  const trials = 1500
  /** A process has its own speed; now and then one is disturbed throughout. */
  const fork = (random: Random, disturbed: number): number[] => {
    const slow = random.uniform() < disturbed ? 1.3 : 1
    const own = 50 * Math.exp(0.04 * random.normal()) * slow
    return Array.from({ length: 9 }, () => own * (1 + 0.01 * Math.abs(random.normal())))
  }
  /** The median of a fork's samples is 1 + .01 x .6745 of its own speed. */
  const truth = 50 * (1 + 0.01 * 0.6745)
  const coverage = (rounds: number, disturbed: number): number => {
    const random = randomStream(21, `coverage ${rounds} ${disturbed}`)
    let covered = 0
    for (let trial = 0; trial < trials; trial++) {
      const { low, high } = medianInterval(Array.from({ length: rounds }, () => fork(random, disturbed)))
      if (low <= truth && truth <= high) covered++
    }
    return covered / trials
  }
  test.each([3, 7, 15])('%i rounds', (rounds) => {
    expect(coverage(rounds, 0)).toBeGreaterThan(0.935)
    expect(coverage(rounds, 0)).toBeLessThan(0.965)
  })
  test('three rounds of which a process in ten is disturbed', () => {
    expect(coverage(3, 0.1)).toBeGreaterThan(0.93)
  })
  test('ratios at three rounds, with drift that both sides share', () => {
    const random = randomStream(22, 'ratio')
    let covered = 0
    for (let trial = 0; trial < trials; trial++) {
      const drift = Array.from({ length: 3 }, () => Math.exp(0.3 * random.normal()))
      const side = (scale: number) => drift.map((factor) => fork(random, 0).map((value) => scale * factor * value))
      const { low, high } = ratioInterval(side(2), side(1))
      if (low <= 2 && 2 <= high) covered++
    }
    expect(covered / trials).toBeGreaterThan(0.935)
    expect(covered / trials).toBeLessThan(0.985)
  })
})
