/**
 * Stable argsort of an f64 row that allocates nothing.
 *
 * Short rows: insertion-sorted runs, merged bottom up. Longer rows: a radix sort on the leading 32 bits of each number,
 * then the same merge sort inside every run of equal leading bits. On random rows the runs are short and no
 * comparison is ever mispredicted; at worst (all leading bits equal) it is the merge sort, O(n log n).
 */

import { orderByLeadingBits } from './radix-order.ts'

/** Runs this short are sorted by insertion: below it merging costs more than it saves. */
const runLength = 8
/** Rows this long pay for the counting passes of the radix sort. */
const radixLength = 48

/** Scratch of one argsort; contents are meaningless between calls. */
interface ArgsortWork {
  /** The numbers, negated when descending: travelling with their positions they spare a cache miss a comparison. */
  readonly keys: Float64Array
  readonly otherKeys: Float64Array
  readonly otherOrder: Uint32Array
  readonly bits: Uint32Array
  readonly otherBits: Uint32Array
}

let latest: ArgsortWork | undefined

/** Scratch for rows of up to n values. Rows share it (it is dead between calls), so that a batch stays in the cache. */
export function argsortWork(n: number): ArgsortWork {
  if (latest && latest.keys.length >= n) return latest
  latest = {
    keys: new Float64Array(n),
    otherKeys: new Float64Array(n),
    otherOrder: new Uint32Array(n),
    bits: new Uint32Array(n),
    otherBits: new Uint32Array(n),
  }
  return latest
}

/**
 * Writes to `order` the positions of `x` from smallest to largest value, or from largest to smallest when
 * `descending`. Ties keep their order in x in both directions; -0 equals 0. Values must not be NaN.
 */
export function argsort(x: Float64Array, order: Uint32Array, descending: boolean, work: ArgsortWork): void {
  const { keys, bits } = work
  // + 0 turns -0 into 0: they differ in their bits.
  for (let i = 0; i < x.length; i++) keys[i] = (descending ? -x[i] : x[i]) + 0
  for (let i = 0; i < x.length; i++) order[i] = i
  if (x.length < radixLength) {
    mergeSort(order, 0, x.length, work)
    return
  }
  orderByLeadingBits(order, work)
  for (let start = 0, end = 0; start < x.length; start = end) {
    for (end = start + 1; end < x.length && bits[end] === bits[start]; ) end++
    if (end - start > 1) sortRun(x, order, start, end, descending, work)
  }
}

/** Full comparison of numbers whose leading bits are equal. */
function sortRun(
  x: Float64Array,
  order: Uint32Array,
  start: number,
  end: number,
  descending: boolean,
  work: ArgsortWork,
): void {
  for (let i = start; i < end; i++) work.keys[i] = descending ? -x[order[i]] : x[order[i]]
  mergeSort(order, start, end, work)
}

/** Sorts positions [start, end) of keys and order. */
function mergeSort(order: Uint32Array, start: number, end: number, work: ArgsortWork): void {
  let { keys, otherKeys, otherOrder: to } = work
  let from = order
  for (let run = start; run < end; run += runLength) insertionSort(keys, order, run, Math.min(run + runLength, end))
  for (let width = runLength; width < end - start; width *= 2) {
    for (let left = start; left < end; left += 2 * width) {
      mergeRuns(keys, from, otherKeys, to, left, Math.min(left + width, end), Math.min(left + 2 * width, end))
    }
    const heldKeys = keys
    const heldOrder = from
    keys = otherKeys
    from = to
    otherKeys = heldKeys
    to = heldOrder
  }
  if (from !== order) for (let i = start; i < end; i++) order[i] = from[i]
}

function insertionSort(keys: Float64Array, order: Uint32Array, start: number, end: number): void {
  for (let i = start + 1; i < end; i++) {
    const key = keys[i]
    const position = order[i]
    let j = i - 1
    for (; j >= start && keys[j] > key; j--) {
      keys[j + 1] = keys[j]
      order[j + 1] = order[j]
    }
    keys[j + 1] = key
    order[j + 1] = position
  }
}

/** Merges [start, middle) and [middle, end); of equal keys the left one goes first, which is what stable means. */
function mergeRuns(
  keys: Float64Array,
  order: Uint32Array,
  toKeys: Float64Array,
  to: Uint32Array,
  start: number,
  middle: number,
  end: number,
): void {
  let left = start
  let right = middle
  for (let k = start; k < end; k++) {
    const takeLeft = right >= end || (left < middle && keys[left] <= keys[right])
    const taken = takeLeft ? left++ : right++
    toKeys[k] = keys[taken]
    to[k] = order[taken]
  }
}
