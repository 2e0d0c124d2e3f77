/** The engine's kernels for ranks of random scores (kernel.as.ts, distribution.as.ts). */

import { descendingSign, variant } from '../kit/kernel-variants.ts'

/** A recursion of one item keeps a row a neighbour: longer rows than this are left to the reference. */
export const longestRecursion = 4096

/** Differences of two scores deviate by sqrt 2 sigma. */
export const deviation = { param: 'sigma', times: Math.SQRT2 } as const

const soft = { sigma: { above: 0 } } as const

export const softRankKernels = [
  variant({
    when: soft,
    forward: 'softRank',
    backward: 'pullSoftRank',
    set: { scale: deviation, foremost: descendingSign },
    power: 2,
  }),
]

/** P(rank of j is r), scores normal. */
export const rankMatrixKernels = [
  variant({
    when: soft,
    longest: longestRecursion,
    forward: 'rankDistribution',
    backward: 'pullRankDistribution',
    set: { operator: 'matrix', tails: 'normal', scale: deviation, foremost: descendingSign, k: 0 },
    output: 'pair',
    power: 3,
  }),
]

/** P(fewer than k items are ahead), pairs logistic. */
export const logisticTopkKernels = [
  variant({
    when: { strength: { above: 0 }, k: { above: 0 } },
    longest: longestRecursion,
    forward: 'rankDistribution',
    backward: 'pullRankDistribution',
    set: {
      operator: 'topk',
      tails: 'logistic',
      scale: { param: 'strength' },
      foremost: descendingSign,
      k: { param: 'k' },
    },
    power: 3,
  }),
]
