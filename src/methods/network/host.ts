/** The engine's kernels for sorting networks (kernel.as.ts). */

import type { KernelVariant } from '../../core/kernel-variant.ts'
import { ascendingSign, variant } from '../kit/kernel-variants.ts'

const distribution = {
  param: 'distribution',
  choices: {
    logistic: 'logistic',
    art: 'art',
    gaussian: 'gaussian',
    reciprocal: 'reciprocal',
    cauchy: 'cauchy',
    optimal: 'optimal',
  },
} as const

/** Comparators of an odd-even network grow as n^2, those of a bitonic one as n log^2 n. */
const kinds = [
  { network: 'bitonic', kind: 'bitonic', power: 1 },
  { network: 'odd-even', kind: 'oddEven', power: 2 },
] as const

export const networkKernels = (operator: 'sort' | 'topk' | 'matrix'): readonly KernelVariant[] =>
  kinds.map(({ network, kind, power }) =>
    variant({
      when: { network },
      forward: 'network',
      backward: 'pullNetwork',
      set: {
        operator,
        network: kind,
        distribution,
        errorFree: { param: 'error-free', choices: { false: 0, true: 1 } },
        steepness: { param: 'steepness' },
        sign: ascendingSign,
        k: operator === 'topk' ? { param: 'k' } : 0,
      },
      power,
      ...(operator === 'matrix' && { output: 'pair' }),
    }),
  )
