/** What experiments that train a network on pictures are told alike, and the same as typed values. */

import { usageError } from '../../core/errors.ts'
import type { Params } from '../../core/params.ts'
import type { Precision } from '../../core/shape.ts'
import { networkPeer } from '../../core/system.ts'
import { createAdam } from '../../train/adam.ts'
import { heInitial, type Initial, type NetworkSize, publishedInitial } from '../../train/network.ts'
import type { Optimiser } from '../../train/optimiser.ts'
import { createSgd } from '../../train/sgd.ts'

const most = 100_000_000

export const count = (preset: number, meaning: string) =>
  ({ kind: 'number', integer: true, min: 1, max: most, default: preset, meaning }) as const

/** @param published what the paper's network has */
export const networkParams = (preset: { filters: string; hidden: number }, published: typeof preset) =>
  ({
    filters: {
      kind: 'text',
      default: preset.filters,
      meaning: `filters of each convolution of 5 x 5, joined by x; none: no convolutions; published: ${published.filters}`,
    },
    hidden: count(preset.hidden, `units of the hidden layer; published: ${published.hidden}`),
  }) as const

export const initialParam = {
  kind: 'choice',
  choices: ['he', 'published'],
  default: 'he',
  meaning: 'how weights begin: He, or truncated normal of deviation 0.1 with biases 0.1, as NeuralSort has them',
} as const

export const optimiserParams = (optimiser: 'adam' | 'sgd', learningRate: number) =>
  ({
    optimiser: {
      kind: 'choice',
      choices: ['adam', 'sgd'],
      default: optimiser,
      meaning: 'Adam, or SGD with momentum 0.9',
    },
    'learning-rate': {
      kind: 'number',
      min: 0,
      exclusiveMin: true,
      default: learningRate,
      meaning: 'of the optimiser',
    },
  }) as const

export const stepParams = (steps: number, check: number) =>
  ({
    steps: count(steps, 'steps; a protocol that is cut short has fewer of them and is otherwise the same'),
    check: count(check, 'steps between looks at the validation part'),
  }) as const

export const keepParams = (keep: number) =>
  ({
    keep: count(keep, 'steps between states that are kept: what a killed training loses at most'),
    network: {
      kind: 'choice',
      choices: ['f32', 'f64', networkPeer],
      default: 'f32',
      meaning: `precision of the network, by our kernels; ${networkPeer}: f32, by PyTorch, which a machine with Python has`,
    },
  }) as const

export interface TrainingSettings {
  readonly size: NetworkSize
  readonly initial: Initial
  readonly optimiser: 'adam' | 'sgd'
  readonly learningRate: number
  readonly steps: number
  readonly check: number
  readonly keep: number
  /** Undefined where PyTorch computes the network. */
  readonly precision: Precision | undefined
}

const initials: Readonly<Record<string, Initial>> = { he: heInitial, published: publishedInitial }

const isFilters = (given: number): boolean => Number.isInteger(given) && given > 0 && given <= 4096

/** @throws RankBenchError(usage) for filters that cannot be read */
export function parseTraining(given: Params): TrainingSettings {
  const filters = given.filters === 'none' ? [] : String(given.filters).split('x').map(Number)
  if (!filters.every(isFilters))
    throw usageError(`filters are "${given.filters}"; expected whole numbers from 1 to 4096, joined by x, or none`)
  return {
    size: { filters, hidden: Number(given.hidden) },
    initial: initials[String(given.initial)],
    optimiser: given.optimiser as TrainingSettings['optimiser'],
    learningRate: Number(given['learning-rate']),
    steps: Number(given.steps),
    check: Number(given.check),
    keep: Number(given.keep),
    precision: given.network === networkPeer ? undefined : (given.network as Precision),
  }
}

/** A training in steps of so many, with parts of so many that choose and that are tested. */
export interface SampledTraining extends TrainingSettings {
  readonly batch: number
  readonly validation: number
  readonly test: number
}

/** @throws RankBenchError(usage) for filters that cannot be read */
export const parseSampled = (given: Params): SampledTraining => ({
  ...parseTraining(given),
  batch: Number(given.batch),
  validation: Number(given.validation),
  test: Number(given.test),
})

const momentum = 0.9

export const optimiserOf = (
  { optimiser, learningRate }: Pick<TrainingSettings, 'optimiser' | 'learningRate'>,
  length: number,
  weightDecay = 0,
): Optimiser =>
  optimiser === 'adam'
    ? createAdam(length, learningRate, weightDecay)
    : createSgd(length, learningRate, momentum, weightDecay)
