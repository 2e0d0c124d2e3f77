import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomStream } from '../core/random.ts'
import { drawTrials } from './trials.ts'

const stream = (seed: number) => (name: string) => randomStream(seed, name)
const grid = { rate: [0.001, 0.01, 0.1, 1], softness: [0.1, 1, 10], hidden: [[32], [16]] }

describe('trials', () => {
  test('are different points of the grid, as many as asked for', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 23 }), (seed, count) => {
        const drawn = drawTrials(grid, count, stream(seed))
        expect(drawn.length).toBe(count)
        expect(new Set(drawn.map((point) => JSON.stringify(point))).size).toBe(count)
        for (const { rate, softness, hidden } of drawn) {
          expect(grid.rate).toContain(rate)
          expect(grid.softness).toContain(softness)
          expect(grid.hidden).toContainEqual(hidden)
        }
      }),
    )
  })
  test('are all points when the grid has no more', () => {
    expect(drawTrials({ rate: [1, 2], softness: [1] }, 16, stream(1))).toEqual([
      { rate: 1, softness: 1 },
      { rate: 2, softness: 1 },
    ])
  })
  test('try every value about equally often', () => {
    const big = { rate: [1, 2, 3, 4], softness: [1, 2, 3, 4], decay: [0, 1] }
    for (let seed = 1; seed <= 20; seed++) {
      const drawn = drawTrials(big, 16, stream(seed))
      for (const name of ['rate', 'softness'] as const) {
        const counts = big[name].map((value) => drawn.filter((point) => point[name] === value).length)
        // Four each, but for points drawn twice, which give way to others.
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(6)
        expect(Math.min(...counts)).toBeGreaterThan(0)
      }
    }
  })
  test('are the same for the same seed and others for another', () => {
    expect(drawTrials(grid, 8, stream(3))).toEqual(drawTrials(grid, 8, stream(3)))
    expect(drawTrials(grid, 8, stream(3))).not.toEqual(drawTrials(grid, 8, stream(4)))
  })
})
