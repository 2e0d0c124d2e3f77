/** The engine's kernels for transport with absolute distances (engine/assembly/sinkhorn.ts). */

import { itemCount } from '../../core/shape.ts'
import type { DescribeKernels } from '../shared/fast-plan.ts'

const operators = ['sort', 'rank'] as const

/** Squares couple all pairs, and squashed values keep what squashing knows of the row: both are the reference's. */
export const sinkhornKernels =
  (operator: (typeof operators)[number]): DescribeKernels =>
  (shape, params) =>
    params.cost !== 'absolute' || params.squash !== 'none' || params.epsilon === 0
      ? undefined
      : {
          forward: 'sinkhorn',
          backward: 'pullSinkhorn',
          scratch: 'sinkhornScratch',
          integers: [operators.indexOf(operator), 0, params.iterations as number],
          numbers: [params.epsilon as number, params.direction === 'ascending' ? 1 : -1, params.tolerance as number],
          stateBytes: 8 * itemCount(shape),
          weighted: true,
          fact: 'residual',
        }
