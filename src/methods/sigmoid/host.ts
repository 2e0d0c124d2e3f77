/** The engine's kernels for sums of pairwise sigmoids (kernel.as.ts). */

import type { ParamSpec } from '../../core/params.ts'
import type { Precision, Shape } from '../../core/shape.ts'
import type { DescribeKernels } from '../kit/fast-plan.ts'
import { fastSumTable } from './chebyshev.ts'

export const algorithms = ['dense', 'window', 'fast-sum'] as const

export const algorithm = {
  kind: 'choice',
  default: 'auto',
  choices: ['auto', ...algorithms],
  meaning:
    'of the fast engine, where it applies; auto takes what it predicts to be quickest. Values do not depend on it',
} as const satisfies ParamSpec

/** Rows shorter than this never pay for moments. */
const shortestFastSum = 192

/** The table, where a row may want it. */
export function tableFor({ offsets }: Shape, precision: Precision, asked: unknown): Float64Array | undefined {
  let longest = 0
  for (let q = 0; q + 1 < offsets.length; q++) longest = Math.max(longest, offsets[q + 1] - offsets[q])
  const wanted = asked === 'fast-sum' || (asked !== 'dense' && asked !== 'window' && longest >= shortestFastSum)
  return wanted ? fastSumTable(precision) : undefined
}

export const sigmoidRankKernels: DescribeKernels = (shape, params, precision) => {
  if (params.strength === 0) return undefined
  return {
    forward: 'sigmoidRank',
    backward: 'pullSigmoidRank',
    scratch: 'sigmoidRankScratch',
    integers: [algorithms.indexOf(params.algorithm as never)],
    numbers: [params.strength as number, params.direction === 'ascending' ? 1 : -1],
    table: tableFor(shape, precision, params.algorithm),
    algorithms,
    power: 2,
  }
}
