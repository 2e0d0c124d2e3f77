/** Whether weights say anything. */

import { allocate, type FloatArray, type Precision } from '../../core/shape.ts'

/** With all weights 1 an operator is the one without, to the last bit. */
export function areOnes(weights: ArrayLike<number>): boolean {
  for (let i = 0; i < weights.length; i++) if (weights[i] !== 1) return false
  return true
}

/** What Node compares bytes with: memory by memory, a tenth of the time of a loop. Browsers have none. */
interface Bytes {
  equals(other: Bytes): boolean
}
interface BytesOf {
  from(buffer: ArrayBufferLike, offset: number, length: number): Bytes
}
const { Buffer: bytesOf } = globalThis as unknown as { readonly Buffer?: BytesOf }

/** Ones to compare with, as many as anybody has asked for. */
const ones: Record<Precision, FloatArray> = { f32: allocate('f32', 0), f64: allocate('f64', 0) }

/** The same question about one array, asked at every forward pass. */
export function onesTest(weights: FloatArray, precision: Precision): () => boolean {
  if (bytesOf === undefined) return () => areOnes(weights)
  const { length, byteLength } = weights
  if (ones[precision].length < length) ones[precision] = allocate(precision, length).fill(1)
  const own = bytesOf.from(weights.buffer, weights.byteOffset, byteLength)
  const wanted = bytesOf.from(ones[precision].buffer, ones[precision].byteOffset, byteLength)
  return () => own.equals(wanted)
}
