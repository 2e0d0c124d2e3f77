/** How fast are we next to torchsort, on the same numbers, in the same rounds? */

import type { Experiment, Scope } from '../core/experiment.ts'
import type { Ref } from '../core/selector.ts'
import { operatorCells } from './latency.ts'
import { timeOperator } from './time-operator.ts'

/** torchsort has soft sort and soft rank, ascending, on rows of one length. */
const offeredByTorchsort = (method: Ref): boolean =>
  /^(sort|rank):permutahedron$/.test(method.name) && method.params.direction === 'ascending'

export const torchsort: Experiment = {
  name: 'torchsort',
  version: 2,
  question: 'How fast are we next to torchsort, on the same numbers, in the same rounds?',
  params: {
    threads: {
      kind: 'number',
      integer: true,
      min: 1,
      default: 1,
      meaning: 'threads given to PyTorch; rank-bench uses one',
    },
  },
  timed: true,
  plan: (scope: Scope) =>
    operatorCells(scope, scope.methods.filter(offeredByTorchsort))
      .filter((cell) => cell.dataset.params.ragged !== true)
      .flatMap((cell) => [cell, { ...cell, implementation: 'torchsort' as const }]),
  run: async (cell, bench) => timeOperator(cell, bench),
}
