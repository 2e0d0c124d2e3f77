/** What the experiment can be told, and the same as typed values. */

import { usageError } from '../../core/errors.ts'
import type { ParamSpace, Params } from '../../core/params.ts'
import type { Precision } from '../../core/shape.ts'
import { networkPeer } from '../../core/system.ts'
import type { NetworkSize } from '../../train/network.ts'

const most = 100_000_000

const count = (preset: number, meaning: string) =>
  ({ kind: 'number', integer: true, min: 1, max: most, default: preset, meaning }) as const

export const params = {
  filters: {
    kind: 'text',
    default: '16x16',
    meaning: 'filters of each convolution of 5 x 5, joined by x; published: 32x64',
  },
  hidden: count(32, 'units of the hidden layer; published: 64'),
  initial: {
    kind: 'choice',
    choices: ['he', 'published'],
    default: 'he',
    meaning: 'how weights begin: He, or truncated normal of deviation 0.1 with biases 0.1, as NeuralSort has them',
  },
  optimiser: { kind: 'choice', choices: ['adam', 'sgd'], default: 'adam', meaning: 'Adam, or SGD with momentum 0.9' },
  'learning-rate': { kind: 'number', min: 0, exclusiveMin: true, default: 0.003, meaning: 'of the optimiser' },
  batch: count(10, 'sequences in a step'),
  steps: count(150, 'steps; a protocol that is cut short has fewer of them and is otherwise the same'),
  check: count(50, 'steps between looks at the validation part'),
  validation: count(200, 'sequences that choose the weights that are kept'),
  test: count(500, 'sequences that are tested'),
  keep: count(50, 'steps between states that are kept: what a killed training loses at most'),
  network: {
    kind: 'choice',
    choices: ['f32', 'f64', networkPeer],
    default: 'f32',
    meaning: `precision of the network, by our kernels; ${networkPeer}: f32, by PyTorch, which a machine with Python has`,
  },
  gumbel: {
    kind: 'number',
    integer: true,
    min: 0,
    max: 1_000,
    default: 0,
    meaning:
      'samples of Gumbel noise that a step adds to its scores, the loss being the mean over them; published: 0 and 5',
  },
} as const satisfies ParamSpace

export interface Settings {
  readonly size: NetworkSize
  readonly initial: 'he' | 'published'
  readonly optimiser: 'adam' | 'sgd'
  readonly learningRate: number
  readonly batch: number
  readonly steps: number
  readonly check: number
  readonly validation: number
  readonly test: number
  readonly keep: number
  /** Undefined where PyTorch computes the network. */
  readonly precision: Precision | undefined
  readonly gumbel: number
}

const isFilters = (given: number): boolean => Number.isInteger(given) && given > 0 && given <= 4096

/** @throws RankBenchError(usage) for filters that cannot be read */
export function parseSettings(given: Params): Settings {
  const filters = String(given.filters).split('x').map(Number)
  if (!filters.every(isFilters))
    throw usageError(`filters are "${given.filters}"; expected whole numbers from 1 to 4096, joined by x`)
  return {
    size: { filters, hidden: Number(given.hidden) },
    initial: given.initial as Settings['initial'],
    optimiser: given.optimiser as Settings['optimiser'],
    learningRate: Number(given['learning-rate']),
    batch: Number(given.batch),
    steps: Number(given.steps),
    check: Number(given.check),
    validation: Number(given.validation),
    test: Number(given.test),
    keep: Number(given.keep),
    precision: given.network === networkPeer ? undefined : (given.network as Precision),
    gumbel: Number(given.gumbel),
  }
}
