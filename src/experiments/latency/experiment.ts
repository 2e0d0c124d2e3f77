/** How fast is each operator, forward, backward and both? */

import type { Experiment } from '../../core/experiment.ts'
import type { Engine } from '../../core/method.ts'
import { operatorNames } from '../../core/operators.ts'
import type { ParamSpec } from '../../core/params.ts'
import { timeMeasures } from '../../probe/time-measures.ts'
import { operatorCells, threads } from '../operator-cells.ts'
import { timeOperator } from '../time-operator.ts'

const engine = {
  kind: 'choice',
  choices: ['fast', 'reference'],
  default: 'fast',
  meaning: 'kernels in WebAssembly where there are some, or plain TypeScript',
} as const satisfies ParamSpec

export const latency: Experiment = {
  name: 'latency',
  version: 2,
  question: 'How fast is each operator, forward, backward and both?',
  params: { engine, threads },
  measures: timeMeasures,
  takes: { operators: operatorNames, data: 'lists' },
  timed: true,
  usesEngine: (_, { params }) => params.engine === 'fast',
  plan: (scope) => operatorCells(scope),
  run: async (cell, bench) =>
    timeOperator(cell, bench, {
      engine: cell.experiment.params.engine as Engine,
      threads: Number(cell.experiment.params.threads),
    }),
  report: async () => (await import('./report.ts')).reporter,
}
