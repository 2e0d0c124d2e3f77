/** Stable argsort of an f64 row that allocates nothing: bottom-up merge sort over insertion-sorted runs. */

/** Runs this short are sorted by insertion: below it merging costs more than it saves. */
const runLength = 8

/** Scratch of one argsort; contents are meaningless between calls. */
export interface ArgsortWork {
  readonly keys: Float64Array
  readonly otherKeys: Float64Array
  readonly otherOrder: Uint32Array
}

/** Scratch for rows of n values. */
export const argsortWork = (n: number): ArgsortWork => ({
  keys: new Float64Array(n),
  otherKeys: new Float64Array(n),
  otherOrder: new Uint32Array(n),
})

/**
 * Writes to `order` the positions of `x` from smallest to largest value, or from largest to smallest when
 * `descending`. Ties keep their order in x in both directions; -0 equals 0. Values must not be NaN.
 */
export function argsort(x: Float64Array, order: Uint32Array, descending: boolean, work: ArgsortWork): void {
  const n = x.length
  // Keys travel with their positions: comparing x[order[i]] would miss the cache on long rows.
  for (let i = 0; i < n; i++) {
    work.keys[i] = descending ? -x[i] : x[i]
    order[i] = i
  }
  for (let start = 0; start < n; start += runLength) insertionSort(work.keys, order, start, Math.min(start + runLength, n))
  let [keys, otherKeys, from, to] = [work.keys, work.otherKeys, order, work.otherOrder]
  for (let width = runLength; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      mergeRuns(keys, from, otherKeys, to, start, Math.min(start + width, n), Math.min(start + 2 * width, n))
    }
    const heldKeys = keys
    const heldOrder = from
    keys = otherKeys
    from = to
    otherKeys = heldKeys
    to = heldOrder
  }
  if (from !== order) order.set(from)
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
