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

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff

/**
 * Compares as C's strcmp compares the UTF-8 of two names, which is by code point. JavaScript compares UTF-16 units, and
 * puts the surrogates of characters beyond U+FFFF before U+E000 to U+FFFF.
 */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (x === y) continue
    const [xHigh, yHigh] = [isSurrogate(x), isSurrogate(y)]
    if (xHigh !== yHigh) return xHigh ? 1 : -1
    return x - y
  }
  return a.length - b.length
}
