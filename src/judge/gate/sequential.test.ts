import { describe, expect, test } from 'vitest'
import type { GatePlan } from '../../core/gate.ts'
import { looksUpTo, roundsNeeded, smallestLimit, takeLook } from './sequential.ts'
import { noises, simulateGates } from './simulate.ts'

type Noise = Parameters<typeof simulateGates>[0]['noise']

const plan: GatePlan = { looks: looksUpTo(24), alarm: 0.01, pass: 0.05, spending: 'obrien-fleming', confirm: 24 }
const limit = Math.log1p(0.03)
const last = plan.looks.length - 1
const rounds = (value: number, count = 24): number[] =>
  Array.from({ length: count }, (_, i) => value + 1e-4 * ((i * 7) % 11))
const verdicts = (...values: number[]) =>
  takeLook(
    values.map((value) => ({ differences: rounds(value), limit })),
    plan,
    last,
    { size: values.length, alarms: 0 },
  ).map(({ verdict }) => verdict)

describe('a look', () => {
  test('tells what is worse by the limit, what is not, and what is better', () => {
    expect(verdicts(0.1, 0, -0.1, limit - 5e-4)).toEqual(['regressed', 'equivalent', 'improved', undefined])
  })
  test('settles nothing on so few rounds that no difference could reach the level', () => {
    const [looked] = takeLook([{ differences: rounds(0.5, 5), limit }], plan, 0, { size: 1, alarms: 0 })
    expect(looked.verdict).toBeUndefined()
    expect(looked.low).toBe(Number.NEGATIVE_INFINITY)
  })
  test('has bounds that say the same as the verdict', () => {
    const [worse, same] = takeLook(
      [
        { differences: rounds(0.1), limit },
        { differences: rounds(0), limit },
      ],
      plan,
      last,
      { size: 2, alarms: 0 },
    )
    expect(worse.low).toBeGreaterThan(limit)
    expect(same.high).toBeLessThan(limit)
  })
  test('of equal counts passes, though no difference varies', () => {
    const [looked] = takeLook([{ differences: rounds(0).map(() => 0), limit }], plan, last, { size: 1, alarms: 0 })
    expect(looked.verdict).toBe('equivalent')
  })
})

describe('what an open question would take', () => {
  test('is more rounds the nearer the change is to the limit', () => {
    const family = { size: 1, alarms: 0 }
    const noisy = (value: number) => ({
      differences: rounds(0).map((each, i) => value + each + 0.02 * Math.sin(i)),
      limit,
    })
    expect(roundsNeeded(noisy(0.02), plan, family)).toBeGreaterThan(roundsNeeded(noisy(0), plan, family))
  })
  test('is at least as many as the level has halvings', () => {
    expect(roundsNeeded({ differences: rounds(0), limit }, plan, { size: 1, alarms: 0 })).toBe(5)
  })
  test('the smallest limit grows with the noise and falls with rounds', () => {
    expect(smallestLimit(0.02, plan)).toBeCloseTo(2 * smallestLimit(0.01, plan), 12)
    expect(smallestLimit(0.02, { ...plan, looks: looksUpTo(96) })).toBeLessThan(smallestLimit(0.02, plan))
  })
})

/** So many gates that a rate of one in a hundred is told from one in thirty. */
const gates = 400
const names = Object.keys(noises) as (keyof typeof noises)[]
const rates = (noise: Noise, ratio: number, name: string, numbers = 6) =>
  simulateGates({ noise, numbers, ratio, limit: 0.03 }, plan, gates, name)

describe('the decision rule on planted times', () => {
  test.each(names)('%s: an unchanged build alarms in one gate of a hundred at most', (name) => {
    expect(rates(noises[name], 1, name).alarm).toBeLessThanOrEqual(0.01)
  })
  test.each(names)('%s: what is worse by the limit passes one time in twenty at most', (name) => {
    // Three standard errors of so many gates above .05.
    expect(rates(noises[name], 1.03, name).pass).toBeLessThan(0.083)
  })
  test.each(['quiet', 'drift'] as const)('%s: 5 %% is found in 95 of 100 gates', (name) => {
    const found = rates(noises[name], 1.05, `${name} slow`)
    expect(found.pass).toBe(0)
    expect(found.alarm).toBeGreaterThan(0.95)
  })
  test.each(names)('%s: 10 %% never passes', (name) => {
    expect(rates(noises[name], 1.1, `${name} slower`).pass).toBe(0)
  })
  test('early decisions do not cost the error rate: the same gate with a single look', () => {
    const single = { ...plan, looks: [24] }
    const { alarm, pass } = simulateGates(
      { noise: noises.quiet, numbers: 6, ratio: 1, limit: 0.03 },
      single,
      gates,
      'single',
    )
    expect(alarm).toBe(0)
    expect(pass).toBe(1)
  })
})
