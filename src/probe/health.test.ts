import { describe, expect, test } from 'vitest'
import { raggedShape, regularShape } from '../core/shape.ts'
import { type Health, healthOf, spread, stateOf } from './health.ts'

const passed = (operator: 'rank' | 'sort' | 'loss', output: number[], gradient: number[]) =>
  healthOf({ operator, shape: regularShape(1, 4), values: [1, 2, 3, 4], output, cotangent: [1, 1, 1, 1], gradient })

describe('the health of an answer', () => {
  test('counts what is not finite, items without gradient, and neighbours that come out equal', () => {
    expect(passed('rank', [1, 2, Number.NaN, 4], [1, 1, 1, 1]).notFinite).toBe(1 / 8)
    expect(passed('rank', [1, 2, 3, 4], [1, 0, 0, 1]).saturated).toBe(0.5)
    expect(passed('rank', [1.5, 1.5, 3, 4], [1, 1, 1, 1]).pooled).toBeCloseTo(1 / 3, 12)
    expect(passed('sort', [2, 2, 2, 2], [1, 1, 1, 1]).pooled).toBe(1)
  })
  test('measures slopes in units of the data: ranks of values ten times as large have the same', () => {
    const shape = regularShape(1, 4)
    const at = (scale: number) =>
      healthOf({
        operator: 'rank',
        shape,
        values: [1, 2, 3, 4].map((x) => x * scale),
        output: [1, 2, 3, 4],
        cotangent: [1, -1, 1, 2],
        gradient: [1, 0.5, 0.2, 1].map((g) => g / scale),
      }).slope
    expect(at(10)).toBeCloseTo(at(1), 12)
  })
  test('is called by its worst trait', () => {
    const healthy: Health = { notFinite: 0, slope: 1, saturated: 0, pooled: 0 }
    expect(stateOf(healthy)).toBe('healthy')
    expect(stateOf({ ...healthy, saturated: 0.6 })).toBe('saturated')
    expect(stateOf({ ...healthy, slope: 1e-6, saturated: 1 })).toBe('vanished')
    expect(stateOf({ ...healthy, slope: 1e6 })).toBe('exploding')
    expect(stateOf({ ...healthy, notFinite: 0.1, slope: 1e6 })).toBe('not finite')
  })
  test('takes the deviation within rows: rows far apart do not look spread', () => {
    expect(spread([0, 2, 100, 102], raggedShape([2, 2]))).toBeCloseTo(1, 12)
    expect(spread([5, 5], regularShape(1, 2))).toBe(0)
    expect(spread([], regularShape(0, 0))).toBe(0)
  })
})
