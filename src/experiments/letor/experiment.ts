/** Which loss trains the best ranker? Linear and MLP scorers on LETOR folds, selected on validation, reported on test. */

import type { Cell } from '../../core/cell.ts'
import type { Bench, Experiment, PlannedCell, Scope } from '../../core/experiment.ts'
import type { Observation } from '../../core/result.ts'
import { scoreAll } from '../../train/scorer.ts'
import { loadFold } from './load-fold.ts'
import { selectModel } from './select.ts'
import { params, parseSettings } from './settings.ts'
import { plain, testObservations } from './test-metrics.ts'

async function run(cell: Cell, bench: Bench): Promise<Observation[]> {
  const settings = parseSettings(cell.experiment.params)
  const fold = await loadFold(cell, bench)
  const loss = {
    name: cell.method.name,
    operator: bench.operator(cell.method, {}),
    params: cell.method.params,
  }
  const parts = { train: fold.train, validation: fold.validation }
  const { scorer, validation, epoch, choice, validationCurve, lossCurve } = selectModel(parts, loss, settings, cell)
  const { select } = settings.training
  return [
    ...testObservations(scoreAll(scorer, fold.test), fold.test, settings.metrics, bench.everyQuery),
    plain(`validation:${select.text}`, validation),
    plain('epoch', epoch),
    plain('learning-rate', choice.learningRate),
    plain('weight-decay', choice.weightDecay),
    plain('softness-factor', choice.softness),
    plain('hidden-units', sum(choice.hidden)),
    { ...plain(`curve:validation:${select.text}`, validation), samples: validationCurve },
    { ...plain('curve:loss', lossCurve.at(-1) ?? Number.NaN), better: 'lower', samples: lossCurve },
  ]
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** Losses x ranking data sets x folds x seeds; other methods and data sets have no cell. */
function plan(scope: Scope): PlannedCell[] {
  // A wrong metric, size or rate is refused before anything runs.
  parseSettings(scope.experiment.params)
  const losses = scope.methods.filter((method) => method.operator === 'loss')
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
  version: 4,
  question: 'Which loss trains the best ranker?',
  params,
  takes: { operators: ['loss'], data: 'ranking' },
  timed: false,
  plan,
  run,
}
