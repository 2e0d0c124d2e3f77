/**
 * Which operator teaches a network to sort? Numbers are pictures; the network gives each a score, an operator makes an order of the
 * scores, and the true order is all that is told. Grover, Wang, Zweig, Ermon, ICLR 2019.
 */

import type { Cell } from '../../core/cell.ts'
import type { Part } from '../../core/dataset.ts'
import type { Bench, Experiment, PlannedCell, Scope } from '../../core/experiment.ts'
import { methodOf } from '../../core/method-ref.ts'
import { randomStream } from '../../core/random.ts'
import type { Observation } from '../../core/result.ts'
import { ours } from '../../core/system.ts'
import { mean } from '../../stats/mean.ts'
import { createAdam } from '../../train/adam.ts'
import { startTraining, type Training } from '../../train/loop.ts'
import { type Model, outputsOf } from '../../train/model.ts'
import { convolutionalLayers, heInitial, networkModel, publishedInitial } from '../../train/network.ts'
import { createSgd } from '../../train/sgd.ts'
import { chosen } from '../ranking-measures.ts'
import { type Accuracy, accuracyMeasures, accuracyOf } from './accuracy.ts'
import { exampleMeasures } from './examples.ts'
import { sortingLoss } from './loss.ts'
import { params, parseSettings, type Settings } from './settings.ts'
import { openSource, type Source } from './source.ts'
import { testObservations } from './test-part.ts'

/** Initial weights do not depend on the operator: all start from the same network. */
export function networkOf({ width, height }: Source, { size, initial, precision }: Settings, seed: number): Model {
  const layers = convolutionalLayers({ width, height, channels: 1 }, size, precision)
  const begin = initial === 'he' ? heInitial : publishedInitial
  return networkModel(layers, begin, randomStream(seed, 'sequence sorting/initial'), precision)
}

const momentum = 0.9

export const optimiserOf = ({ optimiser, learningRate }: Settings, length: number) =>
  optimiser === 'adam' ? createAdam(length, learningRate, 0) : createSgd(length, learningRate, momentum, 0)

/** Accuracy on sequences of a part, the same ones every time. */
export function judgeOn(source: Source, part: Part, sequences: number, seed: number): (model: Model) => Accuracy {
  const { values, pictures } = source.draw(part, sequences, randomStream(seed, `sequence sorting/${part}`))
  return (model) => accuracyOf(outputsOf(model, pictures, source.width * source.height), values, source.n)
}

/** Batches are a function of their step: a training that was killed takes up the one it died in. */
export const batchesOf = (source: Source, { batch }: Settings, seed: number) => ({
  largest: batch * source.n,
  next(step = 0) {
    const { values, pictures } = source.draw('train', batch, randomStream(seed, `sequence sorting/step ${step}`))
    return { inputs: pictures, rows: values.length, values }
  },
})

function begin(cell: Cell, bench: Bench, source: Source, model: Model, settings: Settings): Training {
  const method = methodOf(cell.method)
  const validate = judgeOn(source, 'validation', settings.validation, cell.seed)
  return startTraining({
    model,
    batches: batchesOf(source, settings, cell.seed),
    loss: sortingLoss(bench.operator(method, {}), method, settings.batch, source.n).at,
    judge: (judged) => mean(validate(judged).all),
    optimiser: optimiserOf(settings, model.parameters.length),
    check: settings.check,
    patience: settings.steps,
    ...(bench.keeper && { checkpoints: { every: settings.keep, keeper: bench.keeper } }),
  })
}

const fact = (
  metric: string,
  value: number,
  samples: readonly number[] = [value],
  better: Observation['better'] = 'neither',
): Observation => ({ metric, unit: '1', better, value, samples })

async function run(cell: Cell, bench: Bench): Promise<Observation[]> {
  const settings = parseSettings(cell.experiment.params)
  const source = await openSource(cell, bench)
  const model = networkOf(source, settings, cell.seed)
  const training = begin(cell, bench, source, model, settings)
  training.advance(settings.steps)
  const { best, judgements, losses, step, end } = training
  model.parameters.set(best.parameters)
  return [
    ...testObservations(source, settings.test, cell.seed, model),
    fact('curve:validation', best.value, judgements, 'higher'),
    // A training that diverges at once has no loss between two looks.
    ...(losses.length > 0 ? [fact('curve:loss', losses[losses.length - 1], losses)] : []),
    fact('steps', step),
    fact('best-step', best.step),
    fact('diverged', end?.kind === 'diverged' ? 1 : 0),
  ]
}

/** Relaxed permutations and soft ranks x sequences x seeds. */
export function sortingCells(scope: Scope): PlannedCell[] {
  const methods = scope.methods.filter(({ operator }) => operator === 'matrix' || operator === 'rank')
  return scope.datasets
    .filter((dataset) => scope.kindOf(dataset) === 'sequences')
    .flatMap((dataset) =>
      methods.flatMap((method) =>
        scope.seeds.map((seed) => ({ system: ours, method, dataset, split: '', seed, precision: 'f64' as const })),
      ),
    )
}

export const sequenceSorting: Experiment = {
  name: 'sequence-sorting',
  version: 1,
  question: 'Which operator teaches a network to sort pictures of numbers?',
  params,
  measures: {
    ...accuracyMeasures,
    ...exampleMeasures,
    'curve:validation': {
      unit: '1',
      better: 'higher',
      value: 'largest',
      meaning: 'accuracy on the validation sequences at each look at them',
    },
    'curve:loss': { unit: '1', better: 'neither', value: 'last', meaning: 'mean loss between two looks' },
    steps: chosen('steps that were taken'),
    'best-step': chosen('the step whose weights were kept'),
    diverged: chosen('1 where loss or gradient left the finite numbers'),
  },
  takes: { operators: ['matrix', 'rank'], data: 'sequences' },
  timed: false,
  usesEngine: () => true,
  plan(scope) {
    // What cannot be read is refused before anything runs.
    parseSettings(scope.experiment.params)
    return sortingCells(scope)
  },
  run,
  report: async () => (await import('./report.ts')).reporter,
}
