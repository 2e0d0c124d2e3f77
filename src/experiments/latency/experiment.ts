/** How fast is each operator, forward, backward and both? */

import type { Experiment, PlannedCell, Scope } from '../../core/experiment.ts'
import type { Engine } from '../../core/method.ts'
import type { MethodRef } from '../../core/method-ref.ts'
import type { ParamSpec } from '../../core/params.ts'
import { timeMeasures } from '../time-measures.ts'
import { timeOperator } from '../time-operator.ts'

/** Cells for every method x list data set x precision x seed. What draws its own values wants one data set, to name the cell. */
export function operatorCells(scope: Scope, methods: readonly MethodRef[] = scope.methods): PlannedCell[] {
  const datasets = scope.datasets.filter((dataset) => scope.kindOf(dataset) === 'lists')
  return methods.flatMap((method) =>
    datasets.flatMap((dataset) =>
      scope.precisions.flatMap((precision) =>
        scope.seeds.map((seed) => ({
          implementation: 'rank-bench' as const,
          method,
          dataset,
          split: '',
          seed,
          precision,
        })),
      ),
    ),
  )
}

const engine = {
  kind: 'choice',
  choices: ['fast', 'reference'],
  default: 'fast',
  meaning: 'kernels in WebAssembly where there are some, or plain TypeScript',
} as const satisfies ParamSpec

export const threads = {
  kind: 'number',
  integer: true,
  min: 1,
  default: 1,
  meaning: 'threads, on every side that is timed',
} as const satisfies ParamSpec

export const latency: Experiment = {
  name: 'latency',
  version: 2,
  question: 'How fast is each operator, forward, backward and both?',
  params: { engine, threads },
  measures: timeMeasures,
  takes: { operators: ['sort', 'rank', 'matrix', 'topk', 'quantile', 'loss'], data: 'lists' },
  timed: true,
  plan: (scope) => operatorCells(scope),
  run: async (cell, bench) =>
    timeOperator(cell, bench, {
      engine: cell.experiment.params.engine as Engine,
      threads: Number(cell.experiment.params.threads),
    }),
  report: async () => (await import('./report.ts')).reporter,
}
