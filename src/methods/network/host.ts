/** The engine's kernels for sorting networks (kernel.as.ts). */

import { rowLengths } from '../../core/shape.ts'
import type { DescribeKernels } from '../kit/fast-plan.ts'

const operators = ['sort', 'topk', 'matrix'] as const
const networks = ['odd-even', 'bitonic'] as const
const distributions = ['logistic', 'art', 'gaussian', 'reciprocal', 'cauchy', 'optimal'] as const

/** No fewer than the network of a row has: layers of at most half as many comparators as wires. */
function mostComparators(network: unknown, n: number): number {
  if (n < 2) return 0
  if (network === 'odd-even') return (n * (n - 1)) / 2
  const depth = Math.ceil(Math.log2(n))
  return ((depth * (depth + 1)) / 2) * Math.floor(n / 2)
}

/** Beyond it the reference says what to do instead. */
const mostStateBytes = 2 ** 31

export const networkKernels =
  (operator: (typeof operators)[number]): DescribeKernels =>
  (shape, params) => {
    const numbers = operator === 'sort' ? 1 : 5
    const stateBytes = rowLengths(shape).reduce((sum, n) => sum + 8 * numbers * mostComparators(params.network, n), 0)
    if (stateBytes > mostStateBytes) return undefined
    return {
      forward: 'network',
      backward: 'pullNetwork',
      scratch: 'networkScratch',
      integers: [
        operators.indexOf(operator),
        networks.indexOf(params.network as never),
        distributions.indexOf(params.distribution as never),
        params['error-free'] ? 1 : 0,
      ],
      numbers: [
        params.steepness as number,
        params.direction === 'ascending' ? 1 : -1,
        (params.k as number | undefined) ?? 0,
      ],
      stateBytes,
      ...(operator === 'matrix' && { output: (n: number) => n * n }),
      power: params.network === 'bitonic' ? 1 : 2,
    }
  }
