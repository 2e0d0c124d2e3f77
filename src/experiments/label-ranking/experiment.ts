/**
 * Does a soft rank in the loss help a linear model to rank labels? Ten folds; in each a penalty is searched on folds of the
 * rows that are fitted on, for the model with the operator and for the same model without it.
 */

import type { Cell } from '../../core/cell.ts'
import { usageError } from '../../core/errors.ts'
import type { Bench, Experiment, PlannedCell, Scope } from '../../core/experiment.ts'
import { maximum } from '../../core/extremes.ts'
import type { Measure } from '../../core/measure.ts'
import type { ParamSpace, Params } from '../../core/params.ts'
import { randomStream } from '../../core/random.ts'
import type { Observation } from '../../core/result.ts'
import { ours } from '../../core/system.ts'
import { differenceP } from '../../stats/equivalence.ts'
import { mean } from '../../stats/mean.ts'
import { differences } from '../../stats/paired.ts'
import { crossValidation, type RowSplit, rowsOf, standardise } from '../cross-validation.ts'
import { sampled } from '../facts.ts'
import { chosen } from '../ranking-measures.ts'
import { meanAgreement } from './agreement.ts'
import { fitPath, meanWeights, type Projection, plainPath, randomWeights, type Weights } from './fit.ts'
import { gainEstimate, level } from './gain.ts'

const params = {
  folds: { kind: 'number', integer: true, min: 2, max: 100, default: 10, meaning: 'folds that are tested, each once' },
  'inner-folds': {
    kind: 'number',
    integer: true,
    min: 2,
    max: 100,
    default: 5,
    meaning: 'folds of the other rows that choose the penalty',
  },
  penalties: {
    kind: 'text',
    default: '100x10x1x0.1x0.01x0.001x0.0001x0.00001x0.000001',
    meaning: 'to choose from, the strongest first; for operators with a softness they are softness too',
  },
  'search-rows': {
    kind: 'number',
    integer: true,
    min: 20,
    max: 100_000_000,
    default: 1000,
    meaning: 'most rows that the search looks at; the model that is tested is fitted on all',
  },
} as const satisfies ParamSpace

/** What is fitted and tested: a data set and a way from scores to ranks. */
interface Task {
  readonly features: Float64Array
  readonly width: number
  readonly ranks: Float64Array
  readonly labels: number
}

interface Settings {
  readonly folds: number
  readonly innerFolds: number
  readonly penalties: readonly number[]
  readonly searchRows: number
  readonly seed: number
}

/** @throws RankBenchError(usage) for penalties that cannot be read, or do not fall */
function settingsOf(given: Params, seed: number): Settings {
  const penalties = String(given.penalties).split('x').map(Number)
  const falls = penalties.every((penalty, i) => penalty > 0 && (i === 0 || penalty < penalties[i - 1]))
  if (!falls)
    throw usageError(`label-ranking: penalties are "${given.penalties}"; expected falling numbers above 0, joined by x`)
  const [folds, innerFolds, searchRows] = [given.folds, given['inner-folds'], given['search-rows']].map(Number)
  return { folds, innerFolds, penalties, searchRows, seed }
}

/** A soft rank, or no projection. */
type Model = Projection | undefined

/** Agreement on the held rows at each penalty, and the weights of each. @param start of a model with an operator */
function agreements(task: Task, { fit, held }: RowSplit, model: Model, penalties: readonly number[], start: Weights) {
  const { features, width, ranks, labels } = task
  const [own, other] = [rowsOf(features, width, fit), rowsOf(features, width, held)]
  standardise(own, other, width)
  const examples = { features: own, width, ranks: rowsOf(ranks, labels, fit), labels }
  const { scores, weights, evaluations } = model
    ? fitPath(examples, model, penalties, other, start)
    : { scores: plainPath(examples, penalties, other), weights: [], evaluations: 0 }
  const expected = rowsOf(ranks, labels, held)
  return { values: scores.map((each) => meanAgreement(each, expected, labels)), weights, evaluations }
}

/** The best penalty, the strongest of equals, and what its models are in the mean. */
function search(task: Task, rows: readonly number[], model: Model, settings: Settings, fold: number) {
  const { penalties, innerFolds, searchRows, seed } = settings
  const random = randomStream(seed, `label ranking/search/${fold}`)
  const splits = crossValidation(random.shuffle([...rows]).slice(0, searchRows), innerFolds, random)
  const start = randomWeights(task.width, task.labels, randomStream(seed, 'label ranking/initial'))
  const found = splits.map((split) => agreements(task, split, model, penalties, start))
  const means = penalties.map((_, p) => mean(found.map(({ values }) => values[p])))
  const best = means.indexOf(maximum(means))
  return {
    penalty: penalties[best],
    weights: model ? meanWeights(found.map((each) => each.weights[best])) : start,
    evaluations: found.reduce((sum, each) => sum + each.evaluations, 0),
  }
}

