/** The engine's kernels for LapSum (kernel.as.ts). */

import { itemCount } from '../../core/shape.ts'
import { type DescribeKernels, fitsAsMatrix } from '../kit/fast-plan.ts'

const operators = ['sort', 'rank', 'topk'] as const

export const lapsumKernels =
  (operator: (typeof operators)[number]): DescribeKernels =>
  (shape, params) => {
    if (params.alpha === 0) return undefined
    const items = itemCount(shape)
    return {
      forward: 'lapSum',
      backward: 'pullLapSum',
      scratch: 'lapSumScratch',
      integers: [operators.indexOf(operator), items],
      numbers: [
        params.alpha as number,
        params.direction === 'ascending' ? 1 : -1,
        (params.k as number | undefined) ?? 0,
      ],
      stateBytes: 5 * 8 * items,
    }
  }

export const lapsumMatrixKernels: DescribeKernels = (shape, params) => {
  if (params.alpha === 0 || !fitsAsMatrix(shape)) return undefined
  const items = itemCount(shape)
  return {
    forward: 'lapSumMatrix',
    backward: 'pullLapSumMatrix',
    scratch: 'lapSumMatrixScratch',
    integers: [0, items],
    numbers: [params.alpha as number, params.direction === 'ascending' ? 1 : -1],
    output: (n) => n * n,
    stateBytes: 3 * 8 * items,
    power: 2,
  }
}
