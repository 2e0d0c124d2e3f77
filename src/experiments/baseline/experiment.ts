/** What can be had without a loss? Constant scores, single features, BM25, linear regression: what trained rankers have to beat. */

import type { Cell } from '../../core/cell.ts'
import { factsOf, type RankingData, type RankingFacts } from '../../core/dataset.ts'
import { usageError } from '../../core/errors.ts'
import type { Bench, Experiment, PlannedCell, Scope } from '../../core/experiment.ts'
import { maximum } from '../../core/extremes.ts'
import { rankerRef } from '../../core/method-ref.ts'
import type { ParamSpace } from '../../core/params.ts'
import { randomStream } from '../../core/random.ts'
import type { Observation } from '../../core/result.ts'
import { ours } from '../../core/system.ts'
import { evaluateQueries, meanOverQueries } from '../../metrics/evaluate.ts'
import { type Metric, parseMetric, parseMetrics } from '../../metrics/metric.ts'
import { fitRidge, linearScores } from '../../train/ridge.ts'
import { loadFold } from '../letor/load-fold.ts'
import { defaultMetrics } from '../letor/settings.ts'
import { plain, testObservations } from '../letor/test-metrics.ts'
import { chosen, rankingMeasures, validationMeasure } from '../ranking-measures.ts'
import { singleFeature } from './rankers.ts'

const params = {
  select: { kind: 'text', default: 'map:letor4', meaning: 'validation metric that chooses the feature or the ridge' },
  metrics: {
    kind: 'text',
    default: defaultMetrics,
    meaning: 'test metrics whose values are stored for every query, separated by +',
  },
  features: { kind: 'flag', default: false, meaning: 'every single feature too, a ranker each' },
} as const satisfies ParamSpace

/** Column `feature` (1-based) of the data. */
const column = ({ features, labels, width }: RankingData, feature: number): Float64Array =>
  Float64Array.from(labels, (_, i) => features[i * width + feature - 1])

/** A ranker that was chosen on the validation part: scores for any data, and what was chosen. */
interface Chosen {
  readonly scores: (data: RankingData) => Float64Array
  readonly facts: readonly Observation[]
}

interface Parts {
  readonly train: RankingData
  readonly validation: RankingData
}

/** The candidate with the best validation value, the first when they tie. */
function best<T>(
  candidates: readonly T[],
  scoresOf: (candidate: T, data: RankingData) => Float64Array,
  { validation }: Parts,
  select: Metric,
): T {
  const values = candidates.map((candidate) =>
    meanOverQueries(evaluateQueries(select, { ...validation, scores: scoresOf(candidate, validation) })),
  )
  return candidates[values.indexOf(maximum(values))]
}

/** Weights and a constant, one draw a seed, the same for every fold: a ranker that has learnt nothing. */
function randomWeights({ seed }: Cell, width: number): Float64Array {
  const random = randomStream(seed, 'random linear ranker')
  return Float64Array.from({ length: width + 1 }, () => random.normal())
}

const ridges = [1e-6, 1e-4, 1e-2, 1]

/** Rankers by the name of their cell. */
const rankers: Readonly<Record<string, (cell: Cell, parts: Parts, select: Metric, facts: RankingFacts) => Chosen>> = {
  'random-linear': (cell) => ({ scores: (data) => linearScores(randomWeights(cell, data.width), data), facts: [] }),
  constant: () => ({ scores: (data) => new Float64Array(data.labels.length), facts: [] }),
  [singleFeature]: ({ method }) => {
    const feature = Number(method.params.index)
    return { scores: (data) => column(data, feature), facts: [plain('feature', feature)] }
  },
  bm25: ({ dataset }, _parts, _select, { bm25: feature }) => {
    if (feature === undefined) throw usageError(`baseline: which feature of ${dataset.name} is BM25 is not known`)
    return { scores: (data) => column(data, feature), facts: [plain('feature', feature)] }
  },
  'best-feature': (_, parts, select) => {
    const all = Array.from({ length: parts.train.width }, (_, j) => j + 1)
    const feature = best(all, (j, data) => column(data, j), parts, select)
    return { scores: (data) => column(data, feature), facts: [plain('feature', feature)] }
  },
  regression: (_, parts, select) => {
    const fitted = ridges.map((ridge) => ({ ridge, weights: fitRidge(parts.train, ridge) }))
    const chosen = best(fitted, ({ weights }, data) => linearScores(weights, data), parts, select)
    return { scores: (data) => linearScores(chosen.weights, data), facts: [plain('ridge', chosen.ridge)] }
  },
}

async function run(cell: Cell, bench: Bench): Promise<Observation[]> {
  const fold = await loadFold(cell, bench)
  const select = parseMetric(String(cell.experiment.params.select))
  const { scores, facts } = rankers[cell.method.method](
    cell,
    { train: fold.train, validation: fold.validation },
    select,
    factsOf(bench.dataset(cell.dataset)),
  )
  const metrics = parseMetrics(String(cell.experiment.params.metrics))
  const validation = evaluateQueries(select, { ...fold.validation, scores: scores(fold.validation) })
  return [
    ...testObservations(scores(fold.test), fold.test, metrics, bench.everyQuery),
    plain(`validation:${select.text}`, meanOverQueries(validation)),
    ...facts,
  ]
}

/** Rankers x data sets x folds; methods that were asked for are not looked at: a baseline has no loss. */
function plan(scope: Scope): PlannedCell[] {
  parseMetrics(String(scope.experiment.params.metrics))
  const single = (width = 0) => Array.from({ length: width }, (_, j) => ({ index: j + 1 }))
  return scope.datasets
    .filter((dataset) => scope.kindOf(dataset) === 'ranking')
    .flatMap((dataset) => {
      const { bm25, width } = scope.facts(dataset)
      const named = ['constant', 'random-linear', 'best-feature', 'regression', ...(bm25 === undefined ? [] : ['bm25'])]
      const methods = [
        ...named.map((name) => rankerRef(name)),
        ...(scope.experiment.params.features ? single(width).map((params) => rankerRef(singleFeature, params)) : []),
      ]
      return methods.flatMap((method) =>
        scope.folds(dataset).map((split) => ({
          system: ours,
          method,
          dataset,
          split,
          seed: scope.seeds[0],
          precision: 'f64' as const,
        })),
      )
    })
}

export const baseline: Experiment = {
  name: 'baseline',
  version: 1,
  question: 'What can be had without a loss?',
  params,
  measures: {
    ...rankingMeasures,
    ...validationMeasure,
    feature: chosen('number of the feature that ranks, counted from 1'),
    ridge: chosen('weight of the penalty of the regression'),
  },
  takes: { operators: 'own', data: 'ranking' },
  timed: false,
  plan,
  run,
  report: async () => (await import('./report.ts')).reporter,
}
