/** What a search on the validation part came to, as observations: with every choice, how far it is from the edges of what was offered. */

import { valueError } from '../core/errors.ts'
import type { Measures } from '../core/measure.ts'
import type { Observation } from '../core/result.ts'
import { isDiverged, type Training } from '../train/loop.ts'
import { edgeOf } from '../train/trials.ts'
import { fact } from './facts.ts'
import { chosen } from './ranking-measures.ts'

interface Searched {
  /** The one that was kept, and all. */
  readonly training: Training
  readonly trials: readonly { readonly training: Training }[]
}

/** An error that names the last trial's loss, step and rate. @param experiment whose rates a user would change */
export function allDiverged(
  name: string,
  experiment: string,
  trials: readonly { readonly training: Training; readonly choice: { readonly learningRate: number } }[],
): Error {
  const { training, choice } = trials.at(-1)!
  const { end } = training
  const what = end?.kind === 'diverged' ? `the ${end.what} at step ${end.step}` : 'nothing was left'
  return valueError(
    `${name}: no trial of ${trials.length} stayed finite; in the last one, at learning rate ${choice.learningRate}, ${what}`,
    `choose smaller rates, e.g. ${experiment}[learning-rates=${choice.learningRate / 10}]`,
  )
}

/** @param steps most steps of a trial */
export function searchFacts({ training, trials }: Searched, steps: number): Observation[] {
  const { best, step, end } = training
  // Neither patience nor halving had ended it: with more steps it would have gone on.
  const capped = end === undefined && step >= steps
  return [
    fact('trials', trials.length),
    fact('trials-diverged', trials.filter((trial) => isDiverged(trial.training)).length),
    fact('steps', step),
    fact('best-step', best.step),
    fact('stopped-by-cap', capped ? 1 : 0),
  ]
}

/** What was chosen of each kind, then whether it is an edge of what was offered of it. */
export function choiceFacts(
  choices: Readonly<Record<string, { readonly value: number; readonly offered: readonly number[] }>>,
): Observation[] {
  const all = Object.entries(choices)
  return [
    ...all.map(([name, { value }]) => fact(name, value)),
    ...all.map(([name, { value, offered }]) => fact(`edge:${name}`, edgeOf(value, offered))),
  ]
}

export const searchMeasures: Measures = {
  trials: chosen('settings that were tried'),
  'trials-diverged': chosen('of them, those whose loss left the finite numbers'),
  'trial:*': chosen('of every trial, in the order drawn'),
  steps: chosen('minibatches of the trial that was kept'),
  'best-step': chosen('the step whose weights were kept'),
  'stopped-by-cap': chosen('1 where nothing but the budget ended the training'),
  'learning-rate': chosen('of the optimiser'),
  'softness-factor': chosen('on the softness that loss or operator has by itself'),
  'edge:*': chosen('-1 where the lowest of what was offered was chosen, 1 where the highest was'),
}
