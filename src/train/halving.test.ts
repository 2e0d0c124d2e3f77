import { describe, expect, test } from 'vitest'
import { halve } from './halving.ts'
import { rounds } from './halving-rounds.ts'
import type { Training } from './loop.ts'

/** A training whose judgement is `value(step)`, and which diverges at a step where it is told to. */
function fake(value: (step: number) => number, divergesAt = Number.POSITIVE_INFINITY): Training {
  let step = 0
  let end: Training['end']
  return {
    get best() {
      return { value: value(step), step, parameters: new Float64Array(0) }
    },
    get step() {
      return step
    },
    get end() {
      return end
    },
    judgements: [],
    losses: [],
    advance(to) {
      step = Math.min(to, divergesAt)
      if (step === divergesAt) end = { kind: 'diverged', what: 'loss is NaN', step }
    },
  }
}

describe('successive halving', () => {
  test('of 16 trials and 800 steps has rounds to 100, 200, 400 and 800 steps', () => {
    expect(rounds(16, 800)).toEqual([
      { trials: 16, to: 100 },
      { trials: 8, to: 200 },
      { trials: 4, to: 400 },
      { trials: 2, to: 800 },
    ])
  })
  test.each([
    [1, [1]],
    [2, [2]],
    [3, [3]],
    [5, [5, 3]],
  ])('of %i trials has rounds of %o, the last one to the last step', (trials, expected) => {
    expect(rounds(trials, 90).map((round) => round.trials)).toEqual(expected)
    expect(rounds(trials, 90).at(-1)!.to).toBe(90)
  })
  test('gives every trial the same start and the better half twice the steps', () => {
    const trainings = Array.from({ length: 8 }, (_, t) => fake(() => t))
    expect(halve(trainings, 80)).toBe(7)
    expect(trainings.map(({ step }) => step)).toEqual([20, 20, 20, 20, 40, 40, 80, 80])
  })
  test('prefers the trial drawn first when two are equal', () => {
    expect(
      halve(
        [1, 2, 2, 0].map((value) => fake(() => value)),
        80,
      ),
    ).toBe(1)
  })
  test('lets a slow starter win when it survives', () => {
    const slow = fake((step) => (step < 60 ? 1 : 10))
    expect(halve([fake(() => 2), slow, fake(() => 0), fake(() => 0)], 80)).toBe(1)
  })
  test('drops what diverged, whatever it had reached', () => {
    const best = fake(() => 100, 10)
    expect(halve([best, fake(() => 1), fake(() => 2), fake(() => 0)], 80)).toBe(2)
    expect(best.step).toBe(10)
  })
  test('has no winner when all diverged', () => {
    expect(halve([fake(() => 1, 3), fake(() => 2, 4)], 80)).toBeUndefined()
  })
})
