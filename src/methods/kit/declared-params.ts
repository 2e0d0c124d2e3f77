/** Parameters that several methods declare in the same words. */

import type { Softness } from '../../core/method.ts'
import type { ParamSpec } from '../../core/params.ts'

/** Softness of an operator. */
export const strength = {
  kind: 'number',
  default: 1,
  min: 0,
  meaning: 'softness; larger is softer, 0 is the hard operator',
} as const satisfies ParamSpec

export const strengthSoftness = { param: 'strength', units: 1 } as const satisfies Softness

/** Temperature of a row-wise softmax. */
export const tau = {
  kind: 'number',
  default: 1,
  min: 0,
  meaning: 'temperature of the softmax; larger is softer, 0 is the hard permutation',
} as const satisfies ParamSpec

export const direction = (preset: 'ascending' | 'descending'): ParamSpec => ({
  kind: 'choice',
  default: preset,
  choices: ['ascending', 'descending'],
  meaning: 'which end has position 1: the smallest (ascending) or the largest value (descending)',
})

/** How many items a soft mask selects. */
export const topkCount = {
  kind: 'number',
  default: 1,
  min: 0,
  tried: [1, 2.5, 0],
  meaning: 'items selected, whole or not; the mask sums to it; k >= n selects all',
} as const satisfies ParamSpec

export const reduction = {
  kind: 'choice',
  default: 'mean',
  choices: ['mean', 'sum', 'none'],
  meaning: 'over the lists of a batch; none gives one value a list',
} as const satisfies ParamSpec
