/**
 * The engine's kernels for projections on the permutahedron (kernel.as.ts). All keep the values descending: rank sorts x for
 * ascending ranks, sort sorts -x for ascending values. At strength 0 both regularisations are the Euclidean one.
 */

import { ascendingSign, descendingSign, variant } from '../kit/kernel-variants.ts'

const entropic = { regularization: 'kl', strength: { above: 0 } } as const
const strength = { param: 'strength' } as const

export const sortKernels = [
  variant({ when: entropic, forward: 'sortKl', backward: 'pullSortKl', set: { strength, sign: descendingSign } }),
  variant({ forward: 'sortL2', backward: 'pullSortL2', set: { strength, sign: descendingSign } }),
]

export const rankKernels = [
  variant({ when: entropic, forward: 'rankKl', backward: 'pullRankKl', set: { strength, sign: ascendingSign } }),
  variant({ forward: 'rankL2', backward: 'pullRankL2', set: { strength, sign: ascendingSign } }),
]
