/**
 * The engine's kernels for transport: absolute distances in O(n) an iteration without a matrix (kernel.as.ts), all
 * else with one (transport.as.ts).
 */

import type { KernelVariant } from '../../core/kernel-variant.ts'
import { ascendingSign, variant } from '../kit/kernel-variants.ts'

/** Three matrices are kept of a row: longer ones than this are left to the reference. */
const longestDense = 2048

const given = {
  iterations: { param: 'iterations' },
  epsilon: { param: 'epsilon' },
  sign: ascendingSign,
  tolerance: { param: 'tolerance' },
} as const

const soft = { epsilon: { above: 0 } } as const

const dense = (operator: 'sort' | 'rank' | 'matrix'): KernelVariant =>
  variant({
    when: soft,
    longest: longestDense,
    forward: 'transport',
    backward: 'pullTransport',
    set: {
      ...given,
      operator,
      cost: { param: 'cost', choices: { square: 'square', absolute: 'absolute' } },
      squashes: { param: 'squash', choices: { none: 0, sigmoid: 1 } },
    },
    power: 3,
    weighted: true,
    fact: 'residual',
    ...(operator === 'matrix' && { output: 'pair' }),
  })

const onLine = (operator: 'sort' | 'rank'): KernelVariant =>
  variant({
    when: { ...soft, cost: 'absolute', squash: 'none' },
    forward: 'sinkhorn',
    backward: 'pullSinkhorn',
    set: { ...given, operator },
    weighted: true,
    fact: 'residual',
  })

export const sortKernels = [onLine('sort'), dense('sort')]
export const rankKernels = [onLine('rank'), dense('rank')]
export const matrixKernels = [dense('matrix')]
