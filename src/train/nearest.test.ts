import { describe, expect, test } from 'vitest'
import { randomStream } from '../core/random.ts'
import { nearest } from './nearest.ts'

const width = 7
const drawn = (points: number, name: string) =>
  Float32Array.from({ length: points * width }, randomStream(1, name).normal)

/** By the formula, all distances sorted. */
function byFormula(queries: Float32Array, candidates: Float32Array, k: number): number[] {
  const points = (of: Float32Array) =>
    Array.from({ length: of.length / width }, (_, i) => of.subarray(i * width, (i + 1) * width))
  return points(queries).flatMap((query) =>
    points(candidates)
      .map((candidate, index) => ({
        index,
        distance: candidate.reduce((sum, value, i) => sum + (value - query[i]) ** 2, 0),
      }))
      .sort((a, b) => a.distance - b.distance || a.index - b.index)
      .slice(0, k)
      .map(({ index }) => index),
  )
}

describe('the nearest points', () => {
  // More than one block of each.
  const [queries, candidates] = [drawn(300, 'queries'), drawn(1100, 'candidates')]
  test.each(['f32', 'f64'] as const)('are those of the formula, the nearest first (%s)', (precision) => {
    expect(Array.from(nearest(queries, candidates, width, 5, precision))).toEqual(byFormula(queries, candidates, 5))
  })
  test('are each point itself among the points themselves', () => {
    expect(Array.from(nearest(queries, queries, width, 1, 'f64'))).toEqual(Array.from({ length: 300 }, (_, i) => i))
  })
  test('of equally near ones are the first', () => {
    const twice = Float32Array.of(1, 2, 3, 1, 2, 3, 9, 9, 9)
    expect(Array.from(nearest(Float32Array.of(1, 2, 3), twice, 3, 2, 'f64'))).toEqual([0, 1])
  })
})
