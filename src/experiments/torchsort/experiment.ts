/** How fast are we next to torchsort, on the same numbers, in the same rounds? */

import type { Experiment, Scope } from '../../core/experiment.ts'
import type { Subject } from '../../core/method-ref.ts'
import { operatorCells, threads } from '../latency/experiment.ts'
import { agreementMeasures, timeMeasures } from '../time-measures.ts'
import { timeOperator } from '../time-operator.ts'

/** torchsort has soft sort and soft rank, ascending, on rows of one length. */
export const offeredByTorchsort = ({ operator, method, params }: Subject): boolean =>
  (operator === 'sort' || operator === 'rank') && method === 'permutahedron' && params.direction === 'ascending'

export const torchsort: Experiment = {
  name: 'torchsort',
  version: 3,
  question: 'How fast are we next to torchsort, on the same numbers, in the same rounds?',
  params: { threads },
  measures: { ...timeMeasures, ...agreementMeasures },
  takes: { operators: ['sort', 'rank'], data: 'lists' },
  timed: true,
  plan: (scope: Scope) =>
    operatorCells(scope, scope.methods.filter(offeredByTorchsort))
      .filter((cell) => cell.dataset.params.ragged !== true)
      .flatMap((cell) => [cell, { ...cell, implementation: 'torchsort' as const }]),
  run: async (cell, bench) => timeOperator(cell, bench, { threads: Number(cell.experiment.params.threads) }),
  report: async () => (await import('./report.ts')).reporter,
}
