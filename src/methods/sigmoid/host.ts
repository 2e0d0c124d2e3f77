/** The engine's kernels for sums of pairwise sigmoids (rank.as.ts, kernel.as.ts). */

import type { ParamSpec } from '../../core/params.ts'
import { ascendingSign, variant } from '../kit/kernel-variants.ts'

/** Words for what a row was given to, by the number that the kernel says. */
export const algorithms = ['dense', 'window', 'fast-sum'] as const

export const algorithm = {
  kind: 'choice',
  default: 'auto',
  choices: ['auto', ...algorithms],
  meaning:
    'of the fast engine, where it applies; auto takes what it predicts to be quickest. Values do not depend on it',
} as const satisfies ParamSpec

/** The kernel's choice for each word of the parameter. */
export const algorithmChoice = {
  param: 'algorithm',
  choices: { auto: 'auto', dense: 'dense', window: 'window', 'fast-sum': 'fastSum' },
} as const

export const sigmoidRankKernels = [
  variant({
    when: { strength: { above: 0 } },
    forward: 'sigmoidRank',
    backward: 'pullSigmoidRank',
    set: {
      strength: { param: 'strength' },
      sign: ascendingSign,
      algorithm: algorithmChoice,
      series: { table: 'fast-sum' },
    },
    algorithms,
    power: 2,
  }),
]
