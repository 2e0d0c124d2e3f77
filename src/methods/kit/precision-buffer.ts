/** The caller's buffer of a plan and the f64 array its kernels work on. */

import { allocate, type FloatArray, type Precision } from '../../core/shape.ts'

/**
 * In f64 both are one array and nothing is copied. In f32 kernels work on an f64 shadow, so that every kernel
 * only ever sees Float64Array (one machine code for both precisions) and sums are accumulated in f64.
 */
export interface PrecisionBuffer {
  readonly outer: FloatArray
  readonly inner: Float64Array
}

export function precisionBuffer(precision: Precision, length: number): PrecisionBuffer {
  const outer = allocate(precision, length)
  return { outer, inner: outer instanceof Float64Array ? outer : new Float64Array(length) }
}

/** Before a kernel runs: what the caller wrote becomes visible to it. */
export function load(buffer: PrecisionBuffer): void {
  if (buffer.outer !== buffer.inner) buffer.inner.set(buffer.outer)
}

/** After a kernel ran: what it wrote becomes visible to the caller, rounded to f32 where that is the precision. */
export function store(buffer: PrecisionBuffer): void {
  if (buffer.outer !== buffer.inner) buffer.outer.set(buffer.inner)
}
