/** The engine's kernels for LapSum (kernel.as.ts). */

import type { KernelVariant } from '../../core/kernel-variant.ts'
import { ascendingSign, variant } from '../kit/kernel-variants.ts'

const soft = { alpha: { above: 0 } } as const

export const lapsumKernels = (operator: 'sort' | 'rank' | 'topk'): readonly KernelVariant[] => [
  variant({
    when: soft,
    forward: 'lapSum',
    backward: 'pullLapSum',
    set: {
      operator,
      alpha: { param: 'alpha' },
      sign: ascendingSign,
      k: operator === 'topk' ? { param: 'k' } : 0,
    },
  }),
]

export const lapsumMatrixKernels = [
  variant({
    when: soft,
    forward: 'lapSumMatrix',
    backward: 'pullLapSumMatrix',
    set: { alpha: { param: 'alpha' }, sign: ascendingSign },
    output: 'pair',
    power: 2,
  }),
]
