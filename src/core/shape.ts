/** Ragged shapes: row q of a batch owns items `offsets[q]` up to `offsets[q + 1]`. A batch x n block is the regular case. */

import { valueError } from './errors.ts'

export type Precision = 'f32' | 'f64'
export type FloatArray = Float32Array | Float64Array

export interface Shape {
  /** Row boundaries, `rows + 1` entries, not decreasing, starting at 0. */
  readonly offsets: Uint32Array
}

export const rowCount = (shape: Shape): number => shape.offsets.length - 1
export const itemCount = (shape: Shape): number => shape.offsets[shape.offsets.length - 1]

/** Items of every row. */
export const rowLengths = ({ offsets }: Shape): number[] =>
  Array.from({ length: offsets.length - 1 }, (_, q) => offsets[q + 1] - offsets[q])

/** Items of the longest row; 0 without rows. */
export const longestRow = (shape: Shape): number => rowLengths(shape).reduce((most, n) => Math.max(most, n), 0)

/** Where each row of an output starts, when a row of n items puts out `length(n)` entries; one more entry than rows. */
export function outputOffsets(shape: Shape, length: (n: number) => number): number[] {
  const offsets = [0]
  for (const n of rowLengths(shape)) offsets.push(offsets[offsets.length - 1] + length(n))
  return offsets
}

/** `batch` rows of `length` items. */
export const regularShape = (batch: number, length: number): Shape => ({
  offsets: Uint32Array.from({ length: batch + 1 }, (_, q) => q * length),
})

/** One row per entry of `lengths`. */
export function raggedShape(lengths: ArrayLike<number>): Shape {
  const offsets = new Uint32Array(lengths.length + 1)
  for (let q = 0; q < lengths.length; q++) offsets[q + 1] = offsets[q] + lengths[q]
  return { offsets }
}

/**
 * The ragged shape left by a boolean mask over a batch x length block (true = present), and the source
 * position of every kept item. Masks become offsets here, so no kernel ever sees a padded item.
 */
export function maskedShape(
  mask: ArrayLike<unknown>,
  batch: number,
  length: number,
): { shape: Shape; kept: Uint32Array } {
  const lengths = new Uint32Array(batch)
  const kept: number[] = []
  for (let q = 0; q < batch; q++) {
    for (let i = 0; i < length; i++) {
      if (!mask[q * length + i]) continue
      kept.push(q * length + i)
      lengths[q]++
    }
  }
  return { shape: raggedShape(lengths), kept: Uint32Array.from(kept) }
}

export const allocate = (precision: Precision, length: number): FloatArray =>
  precision === 'f32' ? new Float32Array(length) : new Float64Array(length)

/** @throws RankBenchError(value) naming row and index of the first NaN or infinite entry. */
export function requireFinite(values: ArrayLike<number>, shape: Shape, what: string): void {
  for (let q = 0; q < rowCount(shape); q++) {
    const start = shape.offsets[q]
    for (let i = start; i < shape.offsets[q + 1]; i++) {
      if (Number.isFinite(values[i])) continue
      throw valueError(`${what}: row ${q}, index ${i - start} is ${values[i]}; expected a finite number`)
    }
  }
}
