import { describe, expect, test } from 'vitest'
import { normalCdf, normalDensity } from './normal.ts'

// Phi at whole numbers, as doubles, from tables computed in higher precision.
const known: readonly [number, number][] = [
  [0, 0.5],
  [1, 0.8413447460685429],
  [-1, 0.15865525393145705],
  [-2, 0.02275013194817921],
  [-3, 0.0013498980316300946],
  [-5, 2.866515718791939e-7],
  [-10, 7.619853024160525e-24],
  [-20, 2.75362411860623e-89],
]

describe('the normal distribution', () => {
  test.each(known)('has Phi(%d) = %d', (v, expected) => {
    expect(Math.abs(normalCdf(v) / expected - 1)).toBeLessThan(2e-13)
  })
  test('is symmetric, monotone, and has its density as slope', () => {
    for (let v = -8; v <= 8; v += 0.037) {
      expect(normalCdf(v) + normalCdf(-v)).toBeCloseTo(1, 14)
      expect(normalCdf(v + 0.01)).toBeGreaterThanOrEqual(normalCdf(v))
      expect((normalCdf(v + 1e-4) - normalCdf(v - 1e-4)) / 2e-4).toBeCloseTo(normalDensity(v), 8)
    }
  })
  test('goes to 0 and 1 without NaN', () => {
    expect([normalCdf(-1e300), normalCdf(1e300), normalDensity(1e300)]).toEqual([0, 1, 0])
  })
})
