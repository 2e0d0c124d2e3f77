/**
 * Which operator teaches networks to find the median of pictures of numbers, told the median alone? Grover, Wang, Zweig, Ermon, ICLR 2019,
 * section 5.2: one network scores the pictures, another reads their numbers, and a relaxed permutation of the scores says whose number
 * stands in the middle.
 */

import type { Cell } from '../../core/cell.ts'
import type { Part } from '../../core/dataset.ts'
import { usageError } from '../../core/errors.ts'
import type { Bench, Experiment, PlannedCell, Scope } from '../../core/experiment.ts'
import { isMethod, methodOf, rankerRef } from '../../core/method-ref.ts'
import { randomStream } from '../../core/random.ts'
import type { Observation } from '../../core/result.ts'
import { ours } from '../../core/system.ts'
import { mean } from '../../stats/mean.ts'
import { beside } from '../../train/beside.ts'
import { startTraining, type Training } from '../../train/loop.ts'
import { type Model, outputsOf } from '../../train/model.ts'
import { fact, sampled } from '../facts.ts'
import { gumbelNoise } from '../training/gumbel.ts'
import { networkNeeds, networkOf } from '../training/network.ts'
import { share, trainingMeasures, trainingObservations } from '../training/outcome.ts'
import { optimiserOf } from '../training/settings.ts'
import { openSource, type Source } from '../training/source.ts'
import { medianLoss, networksFor } from './loss.ts'
import { compareWith, type Found, mediansOf, middleItems } from './medians.ts'
import { params, parseSettings, type Settings } from './settings.ts'

/** The same every time. */
const drawPart = (source: Source, part: Part, sequences: number, seed: number) =>
  source.draw(part, sequences, randomStream(seed, `median regression/${part}`))

interface Tested extends Found {
  /** 1 where the picture that was chosen has the median, one a sequence. */
  readonly identified: readonly number[]
}

/** Whatever it was trained with, what a model finds is the number of the picture whose score stands in the middle. */
function testOn(source: Source, part: Part, sequences: number, unit: number, seed: number): (model: Model) => Tested {
  const { values, pictures } = drawPart(source, part, sequences, seed)
  const { n, width, height } = source
  const medians = mediansOf(values, n)
  return (model) => {
    const outputs = outputsOf(model, pictures, width * height)
    const last = model.outputs - 1
    const scores = Float64Array.from(values, (_, i) => outputs[i * model.outputs])
    const items = middleItems(scores, n)
    const found = Float64Array.from(items, (item, i) => unit * outputs[(i * n + item) * model.outputs + last])
    return {
      ...compareWith(medians, found),
      identified: Array.from(items, (item, i) => (values[i * n + item] === medians[i] ? 1 : 0)),
    }
  }
}

/** Batches are a function of their step: a training that was killed takes up the one it died in. */
const batchesOf = (source: Source, { batch, unit, gumbel }: Settings, seed: number) => ({
  largest: batch * source.n,
  next(step = 0) {
    const { values, pictures } = source.draw('train', batch, randomStream(seed, `median regression/step ${step}`))
    const noise = gumbelNoise(gumbel * values.length, randomStream(seed, `median regression/noise ${step}`))
    const medians = mediansOf(values, source.n).map((value) => value / unit)
    return { inputs: pictures, rows: values.length, medians, noise }
  },
})

/** Initial weights do not depend on the operator: all start from the same networks. */
function modelOf(cell: Cell, bench: Bench, source: Source, settings: Settings): Model {
  const network = (name: string) =>
    networkOf(source, settings, randomStream(cell.seed, `median regression/initial ${name}`), bench)
  return networksFor(methodOf(cell.method)) === 2 ? beside([network('scores'), network('numbers')]) : network('numbers')
}

