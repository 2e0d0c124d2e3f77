import { describe, expect, test } from 'vitest'
import { randomStream } from '../core/random.ts'
import { signFlipTest } from './sign-flip.ts'

const sizesOf = (seed: number, count: number, shift = 0): number[] => {
  const random = randomStream(seed, 'sign-flip')
  return Array.from({ length: count }, () => shift + random.normal())
}

describe('the paired randomisation test', () => {
  test("has scipy's p, which lists all patterns too", () => {
    // Student's sleep data; permutation_test(..., permutation_type='samples', n_resamples=inf).
    expect(signFlipTest([1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4])).toBe(0.00390625)
  })
  test('sees no difference where there is none, and certainty only in many pairs', () => {
    expect(signFlipTest([0, 0, 0])).toBe(1)
    expect(signFlipTest([])).toBe(1)
    expect(signFlipTest(new Array(50).fill(1))).toBeCloseTo(2 ** -49, 20)
    expect(signFlipTest([1, -1, 1, -1])).toBe(1)
  })
  test('comes out the same by listing and by sums of whole units', () => {
    const precision = sizesOf(3, 16, 0.4).map((value) => Math.round(5 * value) / 10)
    const listed = signFlipTest(precision)
    // Four pairs of equal and opposite size above the list: their patterns are counted by the recursion.
    const both = signFlipTest([...precision, 0, 0])
    expect(both).toBe(listed)
  })
  test('of 60 differences in thousandths is exact: a convolution over integers in numpy says .00698018', () => {
    const d = [
      0.376, 0.118, 0.89, 0.355, -0.286, 0.612, 1.554, 1.197, -0.454, -1.015, -0.373, 0.291, -2.075, 0.031, -0.996,
      -0.482, -0.294, -0.066, 0.662, 1.293, 0.121, 1.616, -0.415, 0.602, 1.153, 0.344, -0.493, -0.672, -0.208, 0.47,
      -0.76, 0.041, 0.091, 0.791, 0.465, 0.605, -0.404, 0.12, 1.034, 1.743, -1.009, 1.764, 1.596, 1.031, 0.514, -0.064,
      1.708, 2.21, 2.052, 1.565, 0.607, -0.958, 0.246, 0.906, -1.038, 0.645, 0.68, 0.946, -0.934, -0.412,
    ]
    expect(Math.abs(signFlipTest(d) - 0.006980178515573055)).toBeLessThan(5e-5)
  })
  test('on a grid agrees with all patterns of 20 differences to a part in a thousand', () => {
    for (const seed of [1, 2, 3, 4]) {
      const d = sizesOf(seed, 20, 0.45)
      const observed = Math.abs(d.reduce((a, b) => a + b, 0)) - 1e-9
      let asLarge = 0
      for (let bits = 0; bits < 2 ** 20; bits++) {
        let sum = 0
        for (let i = 0; i < 20; i++) sum += (bits >> i) & 1 ? d[i] : -d[i]
        if (Math.abs(sum) >= observed) asLarge++
      }
      expect(Math.abs(signFlipTest(d) - asLarge / 2 ** 20)).toBeLessThan(1e-3)
    }
  })
  test('does not depend on the order of pairs', () => {
    const d = sizesOf(5, 200, 0.14)
    expect(signFlipTest([...d].reverse())).toBeCloseTo(signFlipTest(d), 12)
  })
  test('rejects a true null about as often as its level says', () => {
    let rejected = 0
    for (let trial = 0; trial < 1000; trial++) if (signFlipTest(sizesOf(100 + trial, 30)) <= 0.05) rejected++
    expect(rejected / 1000).toBeGreaterThan(0.035)
    expect(rejected / 1000).toBeLessThan(0.065)
  })
})
