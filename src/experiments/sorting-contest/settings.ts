/** What the contest can be told, and the same as typed values. */

import type { ParamSpace, Params } from '../../core/params.ts'
import { isPositive, numberList } from '../number-list.ts'
import {
  parseSettings as parseTraining,
  type Settings as TrainingSettings,
  params as trainingParams,
} from '../sequence-sorting/settings.ts'

const { filters, hidden, initial, optimiser, batch, steps, check, validation, test } = trainingParams

/** Of the network and what it is shown: what a step costs is a matter of these. */
export const networkParams = {
  filters: { ...filters, default: 'none' },
  hidden: { ...hidden, default: 64 },
  initial,
  optimiser,
  batch,
  network: { kind: 'choice', choices: ['f32', 'f64'], default: 'f32', meaning: 'precision of the network' },
} as const satisfies ParamSpace

export const params = {
  ...networkParams,
  trials: {
    kind: 'number',
    integer: true,
    min: 1,
    max: 10_000,
    default: 16,
    meaning: 'points tried of the grid of rates and softness; the same number for every operator',
  },
  'learning-rates': {
    kind: 'text',
    default: '0.001x0.003x0.01x0.03',
    meaning: 'rates of the optimiser to choose from on the validation part',
  },
  softness: {
    kind: 'text',
    default: '0.01x0.1x1x10x100',
    meaning:
      "factors on the operator's own softness to choose from on the validation part; operators without one have no choice",
  },
  steps: {
    ...steps,
    default: 400,
    meaning: 'most steps of a trial; the worse half of the trials is given up at an eighth, a quarter, half of them',
  },
  check: { ...check, default: 50 },
  validation: { ...validation, default: 200, meaning: 'sequences that choose trial and step' },
  test: { ...test, default: 1000 },
} as const satisfies ParamSpace

/** What the validation part chooses from, at least one of each. */
export type Choices = {
  readonly learningRate: readonly number[]
  /** Factors on the softness of the operator. */
  readonly softness: readonly number[]
}

export interface Settings {
  readonly trials: number
  readonly choices: Choices
  /** Of a trial, but for the rate, which is chosen. */
  readonly training: TrainingSettings
}

/** A training as `sequence-sorting` has it, at its defaults where the contest says nothing. */
export function trainingSettings(given: Params): TrainingSettings {
  const defaults = Object.entries(trainingParams).map(([name, spec]) => [name, spec.default])
  const known = Object.entries(given).filter(([name]) => name in trainingParams)
  return parseTraining(Object.fromEntries([...defaults, ...known]))
}

/** @throws RankBenchError(usage) for rates, factors and filters that cannot be read */
export function parseSettings(given: Params): Settings {
  const numbers = (name: 'learning-rates' | 'softness') =>
    numberList(`sorting-contest: ${name}`, String(given[name]), isPositive, 'numbers above 0')
  return {
    trials: Number(given.trials),
    choices: { learningRate: numbers('learning-rates'), softness: numbers('softness') },
    training: trainingSettings(given),
  }
}
