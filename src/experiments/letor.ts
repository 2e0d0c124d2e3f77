/** Which loss trains the best ranker? Linear and MLP scorers on LETOR folds, selected on validation, reported on test. */

import type { Cell } from '../core/cell.ts'
import { usageError } from '../core/errors.ts'
import type { Bench, Experiment, PlannedCell, Scope } from '../core/experiment.ts'
import type { Observation } from '../core/result.ts'
import { selectModel } from './letor/select.ts'
import { params, parseSettings } from './letor/settings.ts'
import { plain, testObservations } from './letor/test-metrics.ts'

async function run(cell: Cell, bench: Bench): Promise<Observation[]> {
  const settings = parseSettings(cell.experiment.params)
  const dataset = bench.dataset(cell.dataset)
  if (dataset.kind !== 'ranking') throw usageError(`letor needs ranking data; ${dataset.name} holds lists of numbers`)
  const fold = await dataset.load(cell.split, cell.dataset.params, bench.data)
  const loss = { name: cell.method.name, operator: bench.operator(cell.method), params: cell.method.params }
  const parts = { train: fold.train, validation: fold.validation }
  const { scorer, validation, epoch, learningRate } = selectModel(parts, loss, settings, cell)
  return [
    ...testObservations(scorer, fold.test, settings.metrics),
    plain(`validation:${settings.training.select.text}`, validation),
    plain('epoch', epoch),
    plain('learning-rate', learningRate),
  ]
}

/** Losses x ranking data sets x folds x seeds; other methods and data sets have no cell. */
function plan(scope: Scope): PlannedCell[] {
  // A wrong metric, size or rate is refused before anything runs.
  parseSettings(scope.experiment.params)
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
  version: 3,
  question: 'Which loss trains the best ranker?',
  params,
  timed: false,
  plan,
  run,
}
