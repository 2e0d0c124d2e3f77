/** The engine's kernels for SmoothI (kernel.as.ts). */

import type { KernelVariant } from '../../core/kernel-variant.ts'
import { descendingSign, lossVariant, variant } from '../kit/kernel-variants.ts'

/** The exact gradient keeps all rows of a list: longer lists than this are left to the reference. */
const longestExact = 2048

const stopping = { when: { 'stop-gradient': true }, power: 2 } as const
const exact = { when: { 'stop-gradient': false }, longest: longestExact, power: 2 } as const
const kinds = [
  { ...stopping, stops: 1 },
  { ...exact, stops: 0 },
] as const

const given = { alpha: { param: 'alpha' }, delta: { param: 'delta' } } as const

export const smoothiMatrixKernels: readonly KernelVariant[] = kinds.map(({ stops, ...covered }) =>
  variant({
    ...covered,
    forward: 'smoothIndicators',
    backward: 'pullSmoothIndicators',
    set: { ...given, stops, sign: descendingSign },
    output: 'pair',
  }),
)

export const smoothiLossKernels = (metric: 'ndcg' | 'precision'): readonly KernelVariant[] =>
  kinds.map(({ stops, ...covered }) =>
    lossVariant({
      ...covered,
      forward: 'smoothiLoss',
      set: { ...given, stops, sign: 1, metric, k: { param: 'k' }, discounts: { table: 'discounts' } },
    }),
  )
