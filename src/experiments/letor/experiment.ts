/** Which loss trains the best ranker? Linear and MLP scorers on LETOR folds, selected on validation, reported on test. */

import type { Cell } from '../../core/cell.ts'
import type { Bench, Experiment, PlannedCell, Scope } from '../../core/experiment.ts'
import type { Observation } from '../../core/result.ts'
import { ours } from '../../core/system.ts'
import { outputsOf } from '../../train/model.ts'
import { searchMeasures } from '../choices.ts'
import { chosen, rankingMeasures, validationMeasure } from '../ranking-measures.ts'
import { chosenObservations } from './chosen.ts'
import { loadFold } from './load-fold.ts'
import { selectModel } from './select.ts'
import { params, parseSettings } from './settings.ts'
import { testObservations } from './test-metrics.ts'

async function run(cell: Cell, bench: Bench): Promise<Observation[]> {
  const settings = parseSettings(cell.experiment.params)
  const fold = await loadFold(cell, bench)
  const loss = {
    name: cell.method.name,
    operator: bench.operator(cell.method, {}),
    params: cell.method.params,
  }
  const parts = { train: fold.train, validation: fold.validation }
  const selected = selectModel(parts, loss, settings, cell)
  const scores = outputsOf(selected.scorer, fold.test.features, fold.test.width)
  return [
    ...testObservations(scores, fold.test, settings.metrics, bench.everyQuery),
    ...chosenObservations(selected, settings),
  ]
}

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
            system: ours,
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
  version: 5,
  question: 'Which loss trains the best ranker?',
  params,
  measures: {
    ...rankingMeasures,
    ...validationMeasure,
    'curve:validation:*': {
      unit: '1',
      better: 'higher',
      value: 'none',
      meaning: 'validation metric at each look at it',
    },
    'curve:loss': {
      unit: '1',
      better: 'lower',
      value: 'last',
      meaning: 'mean loss between two looks at the validation part',
    },
    ...searchMeasures,
    'weight-decay': chosen('decoupled, of Adam'),
    'hidden-units': chosen('units of all hidden layers'),
    // Runs of version 4 counted epochs.
    epoch: chosen('the epoch whose weights were kept'),
  },
  takes: { operators: ['loss'], data: 'ranking' },
  timed: false,
  usesEngine: () => true,
  plan,
  run,
  report: async () => (await import('./report.ts')).reporter,
}
