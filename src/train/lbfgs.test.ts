import { describe, expect, test } from 'vitest'
import { lbfgs } from './lbfgs.ts'

const options = { iterations: 500, tolerance: 1e-15 }

describe('L-BFGS', () => {
  test("finds the end of Rosenbrock's valley", () => {
    const x = Float64Array.of(-1.2, 1)
    const found = lbfgs(
      ([a, b], gradient) => {
        gradient[0] = -400 * a * (b - a * a) - 2 * (1 - a)
        gradient[1] = 200 * (b - a * a)
        return 100 * (b - a * a) ** 2 + (1 - a) ** 2
      },
      x,
      options,
    )
    expect(x[0]).toBeCloseTo(1, 6)
    expect(x[1]).toBeCloseTo(1, 6)
    expect(found.evaluations).toBeLessThan(80)
  })
  test('solves a badly scaled quadratic in about as many iterations as it has unknowns', () => {
    const scales = [1, 10, 100, 1000, 1e4]
    const x = new Float64Array(scales.length)
    const found = lbfgs(
      (at, gradient) => {
        scales.forEach((scale, i) => {
          gradient[i] = scale * (at[i] - i)
        })
        return scales.reduce((sum, scale, i) => sum + (scale * (at[i] - i) ** 2) / 2, 0)
      },
      x,
      options,
    )
    scales.forEach((_, i) => {
      expect(x[i]).toBeCloseTo(i, 5)
    })
    expect(found.iterations).toBeLessThan(30)
  })
  test('comes to the kink of a sum of absolute values', () => {
    const x = Float64Array.of(3, -4)
    lbfgs(
      (at, gradient) => {
        gradient[0] = Math.sign(at[0] - 1)
        gradient[1] = 5 * Math.sign(at[1])
        return Math.abs(at[0] - 1) + 5 * Math.abs(at[1])
      },
      x,
      options,
    )
    expect(Math.abs(x[0] - 1)).toBeLessThan(1e-6)
    expect(Math.abs(x[1])).toBeLessThan(1e-6)
  })
  test('stays where it is when it starts at the minimum, and never ends higher', () => {
    const x = Float64Array.of(2)
    const found = lbfgs(
      ([at], gradient) => {
        gradient[0] = 2 * (at - 2)
        return (at - 2) ** 2
      },
      x,
      options,
    )
    expect(x[0]).toBe(2)
    expect(found.value).toBe(0)
  })
})
