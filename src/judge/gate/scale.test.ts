import { describe, expect, test } from 'vitest'
import { worsening } from './scale.ts'

const share = { by: 'share', most: 0.03 } as const
const amount = { by: 'amount', most: 1 } as const

describe('how much worse a number is', () => {
  test('twice and half are equally far, and the good side decides the sign', () => {
    expect(worsening('lower', share, 1, 2)).toBeCloseTo(-worsening('lower', share, 2, 1), 12)
    expect(worsening('higher', share, 1, 2)).toBeCloseTo(-Math.log(2), 12)
    expect(worsening('higher', amount, 0.9, 0.8)).toBeCloseTo(0.1, 12)
  })
  test('there is no share of what is below 0, whichever side it is on', () => {
    expect([
      worsening('lower', share, -1, -2),
      worsening('lower', share, 1, -1),
      worsening('lower', share, -1, 1),
    ]).toEqual([Number.NaN, Number.NaN, Number.NaN])
    expect(worsening('lower', amount, -1, -2)).toBe(-1)
  })
  test('what comes from nothing is infinitely worse, and nothing twice is no change', () => {
    expect(worsening('lower', share, 0, 1)).toBe(Number.POSITIVE_INFINITY)
    expect(worsening('lower', share, 1, 0)).toBe(Number.NEGATIVE_INFINITY)
    expect(worsening('lower', share, 0, 0)).toBe(0)
  })
})
