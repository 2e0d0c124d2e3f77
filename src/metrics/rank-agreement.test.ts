import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evaluateQueries } from './evaluate.ts'
import { parseMetric } from './metric.ts'
import { pairCounts } from './pair-counts.ts'

const value = (metric: string, labels: number[], scores: number[]): number =>
  evaluateQueries(parseMetric(metric), { offsets: Uint32Array.of(0, labels.length), labels, scores })[0]
const agreements = (labels: number[], scores: number[]): number[] =>
  ['spearman', 'kendall', 'pairwise-accuracy'].map((metric) => value(metric, labels, scores))

/** The definition: every pair with different labels, compared. */
function countByDefinition(labels: number[], scores: number[]) {
  let [concordant, discordant, tied] = [0, 0, 0]
  for (let i = 0; i < labels.length; i++) {
    for (let j = 0; j < i; j++) {
      const agree = Math.sign(labels[i] - labels[j]) * Math.sign(scores[i] - scores[j])
      if (agree > 0) concordant++
      else if (agree < 0) discordant++
      else if (labels[i] !== labels[j]) tied++
    }
  }
  return { concordant, discordant, tied }
}

describe('Spearman, Kendall and pairwise accuracy', () => {
  test('are largest for the same order and smallest for the reverse', () => {
    expect(agreements([1, 2, 3, 4], [10, 20, 30, 40])).toEqual([1, 1, 1])
    expect(agreements([1, 2, 3, 4], [4, 3, 2, 1])).toEqual([-1, -1, 0])
  })
  test('equal 1 - 6 sum d^2 / (n (n^2 - 1)) and (C - D) / (n (n - 1) / 2) without ties', () => {
    const [rho, tau, accuracy] = agreements([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])
    expect(rho).toBeCloseTo(1 - (6 * 4) / (5 * 24), 12)
    expect(tau).toBeCloseTo((8 - 2) / 10, 12)
    expect(accuracy).toBeCloseTo(8 / 10, 12)
  })
  test('count a tie as half a rank, as no agreement, and as half right', () => {
    expect(value('spearman', [1, 1, 2], [1, 2, 3])).toBeCloseTo(1.5 / Math.sqrt(1.5 * 2), 12)
    expect(value('kendall', [1, 1, 2], [1, 2, 3])).toBeCloseTo(2 / 3, 12)
    expect(value('pairwise-accuracy', [1, 2], [5, 5])).toBe(0.5)
  })
  test('are dropped where there is nothing to order', () => {
    expect(value('spearman', [1, 1], [1, 2])).toBeNaN()
    expect(value('spearman', [1, 2], [1, 1])).toBeNaN()
    expect(value('kendall', [1], [1])).toBeNaN()
    expect(value('pairwise-accuracy', [1, 1], [1, 2])).toBeNaN()
    expect(agreements([], [])).toEqual([Number.NaN, Number.NaN, Number.NaN])
  })
  test('count pairs as the definition does, with ties on both sides', () => {
    const items = fc.array(fc.tuple(fc.nat(4), fc.integer({ min: -3, max: 3 })), { maxLength: 40 })
    fc.assert(
      fc.property(items, (list) => {
        const [labels, scores] = [list.map((item) => item[0]), list.map((item) => item[1])]
        const counts = pairCounts({
          labels: Float64Array.from(labels),
          scores: Float64Array.from(scores),
          documents: undefined,
        })
        expect(counts).toEqual(countByDefinition(labels, scores))
      }),
    )
  })
  test('take one list of 100,000 documents', () => {
    const labels = Array.from({ length: 100_000 }, (_, i) => i)
    expect(value('kendall', labels, labels)).toBe(1)
  })
})
