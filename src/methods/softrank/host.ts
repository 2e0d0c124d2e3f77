/** The engine's kernels for ranks of random scores (kernel.as.ts, distribution.as.ts). */

import type { Params } from '../../core/params.ts'
import { rowLengths } from '../../core/shape.ts'
import type { DescribeKernels } from '../kit/fast-plan.ts'

/** A recursion of one item keeps a row a neighbour: longer rows than this are left to the reference. */
const longestRecursion = 4096

const foremost = ({ direction }: Params): number => (direction === 'descending' ? 1 : -1)

export const softRankKernels: DescribeKernels = (_, params) =>
  params.sigma === 0
    ? undefined
    : {
        forward: 'softRank',
        backward: 'pullSoftRank',
        scratch: 'softRankScratch',
        numbers: [Math.SQRT2 * (params.sigma as number), foremost(params)],
        power: 2,
      }

const recursion = { forward: 'rankDistribution', backward: 'pullRankDistribution', scratch: 'rankDistributionScratch' }

const fits = (shape: Parameters<DescribeKernels>[0]): boolean => rowLengths(shape).every((n) => n <= longestRecursion)

/** P(rank of j is r), scores normal. */
export const rankMatrixKernels: DescribeKernels = (shape, params) =>
  params.sigma === 0 || !fits(shape)
    ? undefined
    : {
        ...recursion,
        integers: [0, 0],
        numbers: [Math.SQRT2 * (params.sigma as number), foremost(params)],
        output: (n) => n * n,
        power: 3,
      }

/** P(fewer than k items are ahead), pairs logistic. */
export const logisticTopkKernels: DescribeKernels = (shape, params) =>
  params.strength === 0 || params.k === 0 || !fits(shape)
    ? undefined
    : {
        ...recursion,
        integers: [1, 1],
        numbers: [params.strength as number, foremost(params), params.k as number],
        power: 3,
      }
