import { describe, expect, test } from 'vitest'
import { apply, applyOperator } from './apply.ts'

describe('nesting', () => {
  test('a row in, a row out; rows in, rows out', () => {
    expect(apply('rank:permutahedron', [5, 1, 2]).output).toEqual([3, 1, 2])
    expect(apply('rank:permutahedron', [[5, 1, 2], [], [7]]).output).toEqual([[3, 1, 2], [], [1]])
    expect(apply('sort:permutahedron[strength=0]', Float32Array.of(2, 1)).output).toEqual([1, 2])
    expect(apply('sort:permutahedron[strength=0]', [Float64Array.of(2, 1)]).output).toEqual([[1, 2]])
  })
  test('matrices are rows of rows', () => {
    const swap = [
      [0, 1],
      [1, 0],
    ]
    expect(apply('matrix:softsort[tau=0]', [1, 2]).output).toEqual(swap)
    expect(apply('matrix:softsort[tau=0]', [[1, 2], [], [4]]).output).toEqual([swap, [], [[1]]])
  })
  test('nothing in, nothing out', () => {
    for (const operator of ['sort:permutahedron', 'rank:sigmoid', 'matrix:neuralsort']) {
      expect(apply(operator, [], { cotangent: [] })).toEqual({ output: [], gradient: [] })
    }
    expect(apply('loss:listnet', [], { labels: [] }).output).toBe(0)
    expect(apply('loss:listnet[reduction=none]', [], { labels: [] }).output).toEqual([])
  })
  test('a loss is a number, or one a row with reduction none', () => {
    const labels = [[0, 1], [2]]
    expect(apply('loss:ranknet', [[0, 0], [1]], { labels }).output).toBeCloseTo(Math.log(2) / 2)
    expect(apply('loss:ranknet[reduction=none]', [[0, 0], [1]], { labels }).output).toEqual([Math.log(2), 0])
    expect(apply('loss:ranknet[reduction=none]', [0, 0], { labels: [0, 1] }).output).toBe(Math.log(2))
  })
  test('the gradient is nested as the values', () => {
    const { gradient } = apply('sort:permutahedron[strength=0]', [[2, 1], [3]], { cotangent: [[5, 7], [9]] })
    expect(gradient).toEqual([[7, 5], [9]])
    const losses = apply('loss:ranknet[reduction=none]', [[0, 0], [1]], { labels: [[0, 1], [2]], cotangent: [2, 3] })
    expect(losses.gradient).toEqual([[1, -1], [0]])
  })
  test('matrix cotangents are nested as the matrices', () => {
    const one = apply('matrix:softsort', [1, 2], {
      cotangent: [
        [1, 0],
        [0, 0],
      ],
    }).gradient as number[]
    const cotangent = [
      [
        [1, 0],
        [0, 0],
      ],
      [[1]],
    ]
    expect(apply('matrix:softsort', [[1, 2], [4]], { cotangent }).gradient).toEqual([one, [0]])
    expect(one[0]).toBeGreaterThan(0)
  })
})

describe('refusals name row and index', () => {
  const refused = (rows: unknown, options = {}) => expect(() => apply('sort:permutahedron', rows as number[], options))
  test('of numbers that are missing, NaN, infinite or no numbers', () => {
    refused([[1], [2, null]]).toThrow('values: row 1, index 1 is null; expected a finite number')
    refused([1, Number.NaN]).toThrow('values: row 0, index 1 is NaN')
    refused([[1, Number.NEGATIVE_INFINITY]]).toThrow('values: row 0, index 1 is -Infinity')
    refused([1, '2']).toThrow('values: row 0, index 1 is "2"')
    refused([[1], 2]).toThrow('values: row 1 is 2; expected a list')
    refused([1, [2]]).toThrow('values: row 0, index 1 is a list')
    refused('5,1,2').toThrow('values: "5,1,2" is not a list')
  })
  test('of numbers that f32 cannot hold', () => {
    refused([1e39], { precision: 'f32' }).toThrow('values: row 0, index 0 is 1e+39')
    expect(apply('sort:permutahedron', [1e39]).output).toEqual([1e39])
  })
  test('of labels and cotangents of another shape', () => {
    const labels = (given: unknown) => expect(() => apply('loss:listnet', [[1, 2], [3]], { labels: given as number[] }))
    labels([[1, 2]]).toThrow('labels: 1 rows; expected 2')
    labels([[1, 2], []]).toThrow('labels: row 1 has 0 entries; expected 1')
    labels(undefined).toThrow('loss:listnet needs labels')
    refused([1, 2], { cotangent: [1] }).toThrow('cotangent: row 0 has 1 entries; expected 2')
    refused([1, 2], { cotangent: [1, undefined] }).toThrow('cotangent: row 0, index 1 is undefined')
    refused([1, 2], { labels: [1, 2] }).toThrow('takes no labels')
    const matrix = (cotangent: number[][]) => expect(() => apply('matrix:softsort', [1, 2], { cotangent }))
    matrix([[1, 2]]).toThrow('cotangent: 1 rows; expected 2')
    const loss = { labels: [1, 2], cotangent: [1, 2] }
    expect(() => apply('loss:listnet', [1, 2], loss)).toThrow('cotangent: expected one number')
  })
  test('of results that leave the range of the precision', () => {
    const scores = [3e38, -3e38]
    expect(() => apply('loss:ranknet', scores, { labels: [0, 1], precision: 'f32' })).toThrow(/is Infinity in f32/)
    expect(apply('loss:ranknet', scores, { labels: [0, 1] }).output).toBe(6e38)
  })
})

test('an unknown operator is refused with the nearest name', () => {
  expect(() => applyOperator({ name: 'rank:sigmoyd', params: {} }, [1])).toThrow(
    expect.objectContaining({ kind: 'usage', hint: expect.stringContaining('rank:sigmoid') }),
  )
})

test('inputs are not changed', () => {
  const [values, labels] = [Object.freeze([3, 1, 2]), Object.freeze([0, 2, 1])]
  apply('loss:spearman', values, { labels, cotangent: 1 })
  apply('sort:neuralsort', values, { cotangent: labels })
  expect([values, labels]).toEqual([
    [3, 1, 2],
    [0, 2, 1],
  ])
})
