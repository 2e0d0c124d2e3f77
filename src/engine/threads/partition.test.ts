import { describe, expect, test } from 'vitest'
import { raggedShape, regularShape } from '../../core/shape.ts'
import { partition } from './partition.ts'

describe('partition', () => {
  test.each([1, 2, 3, 8, 100])('cuts rows into at most %i consecutive ranges that cover all of them', (parts) => {
    const shape = raggedShape([5, 0, 100, 3, 3, 3, 50, 1])
    const ranges = partition(shape, parts, 2)
    expect(ranges.length).toBeLessThanOrEqual(parts)
    expect(ranges[0].first).toBe(0)
    expect(ranges.at(-1)!.end).toBe(8)
    for (let i = 1; i < ranges.length; i++) expect(ranges[i].first).toBe(ranges[i - 1].end)
  })
  test('equal rows are shared out equally', () => {
    expect(partition(regularShape(8, 10), 2, 1)).toEqual([
      { first: 0, end: 4 },
      { first: 4, end: 8 },
    ])
  })
  test('one long row counts for as much as it costs', () => {
    const [first, second] = partition(raggedShape([100, 10, 10, 10, 10]), 2, 2)
    expect(first).toEqual({ first: 0, end: 1 })
    expect(second).toEqual({ first: 1, end: 5 })
  })
  test('a batch of no rows is one empty range', () => {
    expect(partition(regularShape(0, 5), 4, 1)).toEqual([{ first: 0, end: 0 }])
  })
})
