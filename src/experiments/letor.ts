/** Which loss trains the best ranker? Linear and MLP scorers on LETOR folds, selected on validation, reported on test. */

import type { Cell } from '../core/cell.ts'
import type { Fold } from '../core/dataset.ts'
import { usageError } from '../core/errors.ts'
import type { Bench, Experiment, PlannedCell, Scope } from '../core/experiment.ts'
import type { Params } from '../core/params.ts'
import { randomStream } from '../core/random.ts'
import type { Observation } from '../core/result.ts'
import { presets } from '../metrics/convention.ts'
import { evaluateAll, meanOverQueries } from '../metrics/evaluate.ts'
import { type Metric, parseMetric, parseMetrics } from '../metrics/metric.ts'
import { type Activation, mlpScorer } from './letor/mlp.ts'
import { linearScorer, type Scorer } from './letor/scorer.ts'
import { type Loss, scoreAll, type Trained, train } from './letor/train.ts'

const params = {
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
} as const

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)

/** Also reported, as means only: what the published tables print, and one ranking under every convention. */
const alsoReported: readonly Metric[] = [
  ...['letor3', 'letor4'].flatMap((script) => [
    ...upTo(10).map((k) => `ndcg@${k}:${script}`),
    `mean-ndcg:${script}`,
    `map:${script}`,
  ]),
  ...['letor3', 'letor4'].flatMap((script) => upTo(10).map((k) => `p@${k}:${script}`)),
  ...[...presets.keys()].flatMap((preset) => [1, 3, 5, 10, 20].map((k) => `ndcg@${k}:${preset}`)),
  'mrr:rax',
].map(parseMetric)

/** `64x32` -> [64, 32]. @throws RankBenchError(usage) */
function parseSizes(text: string, what: string, valid: (value: number) => boolean): number[] {
  const values = text.split('x').map(Number)
  if (values.every((value) => value > 0 && valid(value))) return values
  throw usageError(`letor: ${what} is "${text}"; expected positive numbers separated by x`)
}

function createScorer(given: Params, width: number, seed: number): Scorer {
  const random = randomStream(seed, 'letor/initial')
  if (given.scorer === 'linear') return linearScorer(width, random)
  return mlpScorer(
    width,
    parseSizes(String(given.hidden), 'hidden', Number.isInteger),
    given.activation as Activation,
    random,
  )
}

interface Selected extends Trained {
  readonly learningRate: number
}

/** The best of all learning rates by the validation part; the earlier one when they tie. */
function selectRate(cell: Cell, parts: Pick<Fold, 'train' | 'validation'>, loss: Loss): Selected {
  const given = cell.experiment.params
  const options = {
    epochs: Number(given.epochs),
    patience: Number(given.patience),
    batch: Number(given.batch),
    weightDecay: Number(given['weight-decay']),
    select: parseMetric(String(given.select)),
    seed: cell.seed,
    precision: cell.precision,
  }
  return parseSizes(String(given['learning-rates']), 'learning-rates', Number.isFinite)
    .map((learningRate) => {
      const scorer = createScorer(given, parts.train.width, cell.seed)
      return { ...train(parts, scorer, loss, { ...options, learningRate }), learningRate }
    })
    .reduce((best, next) => (next.validation > best.validation ? next : best))
}

const plain = (metric: string, value: number): Observation => ({ metric, unit: '1', better: 'higher', value })

/** Conventions that need names of documents are left out where the data has none. */
const applicable = (metrics: readonly Metric[], named: boolean): Metric[] =>
  metrics.filter((metric) => named || metric.convention.ties !== 'docid')

function testObservations(scorer: Scorer, test: Fold['test'], metrics: readonly Metric[]): Observation[] {
  const stored = applicable(metrics, test.documents !== undefined)
  const also = applicable(alsoReported, test.documents !== undefined).filter(
    (each) => !stored.some((one) => one.text === each.text),
  )
  const values = evaluateAll([...stored, ...also], { ...test, scores: scoreAll(scorer, test) })
  const meanOf = (metric: Metric) => plain(metric.text, meanOverQueries(values.get(metric.text)!))
  return [
    ...stored.map((metric) => ({ ...meanOf(metric), samples: Array.from(values.get(metric.text)!) })),
    ...[...new Map(also.map((metric) => [metric.text, metric])).values()].map(meanOf),
  ]
}

async function run(cell: Cell, bench: Bench): Promise<Observation[]> {
  const dataset = bench.dataset(cell.dataset)
  if (dataset.kind !== 'ranking') throw usageError(`letor needs ranking data; ${dataset.name} holds lists of numbers`)
  const metrics = parseMetrics(String(cell.experiment.params.metrics))
  const { test, ...parts } = await dataset.load(cell.split, cell.dataset.params, bench.data)
  const loss = { name: cell.method.name, operator: bench.operator(cell.method), params: cell.method.params }
  const { scorer, validation, epoch, learningRate } = selectRate(cell, parts, loss)
  return [
    ...testObservations(scorer, test, metrics),
    plain(`validation:${cell.experiment.params.select}`, validation),
    plain('epoch', epoch),
    plain('learning-rate', learningRate),
  ]
}

function plan(scope: Scope): PlannedCell[] {
  // A wrong metric or size is refused before anything runs.
  const given = scope.experiment.params
  parseMetrics(String(given.metrics))
  parseMetric(String(given.select))
  parseSizes(String(given.hidden), 'hidden', Number.isInteger)
  parseSizes(String(given['learning-rates']), 'learning-rates', Number.isFinite)
  const losses = scope.methods.filter((method) => method.name.startsWith('loss:'))
  const datasets = scope.datasets.filter((dataset) => scope.kindOf(dataset) === 'ranking')
  return datasets.flatMap((dataset) =>
    losses.flatMap((method) =>
      scope.folds(dataset).flatMap((split) =>
        scope.precisions.flatMap((precision) =>
          scope.seeds.map((seed) => ({
            implementation: 'rank-bench' as const,
            method,
            dataset,
            split,
            seed,
            precision,
          })),
        ),
      ),
    ),
  )
}

export const letor: Experiment = {
  name: 'letor',
  version: 1,
  question: 'Which loss trains the best ranker?',
  params,
  timed: false,
  plan,
  run,
}
