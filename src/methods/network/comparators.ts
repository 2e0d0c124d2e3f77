/** Sorting networks as lists of comparators, each of which leaves the smaller value on its first wire. */

import { valueError } from '../../core/errors.ts'

/** Comparator c joins the wires first[c] and second[c]; all in the order they are applied. */
export interface Comparators {
  readonly first: Uint32Array
  readonly second: Uint32Array
}

export type NetworkKind = 'odd-even' | 'bitonic' | 'bitonic-diffsort'

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

/**
 * Batcher's bitonic sorter as the package of the relaxation's authors writes it (diffsort 0.2.0): comparators of every other block
 * point the other way, and for n that is no power of two the first wires are left out. For powers of two its values are those of
 * `bitonic`; else it is another network, and sorts all rows up to n = 21; of 22, 38 and other numbers of wires it leaves some unsorted, there
 * as here.
 */
function* bitonicOfDiffsort(n: number): Generator<readonly [number, number]> {
  const depth = Math.ceil(Math.log2(Math.max(1, n)))
  const left = 2 ** depth - n
  for (let block = 0; block < depth; block++) {
    for (let half = 2 ** block; half >= 1; half /= 2) {
      for (let i = left; i + half < 2 ** depth; i++) {
        if ((i & half) !== 0) continue
        const [a, b] = [i - left, i + half - left]
        yield (i >> (block + 1)) % 2 === 1 ? [b, a] : [a, b]
      }
    }
  }
}

/** Every comparator holds some 50 bytes in a plan. */
const mostComparators = 2 ** 25

const pairsOf: Readonly<Record<NetworkKind, (n: number) => Iterable<readonly [number, number]>>> = {
  'odd-even': oddEven,
  bitonic,
  'bitonic-diffsort': bitonicOfDiffsort,
}

/** How many there are: n (n - 1) / 2, and for bitonic networks those of the next power of two at most. */
function countUpTo(kind: NetworkKind, n: number): number {
  if (kind === 'odd-even') return (n * (n - 1)) / 2
  const depth = Math.ceil(Math.log2(Math.max(2, n)))
  return (2 ** depth * depth * (depth + 1)) / 4
}

/** @throws RankBenchError(value) when the network of a row would have more than 2^25 comparators */
export function comparators(kind: NetworkKind, n: number): Comparators {
  const most = countUpTo(kind, n)
  if (most > mostComparators) {
    throw valueError(
      `a network of kind ${kind} for a row of ${n} values has about ${most} comparators; expected at most 2^25`,
      kind === 'odd-even' ? 'use network=bitonic, or an operator that grows more slowly' : 'use another operator',
    )
  }
  const [first, second] = [new Uint32Array(most), new Uint32Array(most)]
  let count = 0
  for (const [low, high] of pairsOf[kind](n)) {
    first[count] = low
    second[count++] = high
  }
  return { first: first.subarray(0, count), second: second.subarray(0, count) }
}
