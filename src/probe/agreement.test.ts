import { describe, expect, test } from 'vitest'
import { averagedOverTies } from './agreement.ts'
import { relativeError } from './computed.ts'

describe('agreement', () => {
  test('is relative to the largest entry, and infinite with a NaN on either side', () => {
    expect(relativeError([1, -4], [1, -3])).toBe(0.25)
    expect(relativeError([0, 0], [0, 0])).toBe(0)
    expect(relativeError([1, Number.NaN], [1, 2])).toBe(Number.POSITIVE_INFINITY)
    expect(relativeError([1, 2], [1, Number.NaN])).toBe(Number.POSITIVE_INFINITY)
  })
  test('of sorts does not depend on the order in which tied items were handed over', () => {
    const values = [3, 1, 3, 2]
    const [ours, theirs] = [
      [10, 1, 20, 5],
      [20, 1, 10, 5],
    ]
    expect(Array.from(averagedOverTies(ours, values, 4))).toEqual([15, 1, 15, 5])
    expect(averagedOverTies(theirs, values, 4)).toEqual(averagedOverTies(ours, values, 4))
  })
  test('still sees a wrong gradient among ties, and ties of one row only', () => {
    expect(relativeError(averagedOverTies([1, 1], [5, 5], 2), averagedOverTies([1, 2], [5, 5], 2))).toBe(0.5)
    expect(Array.from(averagedOverTies([1, 2], [5, 5], 1))).toEqual([1, 2])
  })
})
