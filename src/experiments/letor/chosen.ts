/** What the validation part chose, as observations: with it, how far the choice is from the edges of what was offered. */

import { maximum, minimum } from '../../core/extremes.ts'
import type { Observation } from '../../core/result.ts'
import { mean } from '../../stats/mean.ts'
import type { Selected, Trial } from './select.ts'
import type { Settings } from './settings.ts'

/** A fact of the training. It is its own only sample, so that it is kept where samples are. */
const fact = (metric: string, value: number): Observation => ({
  metric,
  unit: '1',
  better: 'neither',
  value,
  samples: [value],
})

/** -1 when the lowest of several values was chosen, 1 when the highest was, 0 when neither was or there was no choice. */
function edgeOf(value: number, offered: readonly number[]): number {
  if (offered.length < 2) return 0
  if (value === minimum(offered)) return -1
  return value === maximum(offered) ? 1 : 0
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const isDiverged = ({ training }: Trial): boolean => training.end?.kind === 'diverged'

/** What each trial was and what became of it, in the order drawn: whether a choice mattered can be seen from these. */
function trialObservations(trials: readonly Trial[], select: string): Observation[] {
  const column = (name: string, pick: (trial: Trial) => number): Observation => {
    const samples = trials.map(pick)
    return { metric: `trial:${name}`, unit: '1', better: 'neither', value: mean(samples), samples }
  }
  return [
    column(`validation:${select}`, ({ training }) => training.best.value),
    column('steps', ({ training }) => training.step),
    column('diverged', (trial) => (isDiverged(trial) ? 1 : 0)),
    column('learning-rate', ({ choice }) => choice.learningRate),
    column('weight-decay', ({ choice }) => choice.weightDecay),
    column('softness-factor', ({ choice }) => choice.softness),
    column('hidden-units', ({ choice }) => sum(choice.hidden)),
  ]
}

export function chosenObservations({ training, choice, choices, trials }: Selected, settings: Settings): Observation[] {
  const { budget, select } = settings
  const { best, step, end, judgements, losses } = training
  // Neither patience nor halving had ended it: with more steps it would have gone on.
  const capped = end === undefined && step >= budget.steps
  return [
    { ...fact(`validation:${select.text}`, best.value), better: 'higher' },
    fact('trials', trials.length),
    fact('trials-diverged', trials.filter(isDiverged).length),
    fact('steps', step),
    fact('best-step', best.step),
    fact('stopped-by-cap', capped ? 1 : 0),
    fact('learning-rate', choice.learningRate),
    fact('weight-decay', choice.weightDecay),
    fact('softness-factor', choice.softness),
    fact('hidden-units', sum(choice.hidden)),
    fact('edge:learning-rate', edgeOf(choice.learningRate, choices.learningRate)),
    fact('edge:weight-decay', edgeOf(choice.weightDecay, choices.weightDecay)),
    fact('edge:softness-factor', edgeOf(choice.softness, choices.softness)),
    ...trialObservations(trials, select.text),
    { ...fact(`curve:validation:${select.text}`, best.value), better: 'higher', samples: judgements },
    { ...fact('curve:loss', losses.at(-1) ?? Number.NaN), better: 'lower', samples: losses },
  ]
}
