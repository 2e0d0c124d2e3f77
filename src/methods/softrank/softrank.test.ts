import { describe, expect, test } from 'vitest'
import { apply } from '../../api/apply.ts'
import { randomStream } from '../../core/random.ts'
import { createRankDistribution } from '../numerics/rank-distribution.ts'

const matrixOf = (x: number[], more = '') => apply(`matrix:softrank${more}`, x).output as number[][]
const transpose = (matrix: number[][]) => matrix[0].map((_, j) => matrix.map((row) => row[j]))

describe('SoftRank', () => {
  test('has the rank distributions computed from the formula', () => {
    const expected = [
      [0.700457, 0.280687, 0.018856],
      [0.18227, 0.63546, 0.18227],
      [0.018856, 0.280687, 0.700457],
    ]
    transpose(matrixOf([2, 1, 0])).forEach((column, j) => {
      for (let r = 0; r < 3; r++) expect(column[r]).toBeCloseTo(expected[j][r], 6)
    })
    const ranks = apply('rank:softrank[direction=descending]', [2, 1, 0]).output as number[]
    ranks.forEach((rank, j) => void expect(rank - 1).toBeCloseTo([0.3184, 1, 1.6816][j], 6))
  })
  test('has ranks that are the means of its distributions, whose columns sum to 1', () => {
    const random = randomStream(3, 'softrank')
    const x = Array.from({ length: 9 }, () => random.normal())
    const ranks = apply('rank:softrank[sigma=0.7,direction=descending]', x).output as number[]
    transpose(matrixOf(x, '[sigma=0.7]')).forEach((column, j) => {
      expect(column.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12)
      expect(column.reduce((sum, p, r) => sum + (r + 1) * p, 0)).toBeCloseTo(ranks[j], 12)
    })
  })
})

describe('the distribution of how many are ahead', () => {
  /** Two items, one of them ahead. */
  const probability = (i: number, j: number): number => (i < j ? (2 * i + j) / 12 : 1 - (2 * j + i) / 12)
  const ahead = { probability, slope: () => 1 }
  /** Over all subsets of the others. */
  const byEnumeration = (j: number, count: number): number => {
    const others = [0, 1, 2, 3, 4].filter((i) => i !== j)
    let sum = 0
    for (let bits = 0; bits < 2 ** others.length; bits++) {
      const chosen = others.map((_, k) => (bits >> k) & 1)
      if (chosen.reduce((a, b) => a + b, 0) !== count) continue
      sum += others.reduce((product, i, k) => product * (chosen[k] ? probability(i, j) : 1 - probability(i, j)), 1)
    }
    return sum
  }
  test('is that over all subsets, also when only the first counts are followed', () => {
    for (const length of [5, 2]) {
      const ranks = createRankDistribution(5, length, ahead)
      for (let j = 0; j < 5; j++) {
        ranks.of(j).forEach((p, r) => void expect(p).toBeCloseTo(byEnumeration(j, r), 14))
      }
    }
  })
})
