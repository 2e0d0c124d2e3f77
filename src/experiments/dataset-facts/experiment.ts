/** What do the files hold, and what can a metric reach on them? Counts of each part, and the value of a perfect ranking. */

import type { Cell } from '../../core/cell.ts'
import type { Part, RankingData } from '../../core/dataset.ts'
import type { Bench, Experiment, PlannedCell, Scope } from '../../core/experiment.ts'
import { rankerRef } from '../../core/method-ref.ts'
import type { Observation } from '../../core/result.ts'
import { ours } from '../../core/system.ts'
import { loadFold } from '../letor/load-fold.ts'
import { testObservations } from '../letor/test-metrics.ts'
import { rankingMeasures } from '../ranking-measures.ts'
import { countMeasures, countsOf } from './counts.ts'
import { joined } from './joined.ts'

const parts: readonly Part[] = ['train', 'validation', 'test']
/** The test parts of all folds together: every query once. */
const all = 'all'
/** What is asked of a part: its counts, or the metrics of the ranking by label. */
const [counts, perfect] = ['counts', 'perfect']

const counted = (data: RankingData, part: Part): Observation[] =>
  Object.entries(countsOf(data)).map(([name, value]) => ({
    metric: `${name}:${part}`,
    unit: '1',
    better: 'neither',
    value,
  }))

/** Metrics of the ranking by label: nothing ranks higher. */
const ceiling = (data: RankingData, everyQuery: Bench['everyQuery']): Observation[] =>
  testObservations(new Float64Array(data.labels), data, [], everyQuery)

async function allTests(cell: Cell, bench: Bench): Promise<RankingData> {
  const dataset = bench.dataset(cell.dataset)
  const folds = dataset.kind === 'ranking' ? dataset.folds(cell.dataset.params) : []
  const loaded = await Promise.all(folds.map((split) => loadFold({ ...cell, split }, bench)))
  return joined(loaded.map(({ test }) => test))
}

async function run(cell: Cell, bench: Bench): Promise<readonly Observation[]> {
  const isCounts = cell.method.method === counts
  if (cell.split === all) {
    const test = await allTests(cell, bench)
    return isCounts ? counted(test, 'test') : ceiling(test, bench.everyQuery)
  }
  const fold = await loadFold(cell, bench)
  return isCounts ? parts.flatMap((part) => counted(fold[part], part)) : ceiling(fold.test, bench.everyQuery)
}

function plan(scope: Scope): PlannedCell[] {
  return scope.datasets
    .filter((dataset) => scope.kindOf(dataset) === 'ranking')
    .flatMap((dataset) =>
      [counts, perfect].flatMap((name) =>
        [...scope.folds(dataset), all].map((split) => ({
          system: ours,
          method: rankerRef(name),
          dataset,
          split,
          seed: scope.seeds[0],
          precision: 'f64' as const,
        })),
      ),
    )
}

export const datasetFacts: Experiment = {
  name: 'dataset-facts',
  version: 1,
  question: 'What do the files hold, and what can a metric reach on them?',
  params: {},
  measures: { ...rankingMeasures, ...countMeasures },
  takes: { operators: 'own', data: 'ranking' },
  timed: false,
  certifies: true,
  plan,
  run,
}
