import { describe, expect, test } from 'vitest'
import { regularShape } from '../core/shape.ts'
import { disorder, distanceFromHard } from './distance.ts'

const shape = regularShape(1, 4)

describe('the distance from the hard answer', () => {
  test('is 0 for the hard answer and 1 for a constant one', () => {
    expect(distanceFromHard('rank', shape, [1, 2, 3, 4], [1, 2, 3, 4])).toBe(0)
    expect(distanceFromHard('rank', shape, [2.5, 2.5, 2.5, 2.5], [1, 2, 3, 4])).toBe(1)
    const permutation = [0, 1, 1, 0]
    expect(distanceFromHard('matrix', regularShape(1, 2), [0.5, 0.5, 0.5, 0.5], permutation)).toBe(1)
    expect(distanceFromHard('topk', shape, [1, 0, 0, 0], [1, 0, 0, 0])).toBe(0)
  })
})

describe('disorder', () => {
  test('is the share of neighbours the wrong way round, ties apart', () => {
    expect(disorder('rank', shape, [1, 2, 3, 4], [1, 3, 2, 4], true)).toBeCloseTo(1 / 3, 12)
    expect(disorder('rank', shape, [1, 1, 3, 4], [2, 1, 3, 4], true)).toBe(0)
    expect(disorder('sort', shape, [4, 3, 2, 1], [1, 2, 4, 3], true)).toBeCloseTo(1 / 3, 12)
    expect(disorder('matrix', shape, [1, 2, 3, 4], [], true)).toBe(0)
  })
})
