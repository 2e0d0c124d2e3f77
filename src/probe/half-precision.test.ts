import { describe, expect, test } from 'vitest'
import { stored } from './half-precision.ts'

describe('storage formats', () => {
  test('f16 has 10 bits of fraction, rounds to even, and ends at 65504', () => {
    expect(stored(1 + 2 ** -10, 'f16')).toBe(1 + 2 ** -10)
    expect(stored(1 + 2 ** -11, 'f16')).toBe(1)
    expect(stored(1 + 3 * 2 ** -11, 'f16')).toBe(1 + 2 ** -9)
    expect(stored(65504, 'f16')).toBe(65504)
    expect(stored(65519, 'f16')).toBe(65504)
    expect(stored(-65520, 'f16')).toBe(Number.NEGATIVE_INFINITY)
    expect(stored(2 ** -24, 'f16')).toBe(2 ** -24)
    expect(stored(2 ** -26, 'f16')).toBe(0)
    expect(stored(2049, 'f16')).toBe(2048)
  })
  test('bf16 has 7 bits of fraction and the range of f32', () => {
    expect(stored(1 + 2 ** -7, 'bf16')).toBe(1 + 2 ** -7)
    expect(stored(1 + 2 ** -8, 'bf16')).toBe(1)
    expect(stored(1 + 3 * 2 ** -8, 'bf16')).toBe(1 + 2 ** -6)
    expect(stored(-3e38, 'bf16')).toBeLessThan(-2.9e38)
    expect(stored(1e39, 'bf16')).toBe(Number.POSITIVE_INFINITY)
  })
  test('f32 and f64 are what they are', () => {
    expect(stored(0.1, 'f32')).toBe(Math.fround(0.1))
    expect(stored(0.1, 'f64')).toBe(0.1)
  })
})
