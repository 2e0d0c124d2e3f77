import { describe, expect, test } from 'vitest'
import { randomStream } from '../core/random.ts'
import { normalQuantile } from './distributions.ts'
import { nominalLevels } from './spending.ts'

type Spending = Parameters<typeof nominalLevels>[0]

const equalLooks = (count: number): number[] => Array.from({ length: count }, (_, i) => (i + 1) / count)
const boundaries = (spending: Spending, alpha: number, looks: number): number[] =>
  nominalLevels(spending, alpha, equalLooks(looks)).map((level) => -normalQuantile(level))

describe('levels of repeated looks', () => {
  test('one look spends all of it', () => {
    expect(nominalLevels('pocock', 0.05, [1])[0]).toBeCloseTo(0.05, 8)
  })
  // Jennison and Turnbull, Group Sequential Methods, section 7.2; the same numbers as R's ldbounds prints.
  test('five looks by O Brien and Fleming at two-sided .05', () => {
    const published = [4.877, 3.357, 2.68, 2.29, 2.031]
    boundaries('obrien-fleming', 0.025, 5).forEach((value, i) => {
      expect(Math.abs(value - published[i])).toBeLessThan(0.002)
    })
  })
  test('five looks by Pocock at two-sided .05', () => {
    const published = [2.438, 2.427, 2.41, 2.397, 2.386]
    boundaries('pocock', 0.025, 5).forEach((value, i) => {
      expect(Math.abs(value - published[i])).toBeLessThan(0.002)
    })
  })
  test.each(['pocock', 'obrien-fleming'] as const)(
    '%s: sums without any effect cross as often as planned',
    (spending) => {
      const looks = 8
      const needed = boundaries(spending, 0.05, looks)
      const random = randomStream(5, spending)
      const trials = 40_000
      let crossed = 0
      for (let trial = 0; trial < trials; trial++) {
        let sum = 0
        for (let look = 1; look <= looks; look++) {
          sum += random.normal()
          if (sum / Math.sqrt(look) < needed[look - 1]) continue
          crossed++
          break
        }
      }
      // Four standard errors of the simulation.
      expect(Math.abs(crossed / trials - 0.05)).toBeLessThan(0.0044)
    },
  )
})