/** Agreement on the test rows of each fold, and what was chosen there. The model of all rows goes on from those of the search. */
function tested(task: Task, splits: readonly RowSplit[], model: Model, settings: Settings) {
  return splits.map((split, fold) => {
    const { penalty, weights, evaluations } = search(task, split.fit, model, settings, fold)
    const { values, evaluations: more } = agreements(task, split, model, [penalty], weights)
    return { value: values[0], penalty, evaluations: evaluations + more }
  })
}

async function run(cell: Cell, bench: Bench): Promise<Observation[]> {
  const dataset = bench.dataset(cell.dataset)
  if (dataset.kind !== 'label-ranking')
    throw usageError(`${cell.experiment.name} needs label rankings; ${dataset.name} holds other data`)
  const task = await dataset.load(cell.split, cell.dataset.params, bench.data)
  const settings = settingsOf(cell.experiment.params, cell.seed)
  const rows = Array.from({ length: task.ranks.length / task.labels }, (_, i) => i)
  const splits = crossValidation(rows, settings.folds, randomStream(cell.seed, 'label ranking/folds'))
  const projection = { spec: bench.operator(cell.method, {}), params: cell.method.params }
  const [soft, plain] = [projection, undefined].map((each) => tested(task, splits, each, settings))
  const values = (of: typeof soft) => of.map(({ value }) => value)
  const gain = Array.from(differences(values(soft), values(plain)))
  const p = differenceP(gainEstimate(gain))
  const told = p < level ? Math.sign(mean(gain)) : 0
  return [
    sampled('spearman', values(soft), 'higher'),
    sampled('spearman.plain', values(plain), 'higher'),
    sampled('gain', gain, 'higher'),
    sampled('gain.p', [p]),
    sampled('sets.better', [told > 0 ? 1 : 0]),
    sampled('sets.equal', [told === 0 ? 1 : 0]),
    sampled('sets.worse', [told < 0 ? 1 : 0]),
    sampled(
      'penalty',
      soft.map(({ penalty }) => penalty),
    ),
    sampled(
      'penalty.plain',
      plain.map(({ penalty }) => penalty),
    ),
    sampled('evaluations', [soft.reduce((sum, { evaluations }) => sum + evaluations, 0)], 'lower'),
  ]
}

/** Rank operators x data sets x their sets x seeds. */
function plan(scope: Scope): PlannedCell[] {
  settingsOf(scope.experiment.params, 0)
  const datasets = scope.datasets.filter((dataset) => scope.kindOf(dataset) === 'label-ranking')
  return scope.methods
    .filter(({ operator }) => operator === 'rank')
    .flatMap((method) =>
      datasets.flatMap((dataset) =>
        scope
          .folds(dataset)
          .flatMap((split) =>
            scope.seeds.map((seed) => ({ system: ours, method, dataset, split, seed, precision: 'f64' as const })),
          ),
      ),
    )
}

const agreement = (whose: string): Measure => ({
  unit: '1',
  better: 'higher',
  value: 'mean',
  meaning: `Spearman correlation with the true order, ${whose}; one sample a fold`,
})

const counted = (meaning: string): Measure => ({
  ...chosen(`1 where ${meaning}, else 0; of a data set of several sets, how many`),
  value: 'mean',
  overSplits: 'sum',
})

export const labelRanking: Experiment = {
  name: 'label-ranking',
  version: 2,
  question: 'Does a soft rank in the loss help a linear model to rank labels?',
  params,
  measures: {
    spearman: agreement('with the operator'),
    'spearman.plain': agreement('without it'),
    gain: { unit: '1', better: 'higher', value: 'mean', meaning: 'what the operator adds; one sample a fold' },
    'gain.p': chosen(
      'p of a t-test of the gain over folds, corrected for what folds share (Nadeau, Bengio, Inference for the Generalization Error, 2003)',
    ),
    'sets.better': counted(`the operator adds, p below ${level}`),
    'sets.equal': counted('nothing tells the two apart'),
    'sets.worse': counted(`the operator takes away, p below ${level}`),
    penalty: { ...chosen('penalty with the operator; one sample a fold'), value: 'mean' },
    'penalty.plain': { ...chosen('penalty without it; one sample a fold'), value: 'mean' },
    evaluations: { unit: '1', better: 'lower', value: 'mean', meaning: 'evaluations of the loss, search included' },
  },
  takes: { operators: ['rank'], data: 'label-ranking' },
  timed: false,
  usesEngine: () => true,
  plan,
  run,
  report: async () => (await import('./report.ts')).reporter,
}
