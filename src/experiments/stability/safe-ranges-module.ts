/** The source of src/api/safe-ranges.ts: safe softness as numbers, from the maps of a run. */

import type { Subject } from '../../core/method-ref.ts'
import { isSoft, safeRange } from './map.ts'
import { endsOf, type Mapped, mapsOf, short } from './mapped.ts'

interface Range {
  readonly n: number
  readonly low: number
  readonly high: number
}

/** Ranges of an operator at every length that was mapped; undefined when one of them has none. */
function rangesOf(mapped: Mapped, name: string): readonly Range[] | undefined {
  const maps = mapsOf(mapped, name)
  const found = maps.flatMap((map) => {
    const range = isSoft(map) ? safeRange(map) : undefined
    if (!range) return []
    const [low, high] = endsOf(range)
    return { n: map.n, low: low.open ? 0 : low.value, high: high.open ? Number.POSITIVE_INFINITY : high.value }
  })
  return found.length === mapped.lengths.length ? found : undefined
}

const number = (value: number): string =>
  value === Number.POSITIVE_INFINITY ? 'Number.POSITIVE_INFINITY' : short(value)

const lineOf = ({ n, low, high }: Range): string => `    { n: ${n}, low: ${number(low)}, high: ${number(high)} },`

/** Losses are no operators that a strength is suggested for, and quantiles follow their sort. */
const isSuggested = ({ operator }: Subject): boolean => operator !== 'loss' && operator !== 'quantile'

export function safeRangesModule(mapped: Mapped): string {
  const entries = mapped.subjects.filter(isSuggested).flatMap(({ name }) => {
    const ranges = rangesOf(mapped, name)
    return ranges ? [`  '${name}': [\n${ranges.map(lineOf).join('\n')}\n  ],`] : []
  })
  return `/**
 * Written by scripts/parameters.mjs from a stability run: do not edit. Softness that is safe at standard deviation 1, by
 * the length n of a row, in f32, other parameters at their defaults (k = n / 4 for topk). 0 and infinity: as far as the
 * map goes.
 */

export interface SafeRange {
  readonly n: number
  readonly low: number
  readonly high: number
}

export const safeRanges: Readonly<Record<string, readonly SafeRange[]>> = {
${entries.join('\n')}
}
`
}
