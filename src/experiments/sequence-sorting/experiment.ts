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
import { startTraining, type Training } from '../../train/loop.ts'
import { type Model, outputsOf } from '../../train/model.ts'
import { gumbelNoise } from '../training/gumbel.ts'
import { networkNeeds, networkOf } from '../training/network.ts'
import { trainingMeasures, trainingObservations } from '../training/outcome.ts'
import { optimiserOf } from '../training/settings.ts'
import { openSource, type Source } from '../training/source.ts'
import { type Accuracy, accuracyMeasures, accuracyOf } from './accuracy.ts'
import { exampleMeasures } from './examples.ts'
import { sortingLoss } from './loss.ts'
import { params, parseSettings, type Settings } from './settings.ts'
import { testObservations } from './test-part.ts'

/** Initial weights do not depend on the operator: all start from the same network. */
export const sortingNetwork = (source: Source, settings: Settings, seed: number, bench: Bench): Model =>
  networkOf(source, settings, randomStream(seed, 'sequence sorting/initial'), bench)

/** Accuracy on sequences of a part, the same ones every time. */
export function judgeOn(source: Source, part: Part, sequences: number, seed: number): (model: Model) => Accuracy {
  const { values, pictures } = source.draw(part, sequences, randomStream(seed, `sequence sorting/${part}`))
  return (model) => accuracyOf(outputsOf(model, pictures, source.width * source.height), values, source.n)
}

/** Batches are a function of their step: a training that was killed takes up the one it died in. */
export const batchesOf = (source: Source, { batch, gumbel }: Settings, seed: number) => ({
  largest: batch * source.n,
  next(step = 0) {
    const { values, pictures } = source.draw('train', batch, randomStream(seed, `sequence sorting/step ${step}`))
    const noise = gumbelNoise(gumbel * values.length, randomStream(seed, `sequence sorting/noise ${step}`))
    return { inputs: pictures, rows: values.length, values, noise }
  },
})

function begin(cell: Cell, bench: Bench, source: Source, model: Model, settings: Settings): Training {
  const method = methodOf(cell.method)
  const shape = { sequences: settings.batch, n: source.n, gumbel: settings.gumbel }
  const validate = judgeOn(source, 'validation', settings.validation, cell.seed)
  return startTraining({
    model,
    batches: batchesOf(source, settings, cell.seed),
    loss: sortingLoss(bench.operator(method, {}), method, shape).at,
    judge: (judged) => mean(validate(judged).all),
    optimiser: optimiserOf(settings, model.parameters.length),
    check: settings.check,
    patience: settings.steps,
    ...(bench.keeper && { checkpoints: { every: settings.keep, keeper: bench.keeper } }),
  })
}

async function run(cell: Cell, bench: Bench): Promise<Observation[]> {
  const settings = parseSettings(cell.experiment.params)
  const source = await openSource(cell, bench)
  const model = sortingNetwork(source, settings, cell.seed, bench)
  const training = begin(cell, bench, source, model, settings)
  training.advance(settings.steps)
  model.parameters.set(training.best.parameters)
  return [...testObservations(source, settings.test, cell.seed, model), ...trainingObservations(training)]
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
    ...trainingMeasures('accuracy on the validation sequences at each look at them'),
  },
  takes: { operators: ['matrix', 'rank'], data: 'sequences' },
  timed: false,
  usesEngine: () => true,
  needs: networkNeeds,
  plan(scope) {
    // What cannot be read is refused before anything runs.
    parseSettings(scope.experiment.params)
    return sortingCells(scope)
  },
  run,
  report: async () => (await import('./report.ts')).reporter,
}
