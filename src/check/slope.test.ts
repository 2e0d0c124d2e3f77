import { describe, expect, test } from 'vitest'
import { hidesKink, slopeAtZero } from './slope.ts'

describe('a kink', () => {
  test('of the size of the slope is seen, and f = |t| + t^2 has no slope at 0', () => {
    expect(slopeAtZero((t) => Math.abs(t) + t * t, 2e-4, 1e-9).kind).toBe('kink')
    expect(slopeAtZero((t) => 3 * t + t * t, 2e-4, 1e-9)).toMatchObject({ kind: 'smooth', value: 3 })
  })
  // Two tied items whose order decides about e^-20 of a cross entropy: |t| 2.7e-8 on a parabola.
  test('far below the curvature is found once the curvature is taken out', () => {
    const bent = (t: number) => 3 + 2.75 * t * t
    expect(slopeAtZero((t) => bent(t) + 2.7e-8 * Math.abs(t), 2e-4, 4e-9).kind).toBe('smooth')
    expect(hidesKink((t) => bent(t) + 2.7e-8 * Math.abs(t), 2e-4, 4e-9)).toBe(true)
    expect(hidesKink(bent, 2e-4, 4e-9)).toBe(false)
  })
  test('is not seen in what is smooth, however much it bends', () => {
    for (const steepness of [1, 10, 100, 1000]) {
      const noise = 1e-6 * steepness + 2e-9
      for (const at of [0, 0.3, 1, 4]) {
        expect(hidesKink((t) => Math.log1p(Math.exp(steepness * t - at)), 2e-4, noise)).toBe(false)
        expect(hidesKink((t) => Math.atan(steepness * t + at), 2e-4, noise)).toBe(false)
      }
    }
  })
})
