/** Radix sort of positions by the leading 32 bits of f64 keys: least significant byte first, stable, no comparison. */

interface RadixWork {
  readonly keys: Float64Array
  readonly otherOrder: Uint32Array
  readonly bits: Uint32Array
  readonly otherBits: Uint32Array
}

const bytes = 4
/** Occurrences of every value of every byte; dead between calls. */
const counts = new Uint32Array(bytes * 256)

const word = new Float64Array(1)
const halves = new Uint32Array(word.buffer)
word[0] = -1
/** Index of the half that holds sign, exponent and leading digits: 1 on little-endian machines. */
const leading = halves[1] === 0 ? 0 : 1

/**
 * Sign, exponent and first 20 digits of a number as an unsigned integer that grows with the number:
 * negative numbers have all bits flipped, others the sign bit.
 */
function readLeadingBits(keys: Float64Array, bits: Uint32Array, n: number): void {
  counts.fill(0)
  for (let i = 0; i < n; i++) {
    word[0] = keys[i]
    const half = halves[leading]
    const ordered = half ^ ((half >> 31) | 0x80000000)
    bits[i] = ordered
    counts[ordered & 255]++
    counts[256 + ((ordered >>> 8) & 255)]++
    counts[512 + ((ordered >>> 16) & 255)]++
    counts[768 + (ordered >>> 24)]++
  }
}

/** Counts of one byte to first places. Answers whether the byte is the same everywhere: its pass would move nothing. */
function placesOf(byte: number, n: number): boolean {
  let place = 0
  for (let value = 256 * byte; value < 256 * byte + 256; value++) {
    const count = counts[value]
    if (count === n) return true
    counts[value] = place
    place += count
  }
  return false
}

function scatter(
  byte: number,
  n: number,
  bits: Uint32Array,
  order: Uint32Array,
  toBits: Uint32Array,
  to: Uint32Array,
): void {
  const shift = 8 * byte
  for (let i = 0; i < n; i++) {
    const value = bits[i]
    const place = counts[256 * byte + ((value >>> shift) & 255)]++
    toBits[place] = value
    to[place] = order[i]
  }
}

/** Sorts `order` and leaves the leading bits, in that order, in `work.bits`. Reads `work.keys`, in the order of `order`. */
export function orderByLeadingBits(order: Uint32Array, work: RadixWork): void {
  const n = order.length
  let { bits, otherBits, otherOrder: to } = work
  let from = order
  readLeadingBits(work.keys, bits, n)
  for (let byte = 0; byte < bytes; byte++) {
    if (placesOf(byte, n)) continue
    scatter(byte, n, bits, from, otherBits, to)
    const heldBits = bits
    const heldOrder = from
    bits = otherBits
    from = to
    otherBits = heldBits
    to = heldOrder
  }
  if (from === order) return
  for (let i = 0; i < n; i++) {
    order[i] = from[i]
    work.bits[i] = bits[i]
  }
}
