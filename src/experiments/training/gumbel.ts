/**
 * Gumbel noise on scores: an operator is stochastic by the mean over a few samples of it. Grover, Wang, Zweig, Ermon, ICLR 2019, section 4:
 * scores with Gumbel noise of scale 1 are sorted as Plackett-Luce draws permutations.
 */

import type { Cell } from '../../core/cell.ts'
import type { Random } from '../../core/random.ts'
import type { FloatArray } from '../../core/shape.ts'
import { experimentLabel, methodLabel, type RunData } from '../../results/view.ts'

export const gumbelParam = {
  kind: 'number',
  integer: true,
  min: 0,
  max: 1_000,
  default: 0,
  meaning:
    'samples of Gumbel noise that a step adds to its scores, the loss being the mean over them; published: 0 and 5',
} as const

export const gumbelNoise = (length: number, random: Random): Float64Array =>
  Float64Array.from({ length }, () => -Math.log(-Math.log(random.uniform())))

/** Writes the scores with each sample of noise after another to `values`; the scores alone where there is no noise. */
export function writeNoisy(values: FloatArray, scores: Float64Array, noise: Float64Array): void {
  for (let k = 0; k < values.length; k++) values[k] = scores[k % scores.length] + (noise[k] ?? 0)
}

/** One copy a sample. */
export function repeated(numbers: Float64Array, samples: number): Float64Array {
  const all = new Float64Array(numbers.length * samples)
  for (let sample = 0; sample < samples; sample++) all.set(numbers, sample * numbers.length)
  return all
}

/** What each number gets of all its copies. */
export function summed(gradient: ArrayLike<number>, length: number): Float64Array {
  const sums = new Float64Array(length)
  for (let k = 0; k < gradient.length; k++) sums[k % length] += gradient[k]
  return sums
}

const samplesOf = ({ experiment }: Cell): number => Number(experiment.params.gumbel ?? 0)

/** `name` with the samples of its noise, so that an operator with noise on its scores stands beside the one without. */
export const noisyName = (name: string, cell: Cell): string =>
  samplesOf(cell) > 0 ? `${name}, gumbel=${samplesOf(cell)}` : name

/** What rows and lines are called. */
export const operatorName = (run: RunData, cell: Cell): string => noisyName(methodLabel(run, cell), cell)

/** Settings that are alike for all that is compared. */
export function settingsLabel(run: RunData, cell: Cell): string {
  const { gumbel: _, ...params } = cell.experiment.params
  return experimentLabel(run, { ...cell, experiment: { ...cell.experiment, params } })
}
