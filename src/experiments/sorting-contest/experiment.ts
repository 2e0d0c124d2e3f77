/**
 * Which operator trains best? Every operator has the same number of trials of learning rate and softness; validation sequences choose
 * one, test sequences judge it. Networks, batches and losses are those of `sequence-sorting`.
 */

import type { Cell } from '../../core/cell.ts'
import type { Bench, Experiment } from '../../core/experiment.ts'
import { methodOf } from '../../core/method-ref.ts'
import type { Observation } from '../../core/result.ts'
import { isDiverged } from '../../train/loop.ts'
import { choiceFacts, searchFacts, searchMeasures } from '../choices.ts'
import { fact, sampled } from '../facts.ts'
import { accuracyMeasures } from '../sequence-sorting/accuracy.ts'
import { exampleMeasures } from '../sequence-sorting/examples.ts'
import { sortingCells } from '../sequence-sorting/experiment.ts'
import { testObservations } from '../sequence-sorting/test-part.ts'
import { openSource } from '../training/source.ts'
import { type Selected, selectTrial, type Trial } from './select.ts'
import { params, parseSettings } from './settings.ts'

/** What each trial was and what became of it: whether a choice mattered can be seen from these. */
function trialObservations(trials: readonly Trial[]): Observation[] {
  const columns: Readonly<Record<string, (trial: Trial) => number>> = {
    validation: ({ training }) => training.best.value,
    steps: ({ training }) => training.step,
    diverged: ({ training }) => (isDiverged(training) ? 1 : 0),
    'learning-rate': ({ choice }) => choice.learningRate,
    'softness-factor': ({ choice }) => choice.softness,
  }
  return Object.entries(columns).map(([name, pick]) => sampled(`trial:${name}`, trials.map(pick)))
}

function searchObservations(selected: Selected, steps: number): Observation[] {
  const { training, choice, choices, trials } = selected
  const { best, judgements, losses } = training
  return [
    ...searchFacts(selected, steps),
    ...choiceFacts({
      'learning-rate': { value: choice.learningRate, offered: choices.learningRate },
      'softness-factor': { value: choice.softness, offered: choices.softness },
    }),
    ...trialObservations(trials),
    { ...fact('curve:validation', best.value), better: 'higher', samples: judgements },
    ...(losses.length > 0 ? [{ ...fact('curve:loss', losses[losses.length - 1]), samples: losses }] : []),
  ]
}

async function run(cell: Cell, bench: Bench): Promise<Observation[]> {
  const settings = parseSettings(cell.experiment.params)
  const source = await openSource(cell, bench)
  const method = methodOf(cell.method)
  const selected = selectTrial(source, { spec: bench.operator(method, {}), method }, settings, cell.seed, bench)
  const { test, steps } = settings.training
  return [...testObservations(source, test, cell.seed, selected.model), ...searchObservations(selected, steps)]
}

export const sortingContest: Experiment = {
  name: 'sorting-contest',
  version: 1,
  question: 'Which operator trains the best network to sort, each with its own rate and softness?',
  params,
  measures: {
    ...accuracyMeasures,
    ...exampleMeasures,
    ...searchMeasures,
    'curve:validation': {
      unit: '1',
      better: 'higher',
      value: 'largest',
      meaning: 'accuracy on the validation sequences at each look at them, of the trial that was kept',
    },
    'curve:loss': { unit: '1', better: 'neither', value: 'last', meaning: 'its mean loss between two looks' },
  },
  takes: { operators: ['matrix', 'rank'], data: 'sequences' },
  timed: false,
  usesEngine: () => true,
  plan(scope) {
    // What cannot be read is refused before anything runs.
    parseSettings(scope.experiment.params)
    return sortingCells(scope)
  },
  run,
  report: async () => (await import('./report.ts')).reporter,
}
