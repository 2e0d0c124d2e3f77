/** What the `letor` experiment can be told, and the same as typed values. */

import { usageError } from '../../core/errors.ts'
import type { ParamSpace, Params } from '../../core/params.ts'
import { type Metric, parseMetric, parseMetrics } from '../../metrics/metric.ts'
import type { Activation } from '../../train/activation.ts'
import type { TrainingOptions } from './train.ts'

export const defaultMetrics =
  'ndcg@5:letor4+ndcg@10:letor3+ndcg@10:letor3-padded+map:letor4+ndcg@10:allrank+ndcg@10:trec'

export const params = {
  scorer: { kind: 'choice', choices: ['linear', 'mlp'], default: 'linear', meaning: 'ranking function' },
  hidden: {
    kind: 'text',
    default: '64+32',
    meaning: 'sizes of the hidden layers of the MLP, e.g. 64x32; alternatives to choose from separated by +',
  },
  activation: { kind: 'choice', choices: ['relu', 'tanh'], default: 'relu', meaning: 'between the layers of the MLP' },
  'learning-rates': { kind: 'text', default: '0.001x0.01', meaning: 'rates to choose from on the validation part' },
  epochs: { kind: 'number', integer: true, min: 1, default: 100, meaning: 'most passes over the training part' },
  patience: {
    kind: 'number',
    integer: true,
    min: 1,
    default: 10,
    meaning: 'epochs without improvement before stopping',
  },
  batch: { kind: 'number', integer: true, min: 1, default: 16, meaning: 'lists in a minibatch' },
  'weight-decays': {
    kind: 'text',
    default: '0x0.01',
    meaning: 'decoupled weight decays of Adam to choose from on the validation part',
  },
  softness: {
    kind: 'text',
    default: '1',
    meaning:
      "factors on the loss's own softness to choose from on the validation part; losses without one have no choice",
  },
  select: { kind: 'text', default: 'map:letor4', meaning: 'validation metric that makes every choice' },
  metrics: {
    kind: 'text',
    default: defaultMetrics,
    meaning: 'test metrics whose values are stored for every query, separated by +',
  },
} as const satisfies ParamSpace

export interface Choices {
  readonly learningRate: readonly number[]
  readonly weightDecay: readonly number[]
  /** Factors on the softness of the loss. */
  readonly softness: readonly number[]
  /** Sizes of hidden layers; none for the linear scorer. */
  readonly hidden: readonly (readonly number[])[]
}

export interface Settings {
  readonly scorer: 'linear' | 'mlp'
  readonly activation: Activation
  /** What the validation part chooses from, at least one of each. */
  readonly choices: Choices
  /** What does not depend on the cell or on a choice. */
  readonly training: Pick<TrainingOptions, 'epochs' | 'patience' | 'batch' | 'select'>
  readonly metrics: readonly Metric[]
}

/** `64x32` -> [64, 32]. @throws RankBenchError(usage) */
function parseNumbers(name: string, text: string, valid: (value: number) => boolean, expected: string): number[] {
  const values = text.split('x').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  if (values.every(valid)) return values
  throw usageError(`letor: ${name} is "${text}"; expected ${expected}, separated by x`)
}

const isSize = (value: number): boolean => Number.isInteger(value) && value > 0
const isPositive = (value: number): boolean => Number.isFinite(value) && value > 0
const isDecay = (value: number): boolean => Number.isFinite(value) && value >= 0

function parseHidden(given: Params): number[][] {
  const alternatives = String(given.hidden).split('+')
  return alternatives.map((text) => parseNumbers('hidden', text, isSize, 'whole numbers above 0'))
}

/** @throws RankBenchError(usage) for sizes, rates and metrics that cannot be read */
export function parseSettings(given: Params): Settings {
  const numbers = (name: keyof typeof params, valid: (value: number) => boolean, expected: string) =>
    parseNumbers(name, String(given[name]), valid, expected)
  const hidden = parseHidden(given)
  const scorer = given.scorer as Settings['scorer']
  return {
    scorer,
    activation: given.activation as Activation,
    choices: {
      learningRate: numbers('learning-rates', isPositive, 'numbers above 0'),
      weightDecay: numbers('weight-decays', isDecay, 'numbers from 0'),
      softness: numbers('softness', isPositive, 'numbers above 0'),
      hidden: scorer === 'mlp' ? hidden : [[]],
    },
    training: {
      epochs: Number(given.epochs),
      patience: Number(given.patience),
      batch: Number(given.batch),
      select: parseMetric(String(given.select)),
    },
    metrics: parseMetrics(String(given.metrics)),
  }
}
