import { describe, expect, test } from 'vitest'
import { allocate, type Precision } from '../../core/shape.ts'
import { areOnes, onesTest } from './are-ones.ts'

describe.each(['f32', 'f64'] as Precision[])('weights in %s', (precision) => {
  test.each([0, 1, 2, 7, 100])('of %i items are ones until one of them is not', (n) => {
    const weights = allocate(precision, n).fill(1)
    const ask = onesTest(weights, precision)
    expect(ask()).toBe(true)
    for (let i = 0; i < n; i++) {
      for (const other of [0, -1, Number.NaN, 1 + 2 ** -23]) {
        weights[i] = other
        expect([ask(), areOnes(weights)], `${other} at ${i}`).toEqual([false, false])
      }
      weights[i] = 1
      expect([ask(), areOnes(weights)]).toEqual([true, true])
    }
  })

  test('are told apart in a part of a larger array', () => {
    const whole = allocate(precision, 10).fill(2)
    const weights = whole.subarray(3, 6).fill(1)
    const ask = onesTest(weights, precision)
    expect(ask()).toBe(true)
    weights[2] = 3
    expect(ask()).toBe(false)
  })
})
