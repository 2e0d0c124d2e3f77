import { describe, expect, test } from 'vitest'
import { randomStream } from '../core/random.ts'
import { autocorrelation } from './drift.ts'

describe('neighbouring samples', () => {
  const random = randomStream(2, 'neighbours')
  test('that are independent do not resemble each other', () => {
    expect(Math.abs(autocorrelation(Array.from({ length: 2000 }, () => random.normal())))).toBeLessThan(0.07)
  })
  test('of a disturbance that lasts do, as far as it lasts', () => {
    let level = 0
    const samples = Array.from({ length: 4000 }, () => {
      level = 0.8 * level + random.normal()
      return level
    })
    expect(autocorrelation(samples)).toBeCloseTo(0.8, 1)
  })
  test('that never vary have no correlation', () => {
    expect(autocorrelation([3, 3, 3])).toBe(0)
  })
})
