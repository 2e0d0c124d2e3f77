/**
 * The engine's kernels for transport: absolute distances in O(n) an iteration without a matrix (kernel.as.ts), all
 * else with one (transport.ts).
 */

import type { Params } from '../../core/params.ts'
import { itemCount, rowLengths, type Shape } from '../../core/shape.ts'
import { type DescribeKernels, fitsAsMatrix } from '../kit/fast-plan.ts'

const operators = ['sort', 'rank', 'matrix'] as const

/** Three matrices are kept of a row: longer ones than this are left to the reference. */
const longestDense = 2048

function denseKernels(shape: Shape, params: Params) {
  if (rowLengths(shape).some((n) => n > longestDense)) return undefined
  return {
    forward: 'transport',
    backward: 'pullTransport',
    scratch: 'transportScratch',
    power: 3,
    integers: [params.cost === 'absolute' ? 1 : 0, params.iterations as number, params.squash === 'sigmoid' ? 1 : 0],
  }
}

const lineKernels = (params: Params) => ({
  forward: 'sinkhorn',
  backward: 'pullSinkhorn',
  scratch: 'sinkhornScratch',
  power: 1,
  integers: [0, params.iterations as number],
})

export const sinkhornKernels =
  (operator: (typeof operators)[number]): DescribeKernels =>
  (shape, params) => {
    if (params.epsilon === 0 || (operator === 'matrix' && !fitsAsMatrix(shape))) return undefined
    const onLine = params.cost === 'absolute' && params.squash === 'none' && operator !== 'matrix'
    const kernels = onLine ? lineKernels(params) : denseKernels(shape, params)
    return (
      kernels && {
        ...kernels,
        integers: [operators.indexOf(operator), ...kernels.integers],
        numbers: [params.epsilon as number, params.direction === 'ascending' ? 1 : -1, params.tolerance as number],
        ...(operator === 'matrix' && { output: (n: number) => n * n }),
        stateBytes: 8 * itemCount(shape),
        weighted: true,
        fact: 'residual',
      }
    )
  }
