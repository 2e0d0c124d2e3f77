/**
 * Do published scores, through our metrics, give the numbers that were printed for them? A certificate of each convention, and
 * the publisher's own values query by query, to pair ours with.
 */

import type { Cell } from '../../core/cell.ts'
import type { Dataset, PublishedRankings } from '../../core/dataset.ts'
import { dataError, usageError } from '../../core/errors.ts'
import type { Bench, Experiment, PlannedCell, Scope } from '../../core/experiment.ts'
import { rankerRef } from '../../core/method-ref.ts'
import type { ParamSpace } from '../../core/params.ts'
import type { Observation } from '../../core/result.ts'
import { ours } from '../../core/system.ts'
import { parseMetrics } from '../../metrics/metric.ts'
import { loadFold } from '../letor/load-fold.ts'
import { testObservations } from '../letor/test-metrics.ts'
import { rankingMeasures } from '../ranking-measures.ts'

const params = {
  rankers: {
    kind: 'text',
    default: 'adarank+listnet+rankboost+ranknet+svm_rank',
    meaning: 'whose scores, separated by +',
  },
  metrics: {
    kind: 'text',
    default: 'map:letor4+ndcg@10:letor3',
    meaning:
      'test metrics whose values are stored for every query, separated by +; those of printed tables are measured too',
  },
} as const satisfies ParamSpace

/** Conventions under which one published ranking was compared besides the presets. */
const unnamed = [1, 3, 5, 10].flatMap((k) => [`ndcg@${k}:rax[blank=drop]`, `ndcg@${k}:rax[gain=linear]`])

const rankerOf = ({ method }: Pick<Cell, 'method'>): string => method.method

/** @throws RankBenchError(usage) for data without published rankings, or a ranker that is none of them */
function rankingsOf(dataset: Dataset, ranker: string): PublishedRankings {
  const published = dataset.kind === 'ranking' ? dataset.published : undefined
  if (!published) throw usageError(`published-scores: nobody's scores on ${dataset.name} are known`)
  if (published.rankers.includes(ranker)) return published
  throw usageError(
    `published-scores: "${ranker}" published no scores on ${dataset.name}; expected ${published.rankers.join(', ')}`,
  )
}

async function run(cell: Cell, bench: Bench): Promise<readonly Observation[]> {
  const { test } = await loadFold(cell, bench)
  const ranker = rankerOf(cell)
  const scores = await rankingsOf(bench.dataset(cell.dataset), ranker).load(ranker, cell.split, bench.data)
  if (scores.length !== test.labels.length) {
    throw dataError(
      `${ranker} on ${cell.dataset.name}, ${cell.split}: ${scores.length} scores for ${test.labels.length} documents; expected one a line of the test file`,
    )
  }
  const stored = parseMetrics([cell.experiment.params.metrics, ...unnamed].join('+'))
  return testObservations(scores, test, stored, bench.everyQuery)
}

function plan(scope: Scope): PlannedCell[] {
  const rankers = String(scope.experiment.params.rankers).split('+')
  return scope.datasets
    .filter((dataset) => scope.kindOf(dataset) === 'ranking')
    .flatMap((dataset) =>
      rankers.flatMap((ranker) =>
        scope.folds(dataset).map((split) => ({
          system: ours,
          method: rankerRef(ranker),
          dataset,
          split,
          seed: scope.seeds[0],
          precision: 'f64' as const,
        })),
      ),
    )
}

export const publishedScores: Experiment = {
  name: 'published-scores',
  version: 1,
  question: 'Do published scores give the numbers that were printed for them?',
  params,
  measures: rankingMeasures,
  takes: { operators: 'own', data: 'ranking', datasets: ['letor:mq2008', 'letor:ohsumed'] },
  timed: false,
  certifies: true,
  reads: (planned, dataset, data) =>
    rankingsOf(dataset, rankerOf(planned)).digest(rankerOf(planned), planned.split, data),
  plan,
  run,
}
