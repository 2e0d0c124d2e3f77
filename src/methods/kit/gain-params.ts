/** Parameters of losses that are an NDCG: what a label is worth, and whether the ideal DCG divides. */

import { decimal } from '../../core/decimal.ts'
import { usageError } from '../../core/errors.ts'
import type { ParamSpec, Params } from '../../core/params.ts'
import type { GainScheme } from '../numerics/relative-gains.ts'

export const gainParams = {
  gain: {
    kind: 'text',
    default: 'exp2',
    examples: ['exp2', 'linear', '0x1x2x5x9x14x20x27x35x44x54'],
    meaning:
      'worth of a label y: exp2 (2^y - 1), linear (y), or a table of the worth of labels 0, 1, ..., separated by x',
  },
  normalise: {
    kind: 'flag',
    default: true,
    meaning: 'DCG over the largest DCG the list can have; false is DCG itself',
  },
} as const satisfies Record<string, ParamSpec>

function tableOf(text: string): Float64Array | undefined {
  const worth = text.split('x').map((word) => decimal(word) ?? Number.NaN)
  return worth.every((each) => each >= 0 && Number.isFinite(each)) ? Float64Array.from(worth) : undefined
}

/** @throws RankBenchError(usage) on a gain that is no word and no table */
export function gainScheme({ gain, normalise }: Params): GainScheme {
  const normalised = normalise !== false
  if (gain === 'exp2' || gain === 'linear' || gain === undefined) return { gain: gain ?? 'exp2', normalise: normalised }
  const table = tableOf(String(gain))
  if (table) return { gain: table, normalise: normalised }
  throw usageError(
    `gain is "${gain}"; expected exp2, linear, or numbers >= 0 separated by x, the worth of labels 0, 1, ...`,
    'e.g. gain=0x1x3x7x15',
  )
}
