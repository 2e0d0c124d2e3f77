import { describe, expect, test } from 'vitest'
import * as api from '../index.ts'

const { softSort, softRank, softPermutation, softSortWithGradient, softRankWithGradient } = api
const holes = Number.NaN

describe('options', () => {
  test('name the method and its parameters', () => {
    expect(softRank([5, 1, 2], { method: 'sigmoid', strength: 0 })).toEqual([3, 1, 2])
    expect(softRank([5, 1, 2], { direction: 'descending' })).toEqual([1, 3, 2])
  })
  test('that are undefined are not given', () => {
    expect(softRank([5, 1, 2], { strength: undefined as unknown as number })).toEqual([3, 1, 2])
  })
  test('that are wrong are refused with what is known', () => {
    expect(() => softRank([1], { strenght: 2 })).toThrow(expect.objectContaining({ hint: 'did you mean strength?' }))
    expect(() => softRank([1], { strength: -1 })).toThrow(/strength is "-1"; expected number >= 0/)
    expect(() => softRank([1], { strength: Number.NaN })).toThrow(/strength is "NaN"/)
    expect(() => softSort([1], { method: 'sigmoid' })).toThrow(/methods of sort: sort:hard, sort:permutahedron/)
  })
})

test('the doc comments of gradients hold', () => {
  expect(softSortWithGradient([5, 1, 2], [1, 0, 0], { strength: 0.1 })).toEqual({
    output: [1, 2, 5],
    gradient: [0, 1, 0],
  })
  expect(softRankWithGradient([5, 1, 2], [0, 1, 0], { strength: 2 }).gradient).toEqual([0, 0.25, -0.25])
  const { output, gradient } = api.softPermutationWithGradient(
    [1, 3],
    [
      [1, 0],
      [0, 0],
    ],
  )
  expect(output[0][0]).toBeCloseTo(1 / (1 + Math.exp(2)), 12)
  expect(gradient[0]).toBeCloseTo(-gradient[1], 12)
  expect(api.rankingLoss('listnet', [2, 1, 0.5], [0, 2, 1])).toBeCloseTo(1.4967, 4)
})

describe('masks', () => {
  const mask = [true, false, true]
  test('leave absent items out, whatever they hold, and put 0 in their place', () => {
    expect(softRank([5, holes, 2], { mask })).toEqual([2, 0, 1])
    expect(softRankWithGradient([5, holes, 4], [1, holes, 0], { mask, strength: 4 }).gradient).toEqual([
      0.125, 0, -0.125,
    ])
  })
  test('put the sorted present values first', () => {
    expect(softSortWithGradient([5, holes, 2], [1, 10, 100], { mask, strength: 0 })).toEqual({
      output: [2, 5, 0],
      gradient: [10, 0, 1],
    })
  })
  test('leave zero columns and last rows in a matrix', () => {
    expect(softPermutation([5, holes, 2], { mask, tau: 0 })).toEqual([
      [1, 0, 0],
      [0, 0, 1],
      [0, 0, 0],
    ])
    const cotangent = [
      [1, holes, 2],
      [3, holes, 4],
      [holes, holes, holes],
    ]
    const masked = api.softPermutationWithGradient([5, holes, 2], cotangent, { mask })
    const dense = api.softPermutationWithGradient(
      [5, 2],
      [
        [1, 2],
        [3, 4],
      ],
    )
    expect(masked.gradient).toEqual([dense.gradient[0], 0, dense.gradient[1]])
  })
  test('apply to scores and labels of a loss', () => {
    const masked = api.spearmanLossWithGradient([0.1, holes, 2, 1], [0, -7, 1, 2], { mask: [true, false, true, true] })
    const dense = api.spearmanLossWithGradient([0.1, 2, 1], [0, 1, 2])
    expect(masked.value).toBe(dense.value)
    expect(masked.gradient).toEqual([dense.gradient[0], 0, dense.gradient[1], dense.gradient[2]])
  })
  test('may be ragged and may be empty', () => {
    expect(softRank([[5, 1], [], [7]], { mask: [[false, true], [], [false]] })).toEqual([[0, 1], [], [0]])
    expect(softRank([5, 1], { mask: [false, false] })).toEqual([0, 0])
  })
  test('of another shape or kind are refused', () => {
    expect(() => softRank([1, 2], { mask: [true] })).toThrow('mask: row 0 has 1 entries; expected 2')
    expect(() => softRank([[1, 2]], { mask: [[true, 1]] as unknown as boolean[][] })).toThrow(
      'mask: row 0, index 1 is 1',
    )
    expect(() => softRank([1, 2, holes], { mask })).toThrow('values: row 0, index 2 is NaN')
  })
})

test('reduction none on a batch gives one value and one gradient a list', () => {
  const none = api.rankingLossWithGradient('ranknet', [[0, 0], [1]], [[0, 1], [2]], { reduction: 'none' })
  expect(none).toEqual({ value: [Math.log(2), 0], gradient: [[0.5, -0.5], [0]] })
})

test('plans run on their own buffers in the precision asked for', () => {
  const soft = api.plan('rank:permutahedron[strength=2]', api.regularShape(2, 3))
  expect(soft.values).toBeInstanceOf(Float32Array)
  soft.values.set([5, 1, 2, 1, 2, 5])
  soft.forward()
  expect([...soft.output]).toEqual([3, 1.25, 1.75, 1.25, 1.75, 3])
})
