import { describe, expect, test } from 'vitest'
import { apply } from './apply.ts'
import {
  rankingLossWithGradient,
  softPermutation,
  softQuantile,
  softRank,
  softSort,
  softSortWithGradient,
  softTopK,
  softTopKWithGradient,
} from './convenience.ts'

const table = [
  [3, 10, 1],
  [1, 30, 2],
  [2, 20, 3],
]
const transpose = (rows: readonly (readonly number[])[]) => rows[0].map((_, j) => rows.map((row) => row[j]))

describe('the axis option', () => {
  test('works down the columns as along the rows of the transpose', () => {
    const options = { strength: 0.7 }
    expect(softRank(table, { ...options, axis: 0 })).toEqual(transpose(softRank(transpose(table), options)))
    expect(softSort(table, { ...options, axis: 1 })).toEqual(softSort(table, options))
    expect(softRank(table, { ...options, axis: -1 })).toEqual(softRank(table, options))
  })
  test('gives gradients and takes masks along the same axis', () => {
    const mask = table.map((row) => row.map((value) => value !== 2))
    const [down, along] = [
      softSortWithGradient(table, table, { axis: 0, mask }),
      softSortWithGradient(transpose(table), transpose(table), { mask: transpose(mask as never) as never }),
    ]
    expect(down.output).toEqual(transpose(along.output))
    expect(down.gradient).toEqual(transpose(along.gradient))
  })
  test('takes tensors of any rank', () => {
    const tensor = [table, table.map((row) => row.map((x) => -x))]
    const middle = softRank(tensor as never, { axis: 1, strength: 0.7 }) as unknown as number[][][]
    expect(middle[1]).toEqual(softRank(tensor[1], { axis: 0, strength: 0.7 }))
    const medians = softQuantile(tensor as never, { axis: 2, strength: 0.01 }) as unknown as number[][]
    expect(medians).toEqual(tensor.map((rows) => rows.map((row) => softQuantile(row, { strength: 0.01 }))))
    const matrices = softPermutation(tensor as never, { axis: 2 }) as unknown as number[][][][]
    expect(matrices[1][2]).toEqual(softPermutation(tensor[1][2]))
  })
  test('makes lists of losses', () => {
    const labels = [
      [0, 1, 0],
      [1, 0, 2],
      [2, 2, 1],
    ]
    const [down, along] = [
      rankingLossWithGradient('listnet', table, labels, { axis: 0 }),
      rankingLossWithGradient('listnet', transpose(table), transpose(labels)),
    ]
    expect(down.value).toBe(along.value)
    expect(down.gradient).toEqual(transpose(along.gradient))
  })
})

describe('masks and quantiles of plain arrays', () => {
  test('a mask sums to k and prefers large values', () => {
    const mask = softTopK([5, 1, 2, 4], { k: 2, alpha: 0.3 })
    expect(mask.reduce((a, b) => a + b, 0)).toBeCloseTo(2, 12)
    expect(mask[0]).toBeGreaterThan(mask[2])
    const { gradient } = softTopKWithGradient([5, 1, 2, 4], [1, 0, 0, 0], { k: 2, alpha: 0.3 })
    expect(gradient[0]).toBeGreaterThan(0)
    expect(gradient.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 12)
  })
  test('quantiles interpolate between the sorted values', () => {
    expect(softQuantile([5, 1, 2, 4], { strength: 1e-3 })).toBe(3)
    expect(
      softQuantile(
        [
          [5, 1],
          [2, 4, 9],
        ],
        { q: 1, strength: 1e-3 },
      ),
    ).toEqual([5, 9])
    expect(softQuantile([5, 1, 2, 4], { q: 0.25, strength: 1e-3 })).toBe(1.75)
    expect(() => softQuantile([[1], []])).toThrow(/row 1 is empty/)
  })
})

describe('forward mode', () => {
  test('is the derivative along a direction, nested as the output', () => {
    const { tangent } = apply('sort:permutahedron[strength=0.1]', [5, 1, 2], { tangent: [1, 10, 100] })
    expect(tangent).toEqual([10, 100, 1])
    const matrix = apply('matrix:softsort', [[1, 3], [2]], { tangent: [[1, 0], [5]] }).tangent as number[][][]
    expect(matrix[1][0][0]).toBeCloseTo(0, 15)
    expect(matrix[0][0][0] + matrix[0][0][1]).toBeCloseTo(0, 15)
    expect(() => apply('rank:sigmoid', [1, 2], { tangent: [1] })).toThrow(/tangent: row 0 has 1 entries; expected 2/)
  })
})
