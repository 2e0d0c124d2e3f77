/** The engine's kernels for the hard sort and ranks (kernel.as.ts). */

import { ascendingSign, variant } from '../kit/kernel-variants.ts'

export const hardSortKernels = [
  variant({ forward: 'hardSort', backward: 'pullHardSort', set: { sign: ascendingSign } }),
]

export const hardRankKernels = [
  variant({ forward: 'hardRank', backward: 'pullHardRank', set: { sign: ascendingSign } }),
]
