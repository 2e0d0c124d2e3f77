/**
 * Which linear model stands outliers? Least squares, ridge, Huber, least trimmed squares, and these with a soft sort; fitted on numbers
 * some of which are outliers, chosen on folds of them, tested on clean ones.
 */

import type { Cell } from '../../core/cell.ts'
import { usageError } from '../../core/errors.ts'
import type { Bench, Experiment, PlannedCell, Scope } from '../../core/experiment.ts'
import { minimum } from '../../core/extremes.ts'
import type { Measure } from '../../core/measure.ts'
import { isMethod, rankerRef } from '../../core/method-ref.ts'
import type { ParamSpace } from '../../core/params.ts'
import { randomStream } from '../../core/random.ts'
import type { Observation } from '../../core/result.ts'
import { ours } from '../../core/system.ts'
import { mean } from '../../stats/mean.ts'
import { linearScores } from '../../train/ridge.ts'
import { crossValidation, type RowSplit } from '../cross-validation.ts'
import { sampled } from '../facts.ts'
import { chosen } from '../ranking-measures.ts'
import { baselines, type Fitter, type Setting, softTrimming } from './candidates.ts'
import { type Prepared, prepare } from './table-data.ts'

const params = {
  folds: { kind: 'number', integer: true, min: 2, max: 100, default: 10, meaning: 'folds that are tested, each once' },
  'inner-folds': {
    kind: 'number',
    integer: true,
    min: 2,
    max: 100,
    default: 5,
    meaning: 'folds of the other rows that make every choice',
  },
  'search-rows': {
    kind: 'number',
    integer: true,
    min: 20,
    max: 100_000_000,
    default: 500,
    meaning: 'most rows that the search looks at; the model that is tested is fitted on all',
  },
} as const satisfies ParamSpace

type Load = (split: RowSplit) => Prepared

const meanError = ({ seen }: Prepared, found: Float64Array): number =>
  mean(found.map((value, i) => Math.abs(value - seen[i])))

/** 1 - squared error over that of the mean, on clean numbers. */
function explained({ targets }: Prepared, found: Float64Array): number {
  const centre = mean(targets)
  let [left, all] = [0, 0]
  for (let i = 0; i < targets.length; i++) {
    left += (targets[i] - found[i]) ** 2
    all += (targets[i] - centre) ** 2
  }
  return all > 0 ? 1 - left / all : 0
}

const predict = ({ held, width }: Prepared, weights: Float64Array) => linearScores(weights, { features: held, width })

/** The part of a walk that ends with the best setting, by the mean absolute error on held rows as they are, outliers among them. */
function search(
  fitter: Fitter,
  load: Load,
  rows: readonly number[],
  innerFolds: number,
  seed: number,
  fold: number,
): readonly Setting[] {
  const splits = crossValidation(rows, innerFolds, randomStream(seed, `robust regression/search/${fold}`)).map(load)
  const scored = fitter.walks.flatMap((walk) => {
    const errors = splits.map((prepared) =>
      fitter.fit(prepared, walk).map((weights) => meanError(prepared, predict(prepared, weights))),
    )
    return walk.map((_, at) => ({ walk: walk.slice(0, at + 1), error: mean(errors.map((each) => each[at])) }))
  })
  const least = minimum(scored.map(({ error }) => error))
  return scored.find(({ error }) => error === least)!.walk
}

function fitterOf({ method, seed }: Cell, bench: Bench): Fitter {
  if (!isMethod(method)) return baselines[method.method](seed)
  return softTrimming(bench.operator(method, {}), method.params)
}

async function run(cell: Cell, bench: Bench): Promise<Observation[]> {
  const dataset = bench.dataset(cell.dataset)
  if (dataset.kind !== 'regression')
    throw usageError(`${cell.experiment.name} needs regression data; ${dataset.name} holds other data`)
  const data = await dataset.load(cell.dataset.params, bench.data)
  const [folds, innerFolds, searchRows] = ['folds', 'inner-folds', 'search-rows'].map((name) =>
    Number(cell.experiment.params[name]),
  )
  const rows = Array.from(data.targets, (_, i) => i)
  const fitter = fitterOf(cell, bench)
  const load: Load = (split) => prepare(data, split)
  const tested = crossValidation(rows, folds, randomStream(cell.seed, 'robust regression/folds')).map((split, fold) => {
    const walk = search(fitter, load, split.fit.slice(0, searchRows), innerFolds, cell.seed, fold)
    const prepared = load(split)
    return { setting: walk.at(-1)!, r2: explained(prepared, predict(prepared, fitter.fit(prepared, walk).at(-1)!)) }
  })
  const settings = (pick: (setting: Setting) => number | undefined) =>
    tested.flatMap(({ setting }) => pick(setting) ?? [])
  return [
    sampled(
      'r2',
      tested.map(({ r2 }) => r2),
      'higher',
    ),
    ...Object.entries({
      ridge: settings(({ ridge }) => ridge),
      trimmed: settings(({ trimmed }) => trimmed),
      'softness-factor': settings(({ factor }) => factor),
      threshold: settings(({ threshold }) => threshold),
    }).flatMap(([name, values]) => (values.length > 0 ? [sampled(`chosen.${name}`, values)] : [])),
  ]
}

/** Soft sorts and baselines x data sets x seeds. */
function plan(scope: Scope): PlannedCell[] {
  const methods = [
    ...Object.keys(baselines).map((name) => rankerRef(name)),
    ...scope.methods.filter(({ operator }) => operator === 'sort'),
  ]
  return scope.datasets
    .filter((dataset) => scope.kindOf(dataset) === 'regression')
    .flatMap((dataset) =>
      methods.flatMap((method) =>
        scope.seeds.map((seed) => ({ system: ours, method, dataset, split: '', seed, precision: 'f64' as const })),
      ),
    )
}

const choice = (meaning: string): Measure => ({ ...chosen(`${meaning}; one sample a fold`), value: 'mean' })

export const robustRegression: Experiment = {
  name: 'robust-regression',
  version: 1,
  question: 'Which linear model stands outliers: does a soft sort of the residuals help?',
  params,
  measures: {
    r2: {
      unit: '1',
      better: 'higher',
      value: 'mean',
      meaning: 'R2 on clean numbers of the test folds; one sample a fold',
    },
    'chosen.ridge': choice('weight of the penalty'),
    'chosen.trimmed': choice('share of the rows that was left out'),
    'chosen.softness-factor': choice('on the softness of the operator'),
    'chosen.threshold': choice("where Huber's loss becomes linear"),
  },
  takes: { operators: ['sort'], data: 'regression' },
  timed: false,
  usesEngine: ({ method }) => isMethod(method as Cell['method']),
  plan,
  run,
  report: async () => (await import('./report.ts')).reporter,
}
