import { describe, expect, test } from 'vitest'
import { randomStream } from '../core/random.ts'
import { comparisonWithBest } from './best.ts'
import { standardError } from './mean.ts'
import { differences } from './paired.ts'

/** Systems with these true means on `queries` queries that are hard for all alike. */
function draw(means: readonly number[], queries: number, seed: number, noise = 1): number[][] {
  const random = randomStream(seed, 'best')
  const hardness = Array.from({ length: queries }, () => 3 * random.normal())
  return means.map((mean) => hardness.map((shared) => mean + shared + noise * random.normal()))
}

describe('the comparison with the best', () => {
  test('keeps what may be the best and rules out what is far behind', () => {
    const found = comparisonWithBest(draw([1, 0.98, 0], 200, 1), randomStream(0, 'test'))
    expect(found.map(({ mayBeBest }) => mayBeBest)).toEqual([true, true, false])
    expect(found[2].high).toBe(0)
    expect(found[2].low).toBeLessThan(found[2].difference)
  })
  test('names one when it leads clearly, with an interval that starts at 0', () => {
    const found = comparisonWithBest(draw([2, 0, 0.2], 200, 2), randomStream(0, 'test'))
    expect(found.map(({ mayBeBest }) => mayBeBest)).toEqual([true, false, false])
    expect(found[0].low).toBe(0)
    expect(found[0].high).toBeGreaterThan(1.5)
  })
  test("has Dunnett's one-sided critical value where all spreads are equal: 2.16 for four others, 1.64 for one", () => {
    for (const [others, critical] of [
      [1, 1.645],
      [4, 2.16],
    ]) {
      const values = draw(new Array(others + 1).fill(0), 4000, 3)
      const [first] = comparisonWithBest(values, randomStream(0, 'test'))
      const bounds = values.slice(1).map((other) => {
        const d = differences(values[0], other)
        return { lead: d.reduce((a, b) => a + b, 0) / d.length, error: standardError(d) }
      })
      const implied = Math.max(...bounds.map(({ lead, error }) => (first.high - lead) / error))
      expect(Math.abs(implied - critical)).toBeLessThan(0.1)
    }
  })
  test('treats two names of one system as one', () => {
    const [a, b] = draw([1, 0], 100, 4)
    const found = comparisonWithBest([a, a, b], randomStream(0, 'test'))
    expect(found.map(({ mayBeBest }) => mayBeBest)).toEqual([true, true, false])
  })
  test('rules the truly best out in at most 5 %, also among equals', () => {
    let out = 0
    const trials = 150
    for (let trial = 0; trial < trials; trial++) {
      const found = comparisonWithBest(draw([0, 0, 0, 0, 0, 0], 40, 100 + trial), randomStream(0, 'test'))
      if (!found[0].mayBeBest) out++
    }
    expect(out / trials).toBeLessThan(0.1)
  })
})
