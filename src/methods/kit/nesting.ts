/** Nested lists of a caller to flat ragged numbers, checked, and back. */

import { valueError } from '../../core/errors.ts'
import { type Precision, raggedShape, type Shape } from '../../core/shape.ts'

/** A list of numbers: an array or a typed array. */
export type Row = ArrayLike<number>
/** One row, or a batch of rows of any lengths. */
export type Values = Row | readonly Row[]

/** The nesting of results: a row for a row, a list of rows for a batch. */
export type Nested<V extends Values> = V extends readonly Row[] ? number[][] : number[]

export interface Flat {
  readonly shape: Shape
  readonly numbers: Float64Array
  /** Given as rows, not as one row of numbers. */
  readonly batched: boolean
}

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))

const show = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value) : isList(value) ? 'a list' : String(value)

/** @throws RankBenchError(value) unless `value` is a finite number that `precision` can hold. */
export function requireNumber(value: unknown, precision: Precision, where: () => string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw valueError(`${where()} is ${show(value)}; expected a finite number`)
  }
  if (precision === 'f32' && !Number.isFinite(Math.fround(value))) {
    throw valueError(
      `${where()} is ${value}; expected a number that f32 can hold (at most 3.4e38)`,
      'use precision f64',
    )
  }
  return value
}

/** The rows of a batch, or a single row as a batch of one. `[]` is a batch of no rows. */
export function rowsOf(input: unknown, what: string): { rows: ArrayLike<unknown>[]; batched: boolean } {
  if (!isList(input)) throw valueError(`${what}: ${show(input)} is not a list; expected numbers, or rows of numbers`)
  const batched = input.length === 0 ? Array.isArray(input) : isList(input[0])
  if (!batched) return { rows: [input], batched }
  const rows = Array.from(input, (row, q) => {
    if (!isList(row)) throw valueError(`${what}: row ${q} is ${show(row)}; expected a list, as row 0 is one`)
    return row
  })
  return { rows, batched }
}

/** @throws RankBenchError(value) naming row and index of the first entry that is no finite number. */
export function flatten(input: unknown, what: string, precision: Precision): Flat {
  const { rows, batched } = rowsOf(input, what)
  const shape = raggedShape(rows.map((row) => row.length))
  const numbers = new Float64Array(shape.offsets[rows.length])
  for (let q = 0; q < rows.length; q++) {
    for (let i = 0; i < rows[q].length; i++) {
      numbers[shape.offsets[q] + i] = requireNumber(rows[q][i], precision, () => `${what}: row ${q}, index ${i}`)
    }
  }
  return { shape, numbers, batched }
}

/** @throws RankBenchError(value) unless `flat` has rows of exactly these lengths, `owner` being what has them. */
export function requireLengths(flat: Flat, lengths: readonly number[], what: string, owner: string): void {
  const { offsets } = flat.shape
  if (offsets.length - 1 !== lengths.length) {
    throw valueError(`${what}: ${offsets.length - 1} rows; expected ${lengths.length}, one for each of ${owner}`)
  }
  for (let q = 0; q < lengths.length; q++) {
    const found = offsets[q + 1] - offsets[q]
    if (found === lengths[q]) continue
    throw valueError(`${what}: row ${q} has ${found} entries; expected ${lengths[q]}, as ${owner}`)
  }
}

/** Consecutive pieces of `numbers` of the given lengths. */
export function cut(numbers: ArrayLike<number>, lengths: readonly number[]): number[][] {
  let at = 0
  return lengths.map((length) => {
    const start = at
    at += length
    return Array.from({ length }, (_, i) => numbers[start + i])
  })
}
