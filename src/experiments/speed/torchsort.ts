/** How fast are we next to torchsort, on the same numbers, in the same rounds? */

import { isOurs } from '../../core/cell.ts'
import type { Experiment, Scope } from '../../core/experiment.ts'
import { agreementMeasures, memoryMeasures, timeMeasures } from '../../probe/time-measures.ts'
import { besides, operatorCells, threads } from '../operator-cells.ts'
import { timeOperator } from '../time-operator.ts'

const peer = 'torchsort'

export const torchsort: Experiment = {
  name: 'torchsort',
  version: 3,
  question: 'How fast are we next to torchsort, on the same numbers, in the same rounds?',
  params: { threads },
  measures: { ...timeMeasures, ...agreementMeasures, ...memoryMeasures },
  takes: { operators: ['sort', 'rank'], data: 'lists', systems: 'peers' },
  timed: true,
  usesEngine: isOurs,
  plan: (scope: Scope) =>
    operatorCells(scope)
      .filter((cell) => besides(scope, cell).includes(peer))
      .flatMap((cell) => [cell, { ...cell, system: peer }]),
  run: async (cell, bench) => timeOperator(cell, bench, { threads: Number(cell.experiment.params.threads) }),
  report: async () => (await import('./torchsort-report.ts')).reporter,
}
