/** The stability maps of a run, to be looked up by operator, storage format and length of a row. */

import type { Subject } from '../../core/method-ref.ts'
import type { SafeRange, StabilityMap } from './map.ts'

export interface Mapped {
  /** Operators, the first point of each, as they came. */
  readonly subjects: readonly Subject[]
  /** Lengths of rows, rising. */
  readonly lengths: readonly number[]
  /** The map of an operator by its name, `rank:sigmoid`, at the first point that was mapped. */
  find(name: string, storage: string, n: number): StabilityMap | undefined
}

export function mapped(maps: readonly StabilityMap[]): Mapped {
  const subjects = new Map<string, Subject>()
  for (const { method } of maps) if (!subjects.has(method.name)) subjects.set(method.name, method)
  return {
    subjects: [...subjects.values()],
    lengths: [...new Set(maps.map(({ n }) => n))].sort((a, b) => a - b),
    find: (name, storage, n) => maps.find((map) => map.method.name === name && map.storage === storage && map.n === n),
  }
}

/** The maps of an operator in f32 arithmetic, one a length of row. */
export const mapsOf = ({ lengths, find }: Mapped, name: string): readonly StabilityMap[] =>
  lengths.flatMap((n) => find(name, 'f32', n) ?? [])

/** Longest row that was mapped. */
export const longestOf = ({ lengths }: Mapped): number => lengths[lengths.length - 1]

/** A number as it is written down: maps are no finer than a factor of 3. */
export const short = (value: number): string => Number(value.toPrecision(2)).toString()

/** Ends of a safe range, `open` where it ends with the map. */
export const endsOf = ({ low, high, below, above }: SafeRange) =>
  [
    { value: low, open: below === undefined },
    { value: high, open: above === undefined },
  ] as const
