/** What the validation part chose, as observations: with it, how far the choice is from the edges of what was offered. */

import type { Observation } from '../../core/result.ts'
import { isDiverged } from '../../train/loop.ts'
import { choiceFacts, searchFacts } from '../choices.ts'
import { fact, sampled } from '../facts.ts'
import type { Selected, Trial } from './select.ts'
import type { Settings } from './settings.ts'

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** What each trial was and what became of it, in the order drawn: whether a choice mattered can be seen from these. */
function trialObservations(trials: readonly Trial[], select: string): Observation[] {
  const column = (name: string, pick: (trial: Trial) => number): Observation =>
    sampled(`trial:${name}`, trials.map(pick))
  return [
    column(`validation:${select}`, ({ training }) => training.best.value),
    column('steps', ({ training }) => training.step),
    column('diverged', ({ training }) => (isDiverged(training) ? 1 : 0)),
    column('learning-rate', ({ choice }) => choice.learningRate),
    column('weight-decay', ({ choice }) => choice.weightDecay),
    column('softness-factor', ({ choice }) => choice.softness),
    column('hidden-units', ({ choice }) => sum(choice.hidden)),
  ]
}

export function chosenObservations(selected: Selected, settings: Settings): Observation[] {
  const { training, choice, choices, trials } = selected
  const { budget, select } = settings
  const { best, judgements, losses } = training
  return [
    { ...fact(`validation:${select.text}`, best.value), better: 'higher' },
    ...searchFacts(selected, budget.steps),
    ...choiceFacts({
      'learning-rate': { value: choice.learningRate, offered: choices.learningRate },
      'weight-decay': { value: choice.weightDecay, offered: choices.weightDecay },
      'softness-factor': { value: choice.softness, offered: choices.softness },
    }),
    fact('hidden-units', sum(choice.hidden)),
    ...trialObservations(trials, select.text),
    { ...fact(`curve:validation:${select.text}`, best.value), better: 'higher', samples: judgements },
    { ...fact('curve:loss', losses.at(-1) ?? Number.NaN), better: 'lower', samples: losses },
  ]
}
