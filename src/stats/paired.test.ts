import { describe, expect, test } from 'vitest'
import { randomStream } from '../core/random.ts'
import { bootstrapMean, differences, effectSize, holm, pairedTTest, winTieLoss } from './paired.ts'

const random = () => randomStream(1, 'paired')
// Student's sleep data (Biometrika 1908): hours gained by ten patients under two drugs.
const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]
const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
const d = differences(second, first)

describe('paired tests', () => {
  test("have the t and p of Student's sleep data", () => {
    expect(pairedTTest(d)).toBeCloseTo(0.00283289, 7)
    expect(effectSize(d)).toBeCloseTo(4.0621 / Math.sqrt(10), 4)
  })
  test('see no difference where there is none, and never certainty', () => {
    expect(pairedTTest([0, 0, 0])).toBe(1)
    expect(effectSize([0, 0])).toBe(0)
    expect(pairedTTest([1])).toBeNaN()
  })
})

describe('what goes with a difference', () => {
  test('counts wins, ties and losses', () => {
    expect(winTieLoss([1, 0, -1, 2])).toEqual({ win: 2, tie: 1, loss: 1 })
  })
  test('has an interval that holds the mean', () => {
    const { low, high } = bootstrapMean(d, random())
    expect(low).toBeGreaterThan(0)
    expect(low).toBeLessThan(1.58)
    expect(high).toBeGreaterThan(1.58)
  })
  test('is corrected by Holm: smallest times the count, in order, at most 1', () => {
    const corrected = holm([0.01, 0.04, 0.03, 0.005])
    ;[0.03, 0.06, 0.06, 0.02].forEach((p, i) => void expect(corrected[i]).toBeCloseTo(p, 12))
    expect(holm([0.5, 0.9])).toEqual([1, 1])
    expect(holm([])).toEqual([])
  })
})
