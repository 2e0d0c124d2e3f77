/** Values as they come out of half precision: rounded to nearest, ties to even; too large ones become infinite. */

export type Storage = 'f64' | 'f32' | 'f16' | 'bf16'

const word = new DataView(new ArrayBuffer(4))

/** 8 bits of exponent, 7 of fraction: the upper half of an f32. */
function toBfloat16(value: number): number {
  word.setFloat32(0, value)
  const bits = word.getUint32(0)
  if (!Number.isFinite(Math.fround(value))) return Math.fround(value)
  word.setUint32(0, (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000)
  return word.getFloat32(0)
}

const largestHalf = 65504
const smallestNormalHalf = 2 ** -14

/** 5 bits of exponent, 10 of fraction. */
function toFloat16(value: number): number {
  const size = Math.abs(value)
  const step = size < smallestNormalHalf ? 2 ** -24 : 2 ** (Math.floor(Math.log2(size)) - 10)
  const quotient = size / step
  const floor = Math.floor(quotient)
  const rest = quotient - floor
  const rounded = rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor
  const result = rounded * step
  return Math.sign(value) * (result > largestHalf ? Number.POSITIVE_INFINITY : result)
}

export function stored(value: number, storage: Storage): number {
  switch (storage) {
    case 'f64':
      return value
    case 'f32':
      return Math.fround(value)
    case 'f16':
      return toFloat16(value)
    case 'bf16':
      return toBfloat16(value)
  }
}