function begin(cell: Cell, bench: Bench, source: Source, model: Model, settings: Settings): Training {
  const method = methodOf(cell.method)
  const shape = { sequences: settings.batch, n: source.n, gumbel: settings.gumbel }
  const validate = testOn(source, 'validation', settings.validation, settings.unit, cell.seed)
  return startTraining({
    model,
    batches: batchesOf(source, settings, cell.seed),
    loss: medianLoss(bench.operator(method, {}), method, shape).at,
    judge: (judged) => -mean(validate(judged).errors),
    optimiser: optimiserOf(settings, model.parameters.length),
    check: settings.check,
    patience: settings.steps,
    ...(bench.keeper && { checkpoints: { every: settings.keep, keeper: bench.keeper } }),
  })
}

const testObservations = ({ errors, determination, correlation }: Found): Observation[] => [
  sampled('mse', errors, 'lower'),
  fact('r2', determination),
  fact('r2.correlation', correlation),
]

/** What finds the same number everywhere: the mean of the medians of the validation part. */
function constant({ seed }: Cell, source: Source, { validation, test }: Settings): Observation[] {
  const [own, tested] = [drawPart(source, 'validation', validation, seed), drawPart(source, 'test', test, seed)]
  const centre = mean(mediansOf(own.values, source.n))
  const medians = mediansOf(tested.values, source.n)
  return testObservations(
    compareWith(
      medians,
      medians.map(() => centre),
    ),
  )
}

async function run(cell: Cell, bench: Bench): Promise<Observation[]> {
  const settings = parseSettings(cell.experiment.params)
  const source = await openSource(cell, bench)
  if (source.n % 2 === 0)
    throw usageError(`${cell.experiment.name}: sequences of ${source.n} have no middle; expected an odd n`)
  if (!isMethod(cell.method)) return constant(cell, source, settings)
  const model = modelOf(cell, bench, source, settings)
  const training = begin(cell, bench, source, model, settings)
  training.advance(settings.steps)
  model.parameters.set(training.best.parameters)
  const tested = testOn(source, 'test', settings.test, settings.unit, cell.seed)(model)
  return [
    ...testObservations(tested),
    sampled('identified', tested.identified, 'higher'),
    ...trainingObservations(training, 'lower'),
  ]
}

/** Relaxed permutations, soft medians and a constant x sequences x seeds; with noise, which is for scores, relaxed permutations alone. */
function plan(scope: Scope): PlannedCell[] {
  const { gumbel } = parseSettings(scope.experiment.params)
  const quantiles = scope.methods.filter(({ operator }) => operator === 'quantile')
  const other = quantiles.find(({ params: { q } }) => Number(q) !== 0.5)
  if (other) throw usageError(`${other.name} is asked for the quantile ${other.params.q}; expected q=0.5, the median`)
  const matrices = scope.methods.filter(({ operator }) => operator === 'matrix')
  const methods = gumbel > 0 ? matrices : [rankerRef('constant'), ...matrices, ...quantiles]
  return scope.datasets
    .filter((dataset) => scope.kindOf(dataset) === 'sequences')
    .flatMap((dataset) =>
      methods.flatMap((method) =>
        scope.seeds.map((seed) => ({ system: ours, method, dataset, split: '', seed, precision: 'f64' as const })),
      ),
    )
}

export const medianRegression: Experiment = {
  name: 'median-regression',
  version: 2,
  question: 'Which operator teaches networks to find the median of pictures of numbers?',
  params,
  measures: {
    mse: {
      unit: '1',
      better: 'lower',
      value: 'mean',
      meaning: 'squared distance from the median, in units of 10,000, on test sequences; one sample a sequence',
    },
    r2: {
      unit: '1',
      better: 'higher',
      meaning: '1 - squared error over that of the mean of the medians, on test sequences',
    },
    'r2.correlation': {
      unit: '1',
      better: 'higher',
      meaning: 'squared correlation of what was found with the medians, on test sequences',
    },
    identified: share('test sequences in which the picture that was chosen has the median; one sample a sequence'),
    ...trainingMeasures('mean of `mse` over the validation sequences at each look at them', 'lower'),
  },
  takes: { operators: ['matrix', 'quantile'], data: 'sequences' },
  timed: false,
  usesEngine: ({ method }) => isMethod(method),
  needs: networkNeeds,
  plan,
  run,
  report: async () => (await import('./report.ts')).reporter,
}
