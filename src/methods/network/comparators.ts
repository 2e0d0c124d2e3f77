/** Sorting networks as lists of comparators, each of which leaves the smaller value on its first wire. */

/** Comparator c joins the wires first[c] < second[c]; all in the order they are applied. */
export interface Comparators {
  readonly first: Uint32Array
  readonly second: Uint32Array
}

export type NetworkKind = 'odd-even' | 'bitonic'

/** Layer l = 0, ..., n - 1 joins i and i + 1 for i = l mod 2: n layers, n (n - 1) / 2 comparators. */
function* oddEven(n: number): Generator<readonly [number, number]> {
  for (let layer = 0; layer < n; layer++) {
    for (let i = layer % 2; i + 1 < n; i += 2) yield [i, i + 1]
  }
}

/**
 * Batcher's bitonic sorter with the first step of every merge mirrored, so that all comparators point the same way.
 * For n that is no power of two the wires from n on are left out: they would hold values larger than all others, which
 * never move.
 */
function* bitonic(n: number): Generator<readonly [number, number]> {
  for (let size = 2; size < 2 * n; size *= 2) {
    for (let start = 0; start < n; start += size) {
      for (let i = 0; i < size / 2; i++) {
        const other = start + size - 1 - i
        if (other < n) yield [start + i, other]
      }
    }
    for (let half = size / 4; half >= 1; half /= 2) {
      for (let i = 0; i + half < n; i++) if ((i & half) === 0) yield [i, i + half]
    }
  }
}

export function comparators(kind: NetworkKind, n: number): Comparators {
  const pairs = [...(kind === 'bitonic' ? bitonic(n) : oddEven(n))]
  return {
    first: Uint32Array.from(pairs, ([first]) => first),
    second: Uint32Array.from(pairs, ([, second]) => second),
  }
}
