/** The engine's kernels for SmoothI (kernel.as.ts). */

import { maximum } from '../../core/extremes.ts'
import type { Params } from '../../core/params.ts'
import { rowLengths } from '../../core/shape.ts'
import { type DescribeKernels, fitsAsMatrix } from '../kit/fast-plan.ts'

/** The exact gradient keeps all rows of a list: longer lists than this are left to the reference. */
const longestExact = 2048

/** What matrix and losses have in common, but for the sign of the values. */
export function indicatorKernels(longest: number, params: Params) {
  const stops = params['stop-gradient'] === true
  if (!stops && longest > longestExact) return undefined
  return {
    scratch: stops ? 'smoothIndicatorsScratch' : 'exactIndicatorsScratch',
    integers: [0, stops ? 1 : 0],
    numbers: [params.alpha as number, params.delta as number],
    power: 2,
  } as const
}

export const smoothiMatrixKernels: DescribeKernels = (shape, params) => {
  const indicators = indicatorKernels(maximum(rowLengths(shape), 0), params)
  if (!indicators || !fitsAsMatrix(shape)) return undefined
  return {
    ...indicators,
    forward: 'smoothIndicators',
    backward: 'pullSmoothIndicators',
    numbers: [...indicators.numbers, params.direction === 'descending' ? 1 : -1],
    output: (n) => n * n,
  }
}
