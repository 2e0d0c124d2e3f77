/** The rows that laws are tried on: seeded, of every kind that has broken an implementation before. */

import { type Random, randomStream } from '../core/random.ts'

export type RowKind = 'random' | 'distinct' | 'tied' | 'nearly equal' | 'extreme'

/** One row of values and what goes with it. Lengths from 2 to 9 unless a law asks for others. */
export interface Sample {
  readonly kind: RowKind
  readonly values: Float64Array
  /** Grades 0..4, one an item. */
  readonly labels: Float64Array
  /** For whatever else a law draws: cotangents, directions, permutations. */
  readonly random: Random
}

const draw: Readonly<Record<RowKind, (n: number, random: Random) => number[]>> = {
  random: (n, random) => {
    const scale = 10 ** random.integer(3) / 10
    return Array.from({ length: n }, () => scale * random.normal())
  },
  /** Gaps of at least a half. */
  distinct: (n, random) => random.shuffle(Array.from({ length: n }, (_, i) => i + random.uniform() / 2 - n / 2)),
  tied: (n, random) => Array.from({ length: n }, () => random.integer(3)),
  'nearly equal': (n, random) => {
    const centre = random.normal()
    return Array.from({ length: n }, () => centre + 1e-9 * random.normal())
  },
  extreme: (n, random) => {
    const scale = 10 ** (60 * random.uniform() - 30)
    const mixed = random.uniform() < 0.5
    return Array.from({ length: n }, () => {
      const own = mixed ? 10 ** (60 * random.uniform() - 30) : scale
      return random.uniform() < 0.2 ? own : own * random.normal()
    })
  },
}

const shortest = 2
const longest = 9

/** Row `index` of a law's stream: the same for every method, so that methods are tried on the same numbers. */
export function sampleRow(kind: RowKind, seed: number, index: number): Sample {
  const random = randomStream(seed, `check/${kind}/${index}`)
  const n = shortest + random.integer(longest - shortest + 1)
  return {
    kind,
    values: Float64Array.from(draw[kind](n, random)),
    labels: Float64Array.from({ length: n }, () => random.integer(5)),
    random,
  }
}

export const normals = (random: Random, length: number): Float64Array =>
  Float64Array.from({ length }, () => random.normal())
