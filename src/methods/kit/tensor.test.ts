import { describe, expect, test } from 'vitest'
import { alongAxis, shapeOf } from './tensor.ts'

const tensor = [
  [
    [1, 2, 3],
    [4, 5, 6],
  ],
  [
    [7, 8, 9],
    [10, 11, 12],
  ],
]

describe('a tensor along an axis', () => {
  test('is its vectors there, and comes back as it was', () => {
    expect(shapeOf(tensor)).toEqual([2, 2, 3])
    expect(alongAxis(tensor, 0, 'values').rows.slice(0, 2)).toEqual([
      [1, 7],
      [2, 8],
    ])
    for (const axis of [0, 1, 2, -1, -3]) {
      const { rows, restore } = alongAxis(tensor, axis, 'values')
      expect(restore(rows)).toEqual(tensor)
    }
  })
  test('nests one entry a vector as the axes that remain', () => {
    const { rows, nest } = alongAxis(tensor, 1, 'values')
    expect(nest(rows.map((row) => (row as number[]).reduce((a, b) => a + b, 0)))).toEqual([
      [5, 7, 9],
      [17, 19, 21],
    ])
    expect(alongAxis([1, 2], 0, 'values').nest([3])).toBe(3)
  })
  test('is refused when it is not regular, or has no such axis', () => {
    expect(() => alongAxis([[1, 2], [3]], 0, 'values')).toThrow('values[1] has 1 entries; expected 2')
    expect(() => alongAxis([[1], 2], 0, 'values')).toThrow('values[1]: expected a list')
    expect(() => alongAxis([1, 2], 1, 'values')).toThrow('axis is 1; expected a whole number from -1 to 0')
  })
})
