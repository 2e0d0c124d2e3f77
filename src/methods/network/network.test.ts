import { describe, expect, test } from 'vitest'
import { apply } from '../../api/apply.ts'
import { randomStream } from '../../core/random.ts'
import { comparators, type NetworkKind } from './comparators.ts'

const sortBy = (distribution: string, more = '') =>
  apply(`sort:network[distribution=${distribution},steepness=1${more}]`, [3, 1, 2]).output as number[]

function expectRow(found: readonly number[], expected: readonly number[], digits = 6): void {
  expect(found).toHaveLength(expected.length)
  for (let i = 0; i < expected.length; i++) expect(found[i]).toBeCloseTo(expected[i], digits)
}

describe('a relaxed sorting network', () => {
  test.each([
    ['logistic', [1.507635, 1.973187, 2.519179]],
    ['art', [1.570277, 1.963015, 2.466709]],
    ['gaussian', [1.192975, 2.01471, 2.792316]],
    ['reciprocal', [1.759259, 1.940741, 2.3]],
    ['cauchy', [1.53731, 1.972528, 2.490162]],
    ['optimal', [1.125, 2, 2.875]],
  ])('with %s steps has the values computed from the formula', (distribution, expected) => {
    expectRow(sortBy(distribution), expected)
  })
  test('has the first row of the permutation computed from the formula', () => {
    const matrix = apply('matrix:network[distribution=logistic,steepness=1,direction=ascending]', [3, 1, 2])
    expectRow((matrix.output as number[][])[0], [0.162417, 0.654782, 0.1828])
  })
  test('sorts by its permutation: sort is P x, topk the sum of the first rows of P', () => {
    const x = [0.3, -1.2, 0.8, 2.5, 0.31]
    for (const kind of ['odd-even', 'bitonic']) {
      const own = `network=${kind},steepness=3`
      const P = apply(`matrix:network[${own}]`, x).output as number[][]
      const sorted = apply(`sort:network[${own},direction=descending]`, x).output as number[]
      expectRow(
        sorted,
        P.map((row) => row.reduce((sum, p, j) => sum + p * x[j], 0)),
        12,
      )
      const mask = apply(`topk:network[k=2,${own}]`, x).output as number[]
      expectRow(
        mask,
        x.map((_, j) => P[0][j] + P[1][j]),
        12,
      )
    }
  })
  test('with error-free swaps gives the hard values and a gradient that is not the hard one', () => {
    const { output, gradient } = apply('sort:network[error-free=true,steepness=1]', [3, 1, 2], { cotangent: [1, 0, 0] })
    expect(output).toEqual([1, 2, 3])
    expect((gradient as number[]).every((slope) => slope > 0 && slope < 1)).toBe(true)
  })
  test('moves no farther from the minimum than the bound of its step', () => {
    const bounds: Record<string, number> = {
      logistic: 0.278465,
      gaussian: 0.169971,
      reciprocal: 1,
      cauchy: 1 / Math.PI,
      optimal: 1 / 16,
    }
    for (const [distribution, bound] of Object.entries(bounds)) {
      let worst = 0
      for (let gap = 0.01; gap < 400; gap *= 1.05) {
        const [low] = apply(`sort:network[distribution=${distribution},steepness=1]`, [gap, 0]).output as number[]
        worst = Math.max(worst, low)
      }
      expect(worst).toBeLessThanOrEqual(bound * (1 + 1e-5))
      expect(worst).toBeGreaterThan(0.98 * bound)
    }
  })
})

describe.each(['odd-even', 'bitonic'] as NetworkKind[])('the comparators of %s', (kind) => {
  test('sort every sequence of zeros and ones, which is to sort everything', () => {
    for (let n = 0; n <= 10; n++) {
      const { first, second } = comparators(kind, n)
      for (let bits = 0; bits < 2 ** n; bits++) {
        const wires = Array.from({ length: n }, (_, i) => (bits >> i) & 1)
        for (let c = 0; c < first.length; c++) {
          const [a, b] = [wires[first[c]], wires[second[c]]]
          wires[first[c]] = Math.min(a, b)
          wires[second[c]] = Math.max(a, b)
        }
        expect(wires).toEqual([...wires].sort())
      }
    }
  })
  // Lengths at which networks with their top wires merely cut off are known not to sort.
  test.each([22, 38, 45, 54, 70, 100])('sort rows of %d values, which are no power of two', (n) => {
    const { first, second } = comparators(kind, n)
    const random = randomStream(n, 'rows')
    for (let row = 0; row < 300; row++) {
      const wires = Array.from({ length: n }, () => random.integer(row % 2 === 0 ? 2 : n))
      const sorted = [...wires].sort((a, b) => a - b)
      for (let c = 0; c < first.length; c++) {
        const [a, b] = [wires[first[c]], wires[second[c]]]
        wires[first[c]] = Math.min(a, b)
        wires[second[c]] = Math.max(a, b)
      }
      expect(wires).toEqual(sorted)
    }
  })
  test('are as many as the network has', () => {
    expect(comparators('odd-even', 8).first).toHaveLength(28)
    expect(comparators('bitonic', 8).first).toHaveLength(24)
    expect(comparators('bitonic', 1024).first).toHaveLength((512 * 10 * 11) / 2)
  })
})
