/**
 * Which soft top-k teaches a network to put pictures of one class next to each other? The k nearest neighbours of a query are a soft mask
 * of its distances, and the network is moved until they are of its class: Grover, Wang, Zweig, Ermon, ICLR 2019, section 5.3. Beside it
 * neighbours by pixels, and the same network with a linear layer on top that a loss of classes trains.
 */

import type { Cell } from '../../core/cell.ts'
import { usageError } from '../../core/errors.ts'
import type { Bench, Experiment, PlannedCell, Scope } from '../../core/experiment.ts'
import { isMethod, type MethodRef, methodOf, rankerRef } from '../../core/method-ref.ts'
import { randomStream } from '../../core/random.ts'
import type { Observation } from '../../core/result.ts'
import { ours } from '../../core/system.ts'
import { mean } from '../../stats/mean.ts'
import { startTraining } from '../../train/loop.ts'
import { sampled } from '../facts.ts'
import { gumbelNoise } from '../training/gumbel.ts'
import { share, trainingMeasures, trainingObservations } from '../training/outcome.ts'
import { loadPictures, picturesAt, shuffledBatches } from '../training/pictures.ts'
import { optimiserOf } from '../training/settings.ts'
import { rightByNeighbours } from './neighbours.ts'
import { params, parseSettings, type Settings } from './settings.ts'
import { classifierTask, embeddingTask, type PictureTask } from './tasks.ts'
import { type Parts, picturesOf } from './test-pictures.ts'

/** Batches are a function of their step: a training that was killed takes up the one it died in. */
function batchesOf({ train }: Parts, sizes: readonly number[], { gumbel, candidates }: Settings, seed: number) {
  const draws = sizes.map((size, i) =>
    shuffledBatches(train.labels.length, size, seed, `differentiable kNN/${['queries', 'candidates'][i]}`),
  )
  const largest = sizes.reduce((sum, size) => sum + size, 0)
  return {
    largest,
    next(step = 0) {
      const indices = draws.flatMap((at) => Array.from(at(step)))
      const noise = gumbelNoise(gumbel * candidates, randomStream(seed, `differentiable kNN/noise ${step}`))
      return { ...picturesAt(train, indices), rows: largest, noise }
    },
  }
}

function trained(cell: Cell, bench: Bench, parts: Parts, task: PictureTask, settings: Settings): Observation[] {
  const { model } = task
  const training = startTraining({
    model,
    batches: batchesOf(parts, task.sizes, settings, cell.seed),
    loss: task.loss,
    judge: () => mean(task.right('validation')),
    optimiser: optimiserOf(settings, model.parameters.length, settings.weightDecay),
    check: settings.check,
    patience: settings.steps,
    ...(bench.keeper && { checkpoints: { every: settings.keep, keeper: bench.keeper } }),
  })
  training.advance(settings.steps)
  model.parameters.set(training.best.parameters)
  return [sampled('test-accuracy', task.right('test'), 'higher'), ...trainingObservations(training)]
}

/** Neighbours of the pictures as they are. */
function byPixels(parts: Parts, { method, seed }: Cell, settings: Settings): Observation[] {
  const [asking, neighbours] = picturesOf(parts, 'test', settings, seed)
  const right = rightByNeighbours(
    { values: asking.inputs, labels: asking.labels },
    { values: neighbours.inputs, labels: neighbours.labels },
    Number(method.params.k),
    settings.precision,
  )
  return [sampled('test-accuracy', right, 'higher')]
}

async function run(cell: Cell, bench: Bench): Promise<Observation[]> {
  const settings = parseSettings(cell.experiment.params)
  const parts = await loadPictures(cell, bench)
  if (!isMethod(cell.method)) return byPixels(parts, cell, settings)
  const method = methodOf(cell.method)
  const given = { spec: bench.operator(method, {}), method, parts, settings, seed: cell.seed }
  const task = method.operator === 'topk' ? embeddingTask(given) : classifierTask(given)
  return trained(cell, bench, parts, task, settings)
}

/** Neighbours that vote are whole. */
function votersOf(methods: readonly MethodRef[]): number[] {
  return methods.map(({ name, params: { k } }) => {
    if (Number.isInteger(k) && Number(k) > 0) return Number(k)
    throw usageError(`${name} selects ${k} neighbours; expected a whole number from 1`)
  })
}

/** Soft masks, losses of classes and neighbours by pixels x pictures x seeds; with noise, which is for the scores of masks, masks alone. */
function plan(scope: Scope): PlannedCell[] {
  const { gumbel } = parseSettings(scope.experiment.params)
  const masks = scope.methods.filter(({ operator }) => operator === 'topk')
  const pixels = [...new Set(votersOf(masks))].map((k) => rankerRef('pixels', { k }))
  const losses = scope.methods.filter(({ operator }) => operator === 'loss')
  const methods = gumbel > 0 ? masks : [...pixels, ...losses, ...masks]
  return scope.datasets
    .filter((dataset) => scope.kindOf(dataset) === 'images')
    .flatMap((dataset) =>
      methods.flatMap((method) =>
        scope.seeds.map((seed) => ({ system: ours, method, dataset, split: '', seed, precision: 'f64' as const })),
      ),
    )
}

export const differentiableKnn: Experiment = {
  name: 'differentiable-knn',
  version: 1,
  question: 'Which soft top-k teaches a network to put pictures of one class next to each other?',
  params,
  measures: {
    'test-accuracy': share('test pictures whose class is that of their k nearest neighbours; one sample a picture'),
    ...trainingMeasures('accuracy on the validation pictures at each look at them'),
  },
  takes: { operators: ['topk', 'loss'], data: 'images' },
  timed: false,
  usesEngine: ({ method }) => isMethod(method),
  plan,
  run,
  report: async () => (await import('./report.ts')).reporter,
}
