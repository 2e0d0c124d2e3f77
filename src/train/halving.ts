/**
 * Successive halving: many trainings begin, and after each round the better half goes on for twice the steps, so that most
 * of a budget goes to the trials that deserve it. Karnin, Koren, Somekh, Almost Optimal Exploration in Multi-Armed Bandits,
 * ICML 2013; for hyper-parameters: Jamieson, Talwalkar, AISTATS 2016.
 */

import type { Training } from './loop.ts'

/** Rounds of `trials` trainings: how many take part in each, and to which step. The last round reaches `steps`. */
export function rounds(trials: number, steps: number): readonly { readonly trials: number; readonly to: number }[] {
  const count = Math.max(1, Math.floor(Math.log2(trials)))
  return Array.from({ length: count }, (_, r) => ({
    trials: Math.ceil(trials / 2 ** r),
    to: Math.ceil(steps / 2 ** (count - 1 - r)),
  }))
}

/** Steps that all trials take together when none is over early. */
export function stepsOfHalving(trials: number, steps: number): number {
  let [sum, from] = [0, 0]
  for (const round of rounds(trials, steps)) {
    sum += round.trials * (round.to - from)
    from = round.to
  }
  return sum
}

const isDiverged = ({ end }: Training): boolean => end?.kind === 'diverged'

/**
 * Index of the winner: the best judgement of those that came to the last round, the first of equals. A training that
 * diverged is out.
 * @returns undefined when all diverged
 */
export function halve(trainings: readonly Training[], steps: number): number | undefined {
  let left = trainings.map((training, index) => ({ training, index }))
  for (const { trials, to } of rounds(trainings.length, steps)) {
    left = left.slice(0, trials)
    for (const { training } of left) training.advance(to)
    left = left.filter(({ training }) => !isDiverged(training))
    left.sort((a, b) => b.training.best.value - a.training.best.value || a.index - b.index)
  }
  return left[0]?.index
}
