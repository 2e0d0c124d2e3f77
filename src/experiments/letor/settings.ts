/** What the `letor` experiment can be told, and the same as typed values. */

import type { ParamSpace, Params } from '../../core/params.ts'
import { type Metric, parseMetric, parseMetrics } from '../../metrics/metric.ts'
import type { Activation } from '../../train/activation.ts'
import { isPositive, numberList } from '../number-list.ts'

export const defaultMetrics =
  'ndcg@5:letor4+ndcg@10:letor3+ndcg@10:letor3-padded+map:letor4+ndcg@10:allrank+ndcg@10:trec'

/** Weeks of training: nobody who types more means it. */
const mostSteps = 100_000_000

export const params = {
  scorer: { kind: 'choice', choices: ['linear', 'mlp'], default: 'linear', meaning: 'ranking function' },
  hidden: {
    kind: 'text',
    default: '32+16',
    meaning: 'sizes of the hidden layers of the MLP, e.g. 64x32; alternatives to choose from separated by +',
  },
  activation: { kind: 'choice', choices: ['relu', 'tanh'], default: 'relu', meaning: 'between the layers of the MLP' },
  trials: {
    kind: 'number',
    integer: true,
    min: 1,
    max: 10_000,
    default: 16,
    meaning: 'points tried of the grid of rates, softness, decays and sizes; the same number for every loss',
  },
  'learning-rates': {
    kind: 'text',
    default: '0.001x0.003x0.01x0.03x0.1x0.3x1',
    meaning: 'rates of Adam to choose from on the validation part',
  },
  steps: {
    kind: 'number',
    integer: true,
    min: 1,
    max: mostSteps,
    default: 480,
    meaning: 'most steps of a trial; the worse half of the trials is given up at an eighth, a quarter, half of them',
  },
  check: {
    kind: 'number',
    integer: true,
    min: 1,
    max: mostSteps,
    default: 20,
    meaning: 'steps between looks at the validation part',
  },
  patience: {
    kind: 'number',
    integer: true,
    min: 1,
    max: mostSteps,
    default: 160,
    meaning: 'steps without improvement before a trial stops; they count once the untrained scorer is beaten',
  },
  batch: { kind: 'number', integer: true, min: 1, max: mostSteps, default: 4, meaning: 'lists in a minibatch' },
  'weight-decays': {
    kind: 'text',
    default: '0x0.1x1',
    meaning:
      'decoupled weight decays of Adam to choose from on the validation part; a decay of d bounds weights by 1 / d',
  },
  softness: {
    kind: 'text',
    default: '0.01x0.1x1x10',
    meaning:
      "factors on the loss's own softness to choose from on the validation part; losses without one have no choice",
  },
  select: { kind: 'text', default: 'ndcg@10:letor3-padded', meaning: 'validation metric that makes every choice' },
  metrics: {
    kind: 'text',
    default: defaultMetrics,
    meaning: 'test metrics whose values are stored for every query, separated by +',
  },
} as const satisfies ParamSpace

/** What the validation part chooses from, at least one of each. */
export type Choices = {
  readonly learningRate: readonly number[]
  readonly weightDecay: readonly number[]
  /** Factors on the softness of the loss. */
  readonly softness: readonly number[]
  /** Sizes of hidden layers; none for the linear scorer. */
  readonly hidden: readonly (readonly number[])[]
}

interface Budget {
  readonly trials: number
  /** Most steps of a trial. */
  readonly steps: number
  /** Steps between looks at the validation part. */
  readonly check: number
  readonly patience: number
}

export interface Settings {
  readonly scorer: 'linear' | 'mlp'
  readonly activation: Activation
  readonly choices: Choices
  readonly budget: Budget
  /** Lists in a minibatch. */
  readonly batch: number
  /** Makes every choice, on the validation part. */
  readonly select: Metric
  readonly metrics: readonly Metric[]
}

/** A layer that is wider holds more weights than there is memory. */
const widestLayer = 65_536
const isSize = (value: number): boolean => Number.isInteger(value) && value > 0 && value <= widestLayer
const isDecay = (value: number): boolean => Number.isFinite(value) && value >= 0

function parseHidden(given: Params): number[][] {
  const alternatives = String(given.hidden).split('+')
  return alternatives.map((text) => numberList('letor: hidden', text, isSize, `whole numbers from 1 to ${widestLayer}`))
}

/** @throws RankBenchError(usage) for sizes, rates and metrics that cannot be read */
export function parseSettings(given: Params): Settings {
  const numbers = (name: keyof typeof params, valid: (value: number) => boolean, expected: string) =>
    numberList(`letor: ${name}`, String(given[name]), valid, expected)
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
    budget: {
      trials: Number(given.trials),
      steps: Number(given.steps),
      check: Number(given.check),
      patience: Number(given.patience),
    },
    batch: Number(given.batch),
    select: parseMetric(String(given.select)),
    metrics: parseMetrics(String(given.metrics)),
  }
}
