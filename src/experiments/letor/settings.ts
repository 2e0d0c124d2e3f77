/** What the `letor` experiment can be told, and the same as typed values. */

import { usageError } from '../../core/errors.ts'
import type { ParamSpace, Params } from '../../core/params.ts'
import { type Metric, parseMetric, parseMetrics } from '../../metrics/metric.ts'
import type { Activation } from './activation.ts'
import type { TrainingOptions } from './train.ts'

export const params = {
  scorer: { kind: 'choice', choices: ['linear', 'mlp'], default: 'linear', meaning: 'ranking function' },
  hidden: { kind: 'text', default: '64', meaning: 'sizes of the hidden layers of the MLP, e.g. 64x32' },
  activation: { kind: 'choice', choices: ['relu', 'tanh'], default: 'relu', meaning: 'between the layers of the MLP' },
  'learning-rates': { kind: 'text', default: '0.001x0.01', meaning: 'rates to choose from on the validation part' },
  epochs: { kind: 'number', integer: true, min: 1, default: 100, meaning: 'most passes over the training part' },
  patience: {
    kind: 'number',
    integer: true,
    min: 1,
    default: 15,
    meaning: 'epochs without improvement before stopping',
  },
  batch: { kind: 'number', integer: true, min: 1, default: 16, meaning: 'lists in a minibatch' },
  'weight-decay': { kind: 'number', min: 0, default: 0, meaning: 'decoupled weight decay of Adam' },
  select: { kind: 'text', default: 'map:letor4', meaning: 'validation metric that chooses epoch and learning rate' },
  metrics: {
    kind: 'text',
    default: 'ndcg@5:letor4+ndcg@10:letor3+map:letor4+ndcg@10:allrank+ndcg@10:trec',
    meaning: 'test metrics whose values are stored for every query, separated by +',
  },
} as const satisfies ParamSpace

export interface MlpShape {
  readonly hidden: readonly number[]
  readonly activation: Activation
}

export interface Settings {
  readonly scorer: 'linear' | MlpShape
  readonly learningRates: readonly number[]
  /** What does not depend on the cell or the learning rate. */
  readonly training: Pick<TrainingOptions, 'epochs' | 'patience' | 'batch' | 'weightDecay' | 'select'>
  readonly metrics: readonly Metric[]
}

/** `64x32` -> [64, 32]. @throws RankBenchError(usage) */
function parseNumbers(name: string, text: string, valid: (value: number) => boolean, expected: string): number[] {
  const values = text.split('x').map(Number)
  if (values.every((value) => value > 0 && valid(value))) return values
  throw usageError(`letor: ${name} is "${text}"; expected ${expected} above 0, separated by x`)
}

/** @throws RankBenchError(usage) for sizes, rates and metrics that cannot be read */
export function parseSettings(given: Params): Settings {
  const hidden = parseNumbers('hidden', String(given.hidden), Number.isInteger, 'whole numbers')
  return {
    scorer: given.scorer === 'linear' ? 'linear' : { hidden, activation: given.activation as Activation },
    learningRates: parseNumbers('learning-rates', String(given['learning-rates']), Number.isFinite, 'numbers'),
    training: {
      epochs: Number(given.epochs),
      patience: Number(given.patience),
      batch: Number(given.batch),
      weightDecay: Number(given['weight-decay']),
      select: parseMetric(String(given.select)),
    },
    metrics: parseMetrics(String(given.metrics)),
  }
}
