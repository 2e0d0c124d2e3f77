/** `k` of losses that look at the top of a list only. */

import type { ParamSpec } from '../../core/params.ts'

export const cutoff = {
  kind: 'number',
  default: 0,
  min: 0,
  integer: true,
  tried: [0, 3],
  meaning: 'ranks that count; 0: all',
} as const satisfies ParamSpec

/** Ranks that count in a list of n items. */
export const ranksThatCount = (k: number, n: number): number => (k === 0 ? n : Math.min(k, n))
