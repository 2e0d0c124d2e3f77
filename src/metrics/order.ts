/** Sorting by index: what is ranked is the order, the values stay where they are. */

/** Indices 0 .. length - 1 by `compare`; entries that compare equal keep their order. */
export function orderOf(length: number, compare: (a: number, b: number) => number): Uint32Array {
  const order = new Uint32Array(length)
  for (let i = 0; i < length; i++) order[i] = i
  return order.sort((a, b) => compare(a, b) || a - b)
}

/** One past the last position whose value equals that of position `start`. */
export function tieEnd(values: Float64Array, order: Uint32Array, start: number): number {
  let end = start + 1
  while (end < order.length && values[order[end]] === values[order[start]]) end++
  return end
}
