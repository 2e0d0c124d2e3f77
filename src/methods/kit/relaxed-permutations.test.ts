import { describe, expect, test } from 'vitest'
import { apply } from '../../api/apply.ts'
import { softPermutation, softRank, softSort, softSortWithGradient } from '../../api/convenience.ts'
import { plan } from '../../api/plan.ts'
import { regularShape } from '../../core/shape.ts'

const s = [9, 1, 5, 2]

function expectRows(found: number[][], expected: number[][], digits = 6): void {
  expect(found.map((row) => row.map((p) => Number(p.toFixed(digits))))).toEqual(expected)
}

describe('NeuralSort on (9, 1, 5, 2)', () => {
  test('tau 1', () => {
    expectRows(softPermutation(s, { method: 'neuralsort' }), [
      [0.982012, 0, 0.017986, 0.000002],
      [0.017108, 0.002315, 0.934072, 0.046505],
      [0, 0.259496, 0.035119, 0.705384],
      [0, 0.731034, 0.000033, 0.268932],
    ])
  })
  test('tau 10', () => {
    const rows = softPermutation(s, { method: 'neuralsort', tau: 10 })
    expectRows(
      [rows[0], rows[3]],
      [
        [0.474349, 0.078409, 0.317966, 0.129275],
        [0.021437, 0.43057, 0.158398, 0.389596],
      ],
    )
  })
})

describe('SoftSort on (9, 1, 5, 2)', () => {
  test('power 1, tau 1', () => {
    expectRows(softPermutation(s), [
      [0.980812, 0.000329, 0.017964, 0.000894],
      [0.016859, 0.016859, 0.920456, 0.045827],
      [0.000643, 0.25933, 0.035096, 0.704931],
      [0.000242, 0.721225, 0.01321, 0.265324],
    ])
  })
  test('power 2, tau 10', () => {
    expectRows([softPermutation(s, { power: 2, tau: 10 })[0]], [[0.825761, 0.001372, 0.166718, 0.006149]])
  })
})

describe.each(['neuralsort', 'softsort'])('%s', (method) => {
  test('ascending matrices have the rows of the descending one from last to first', () => {
    const up = softPermutation(s, { method, direction: 'ascending' })
    expect(up).toEqual(softPermutation(s, { method }).reverse())
  })

  test('sort is P x and rank is the transpose of P on (1, ..., n)', () => {
    const P = softPermutation(s, { method, direction: 'ascending' })
    softSort(s, { method }).forEach((value, i) => {
      expect(value).toBeCloseTo(
        P[i].reduce((sum, p, j) => sum + p * s[j], 0),
        12,
      )
    })
    softRank(s, { method }).forEach((rank, j) => {
      expect(rank).toBeCloseTo(
        P.reduce((sum, row, i) => sum + (i + 1) * row[j], 0),
        12,
      )
    })
  })

  test('an offset of 2^40 changes neither the matrix nor the gradient of sort', () => {
    const x = [0.25, -1.5, 2, 0.5]
    const far = x.map((value) => value + 2 ** 40)
    softPermutation(far, { method }).forEach((row, i) => {
      row.forEach((p, j) => {
        expect(p).toBeCloseTo(softPermutation(x, { method })[i][j], 9)
      })
    })
    const [near, moved] = [x, far].map((values) => softSortWithGradient(values, [1, -2, 3, 0.5], { method }).gradient)
    near.forEach((value, j) => {
      expect(moved[j]).toBeCloseTo(value, 8)
    })
  })

  // Rows go four at a time, relative to the value of the first: 3.8e19 left nothing of 20 and made 8192 of 4.
  test('one far item takes no digit from the others, whichever rows are computed together', () => {
    const far = [20.25, -3.5, 0.5, 3e15, 3.8e19, 4.75, -1.2e14, 1.5, -0.25]
    const near = far.filter((x) => Math.abs(x) < 100)
    for (const method of ['softsort[power=2]', 'softsort', 'neuralsort']) {
      const [alone, beside] = [near, far].map((x) => apply(`sort:${method}`, x, { engine: 'fast' }).output as number[])
      const kept = beside.filter((x) => Math.abs(x) < 100)
      expect(kept).toHaveLength(near.length)
      for (const [i, y] of kept.entries()) expect(y).toBeCloseTo(alone[i], 12)
    }
  })
  test('tau 0 is the stable hard permutation: sort passes its cotangent on, rank and matrix have gradient 0', () => {
    expect(softPermutation([2, 7, 2], { method, tau: 0 })).toEqual([
      [0, 1, 0],
      [1, 0, 0],
      [0, 0, 1],
    ])
    expect(softSortWithGradient([5, 1, 2], [10, 20, 30], { method, tau: 0 })).toEqual({
      output: [1, 2, 5],
      gradient: [30, 10, 20],
    })
    const rank = apply(`rank:${method}[tau=0]`, [5, 1, 2], { cotangent: [1, 2, 3] })
    expect(rank).toEqual({ output: [3, 1, 2], gradient: [0, 0, 0] })
    const cotangent = [
      [1, 2],
      [3, 4],
    ]
    expect(apply(`matrix:${method}[tau=0]`, [5, 1], { cotangent }).gradient).toEqual([0, 0])
  })

  test('a tiny tau gives the hard permutation without NaN', () => {
    expect(softSort(s, { method, tau: 1e-300 })).toEqual([1, 2, 5, 9])
    expect(
      softSort(
        s.map((x) => x * 1e30),
        { method, tau: 1e-30 },
      ),
    ).toEqual([1e30, 2e30, 5e30, 9e30])
  })

  test('a matrix of more than 2^28 entries is refused in favour of sort and rank', () => {
    expect(() => plan(`matrix:${method}`, regularShape(2, 12_000))).toThrow(/288000000 entries; expected at most 2\^28/)
    plan(`rank:${method}`, regularShape(2, 12_000)).dispose()
  })
})

describe('sigmoid ranks', () => {
  test('are sums of pairwise sigmoids', () => {
    const sigma = (v: number) => 1 / (1 + Math.exp(-v))
    const expected = [1 + sigma(3) + sigma(1), 1 + sigma(-3) + sigma(-2), 1 + sigma(-1) + sigma(2)]
    softRank([1.5, 0, 1], { method: 'sigmoid', strength: 0.5 }).forEach((rank, i) => {
      expect(rank).toBeCloseTo(expected[i], 12)
    })
  })
  test('at strength 0 are average ranks with gradient 0', () => {
    expect(apply('rank:sigmoid[strength=0]', [2, 1, 2, 7], { cotangent: [1, 2, 3, 4] })).toEqual({
      output: [2.5, 1, 2.5, 4],
      gradient: [0, 0, 0, 0],
    })
  })
  test('descending ranks of (2, 1, 0.5) are those of ApproxNDCG', () => {
    const ranks = softRank([2, 1, 0.5], { method: 'sigmoid', direction: 'descending' })
    expect(ranks.map((rank) => Number(rank.toFixed(6)))).toEqual([1.451367, 2.108599, 2.440034])
  })
})
