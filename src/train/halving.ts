/**
 * Successive halving: many trainings begin, and after each round the better half goes on for twice the steps, so that most
 * of a budget goes to the trials that deserve it. Karnin, Koren, Somekh, Almost Optimal Exploration in Multi-Armed Bandits,
 * ICML 2013; for hyper-parameters: Jamieson, Talwalkar, AISTATS 2016.
 */

import { rounds } from './halving-rounds.ts'
import { isDiverged, type Training } from './loop.ts'

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
