/**
 * Which relaxation of top-k teaches a network to have the true class among its first k? Top-k cross entropy over every soft top-k mask,
 * and any loss of lists beside it: softmax cross entropy is what everybody uses. Petersen, Kuehne, Borgelt, Deussen, ICML 2022.
 */

import type { Cell } from '../../core/cell.ts'
import type { Part } from '../../core/dataset.ts'
import type { Bench, Experiment, PlannedCell, Scope } from '../../core/experiment.ts'
import type { Measures } from '../../core/measure.ts'
import { methodOf } from '../../core/method-ref.ts'
import { randomStream } from '../../core/random.ts'
import type { Observation } from '../../core/result.ts'
import { ours } from '../../core/system.ts'
import { mean } from '../../stats/mean.ts'
import { startTraining, type Training } from '../../train/loop.ts'
import { type Model, outputsOf } from '../../train/model.ts'
import { sampled } from '../facts.ts'
import { classLoss, selectedBy } from '../training/class-loss.ts'
import { networkNeeds, networkOf } from '../training/network.ts'
import { share, trainingMeasures, trainingObservations } from '../training/outcome.ts'
import { drawnPictures, type Images, loadPictures, picturesAt, shuffledBatches } from '../training/pictures.ts'
import { optimiserOf } from '../training/settings.ts'
import { amongFirst, placesOf } from './accuracy.ts'
import { params, parseSettings, type Settings } from './settings.ts'

/** The k whose accuracy is reported, whatever was trained for. */
const reported = [1, 3, 5] as const

type Parts = Awaited<ReturnType<typeof loadPictures>>

/** Places of the true classes of pictures of a part, the same ones every time. */
function placesOn(parts: Parts, part: Part, pictures: number, seed: number): (model: Model) => Uint32Array {
  const images = parts[part]
  const { inputs, labels } = drawnPictures(images, pictures, randomStream(seed, `top-k classification/${part}`))
  return (model) => placesOf(outputsOf(model, inputs, images.width * images.height), labels)
}

const batchesOf = (images: Images, { batch }: Settings, seed: number) => {
  const indicesAt = shuffledBatches(images.labels.length, batch, seed, 'top-k classification')
  return { largest: batch, next: (step = 0) => ({ ...picturesAt(images, indicesAt(step)), rows: batch }) }
}

function begin(cell: Cell, bench: Bench, parts: Parts, model: Model, settings: Settings): Training {
  const method = methodOf(cell.method)
  const validate = placesOn(parts, 'validation', settings.validation, cell.seed)
  return startTraining({
    model,
    batches: batchesOf(parts.train, settings, cell.seed),
    loss: classLoss(bench.operator(method, {}), method, settings.batch, parts.classes).at,
    judge: (judged) => mean(amongFirst(validate(judged), selectedBy(method))),
    optimiser: optimiserOf(settings, model.parameters.length),
    check: settings.check,
    patience: settings.steps,
    ...(bench.keeper && { checkpoints: { every: settings.keep, keeper: bench.keeper } }),
  })
}

async function run(cell: Cell, bench: Bench): Promise<Observation[]> {
  const settings = parseSettings(cell.experiment.params)
  const parts = await loadPictures(cell, bench)
  // Initial weights do not depend on the operator: all start from the same network.
  const random = randomStream(cell.seed, 'top-k classification/initial')
  const model = networkOf(parts.train, settings, random, bench, parts.classes)
  const training = begin(cell, bench, parts, model, settings)
  training.advance(settings.steps)
  model.parameters.set(training.best.parameters)
  const places = placesOn(parts, 'test', settings.test, cell.seed)(model)
  return [
    ...reported.map((k) => sampled(`top-${k}`, amongFirst(places, k), 'higher')),
    ...trainingObservations(training),
  ]
}

/** Soft masks and losses x pictures x seeds. */
function plan(scope: Scope): PlannedCell[] {
  parseSettings(scope.experiment.params)
  const methods = scope.methods.filter(({ operator }) => operator === 'topk' || operator === 'loss')
  return scope.datasets
    .filter((dataset) => scope.kindOf(dataset) === 'images')
    .flatMap((dataset) =>
      methods.flatMap((method) =>
        scope.seeds.map((seed) => ({ system: ours, method, dataset, split: '', seed, precision: 'f64' as const })),
      ),
    )
}

const accuracies: Measures = Object.fromEntries(
  reported.map((k) => [
    `top-${k}`,
    share(`test pictures whose class is among the ${k} largest outputs; one sample a picture`),
  ]),
)

export const topkClassification: Experiment = {
  name: 'topk-classification',
  version: 1,
  question: 'Which relaxation of top-k teaches a network to have the true class among its first k?',
  params,
  measures: {
    ...accuracies,
    ...trainingMeasures(
      'accuracy on the validation pictures at the k of the operator (of a loss: 1) at each look at them',
    ),
  },
  takes: { operators: ['topk', 'loss'], data: 'images' },
  timed: false,
  usesEngine: () => true,
  needs: networkNeeds,
  plan,
  run,
  report: async () => (await import('./report.ts')).reporter,
}
