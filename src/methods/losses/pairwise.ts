/** What the kernels of losses of pairs are told (pairwise.as.ts); each loss says what it changes. */

import type { KernelVariant } from '../../core/kernel-variant.ts'
import { lossVariant } from '../kit/kernel-variants.ts'

type Pairs = Parameters<typeof lossVariant<'pairwise'>>[0]

/** Pairs that weigh as much as their first item, phi logistic with steepness 1, unless told otherwise. */
export const pairwiseKernels = ({
  set,
  ...covered
}: Partial<Omit<Pairs, 'set'>> & { set?: Partial<Pairs['set']> }): KernelVariant =>
  lossVariant({
    ...covered,
    forward: 'pairwise',
    set: {
      phi: 'logistic',
      scheme: 'item',
      cutoff: 0,
      steepness: 1,
      mu: 0,
      discounts: { table: 'discounts' },
      deltas: { table: 'discount-deltas' },
      ...set,
    },
    power: 2,
  })
