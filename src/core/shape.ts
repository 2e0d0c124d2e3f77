/** Ragged shapes: row q of a batch owns items `offsets[q]` up to `offsets[q + 1]`. A batch x n block is the regular case. */

import { valueError } from './errors.ts'

export type Precision = 'f32' | 'f64'
export type FloatArray = Float32Array | Float64Array

export interface Shape {
  /** Row boundaries, `rows + 1` entries, not decreasing, starting at 0. */
  readonly offsets: Uint32Array
}

/**
 * How many rows a shape has.
 *
 * @example
 * ```ts
 * rowCount(raggedShape([2, 0, 1])) // 3
 * ```
 */
export const rowCount = (shape: Shape): number => shape.offsets.length - 1

/**
 * How many items all rows of a shape have.
 *
 * @example
 * ```ts
 * itemCount(raggedShape([2, 0, 1])) // 3
 * ```
 */
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

/** Offsets are words of 32 bits. */
const mostItems = 2 ** 32 - 1

function requireCount(count: unknown, what: string): void {
  if (Number.isInteger(count) && (count as number) >= 0 && (count as number) <= mostItems) return
  throw valueError(`${what} is ${count}; expected a whole number from 0 to 2^32 - 1`)
}

/**
 * `batch` rows of `length` items.
 *
 * @example
 * ```ts
 * regularShape(2, 3).offsets // [0, 3, 6]
 * ```
 *
 * @throws RankBenchError(value) on a count that is negative or no whole number, and beyond 2^32 - 1 items
 */
export function regularShape(batch: number, length: number): Shape {
  requireCount(batch, 'batch')
  requireCount(length, 'length')
  requireCount(batch * length, 'batch x length')
  return { offsets: Uint32Array.from({ length: batch + 1 }, (_, q) => q * length) }
}

/**
 * One row per entry of `lengths`.
 *
 * @example
 * ```ts
 * raggedShape([2, 0, 1]).offsets // [0, 2, 2, 3]
 * ```
 *
 * @throws RankBenchError(value) on a length that is negative or no whole number, and beyond 2^32 - 1 items
 */
export function raggedShape(lengths: ArrayLike<number>): Shape {
  const offsets = new Uint32Array(lengths.length + 1)
  for (let q = 0; q < lengths.length; q++) {
    requireCount(lengths[q], `length of row ${q}`)
    requireCount(offsets[q] + lengths[q], `items up to row ${q}`)
    offsets[q + 1] = offsets[q] + lengths[q]
  }
  return { offsets }
}

/** @throws RankBenchError(value) unless offsets start at 0 and do not decrease. */
export function requireShape(shape: unknown): asserts shape is Shape {
  const offsets = (shape as Partial<Shape> | undefined)?.offsets
  if (!(offsets instanceof Uint32Array)) {
    throw valueError('a shape has no offsets; expected one that regularShape, raggedShape or maskedShape made')
  }
  const wrong = offsets.findIndex((offset, q) => (q === 0 ? offset !== 0 : offset < offsets[q - 1]))
  if (wrong < 0 && offsets.length > 0) return
  throw valueError(
    `shape: offset ${Math.max(0, wrong)} is ${offsets[wrong]}; expected offsets from 0 on that do not decrease`,
  )
}

function isPresent(flag: unknown, q: number, i: number): boolean {
  if (flag === true || flag === 1) return true
  if (flag === false || flag === 0) return false
  throw valueError(`mask: row ${q}, index ${i} is ${flag}; expected true or false`)
}

/**
 * The ragged shape left by a boolean mask over a batch x length block (true = present), and the source
 * position of every kept item. Masks become offsets here, so no kernel ever sees a padded item.
 *
 * @example
 * ```ts
 * const { shape, kept } = maskedShape([true, false, true, true, true, false], 2, 3)
 * shape.offsets // [0, 2, 4]
 * kept // [0, 2, 3, 4]
 * ```
 *
 * @throws RankBenchError(value) on a mask of another length, or with an entry that is not true or false (1 and 0 count as such)
 */
export function maskedShape(
  mask: ArrayLike<unknown>,
  batch: number,
  length: number,
): { shape: Shape; kept: Uint32Array } {
  requireCount(batch, 'batch')
  requireCount(length, 'length')
  if (mask.length !== batch * length) {
    throw valueError(`mask: ${mask.length} entries; expected ${batch * length}, ${batch} rows of ${length}`)
  }
  const lengths = new Uint32Array(batch)
  const kept: number[] = []
  for (let q = 0; q < batch; q++) {
    for (let i = 0; i < length; i++) {
      if (!isPresent(mask[q * length + i], q, i)) continue
      kept.push(q * length + i)
      lengths[q]++
    }
  }
  return { shape: raggedShape(lengths), kept: Uint32Array.from(kept) }
}

export const allocate = (precision: Precision, length: number): FloatArray =>
  precision === 'f32' ? new Float32Array(length) : new Float64Array(length)

/**
 * Refuses values that plans must not be given.
 *
 * @example
 * ```ts
 * requireFinite([5, 1, Number.NaN], regularShape(1, 3), 'scores') // throws 'scores: row 0, index 2 is NaN'
 * ```
 *
 * @param what the values are, for the message
 * @throws RankBenchError(value) naming row and index of the first NaN or infinite entry, and on values of another length
 */
export function requireFinite(values: ArrayLike<number>, shape: Shape, what: string): void {
  requireShape(shape)
  if (values.length !== itemCount(shape)) {
    throw valueError(`${what}: ${values.length} entries; expected ${itemCount(shape)}, as the shape`)
  }
  for (let q = 0; q < rowCount(shape); q++) {
    const start = shape.offsets[q]
    for (let i = start; i < shape.offsets[q + 1]; i++) {
      if (Number.isFinite(values[i])) continue
      throw valueError(`${what}: row ${q}, index ${i - start} is ${values[i]}; expected a finite number`)
    }
  }
}
