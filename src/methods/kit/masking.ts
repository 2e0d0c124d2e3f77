/** Masks over nested rows: absent items are left out before an operator runs and come back as 0 after it. */

import { valueError } from '../../core/errors.ts'
import { exhaustive, factsOf, type Operator } from '../../core/operators.ts'
import type { Precision } from '../../core/shape.ts'
import { requireNumber, rowsOf } from './nesting.ts'

/** True where an item is present; nested as the values. */
export type Mask = ArrayLike<boolean> | readonly ArrayLike<boolean>[]

/** The positions of the present items of every row, and the full length of every row. */
export interface Kept {
  readonly positions: readonly (readonly number[])[]
  readonly lengths: readonly number[]
  readonly batched: boolean
}

/** @throws RankBenchError(value) on a mask of another shape than `values`, or with entries that are not booleans. */
export function readMask(mask: unknown, values: unknown): Kept {
  const { rows, batched } = rowsOf(values, 'values')
  const flags = rowsOf(mask, 'mask').rows
  if (flags.length !== rows.length)
    throw valueError(`mask: ${flags.length} rows; expected ${rows.length}, as the values`)
  const positions = rows.map((row, q) => {
    if (flags[q].length !== row.length) {
      throw valueError(`mask: row ${q} has ${flags[q].length} entries; expected ${row.length}, as the values`)
    }
    return presentIn(flags[q], q)
  })
  return { positions, lengths: rows.map((row) => row.length), batched }
}

function presentIn(flags: ArrayLike<unknown>, q: number): number[] {
  const positions: number[] = []
  for (let i = 0; i < flags.length; i++) {
    if (typeof flags[i] !== 'boolean')
      throw valueError(`mask: row ${q}, index ${i} is ${flags[i]}; expected true or false`)
    if (flags[i]) positions.push(i)
  }
  return positions
}

type RowMap = (row: ArrayLike<unknown>, q: number) => unknown

const eachRow = (kept: Kept, nested: ArrayLike<unknown>, map: RowMap): unknown =>
  kept.batched ? Array.from(nested, (row, q) => map(row as ArrayLike<unknown>, q)) : map(nested, 0)

/** @throws RankBenchError(value) when `nested` has not the rows and lengths of the mask. */
function requireShape(kept: Kept, nested: unknown, what: string): ArrayLike<unknown> {
  const { rows } = rowsOf(nested, what)
  const wrong = rows.findIndex((row, q) => row.length !== kept.lengths[q])
  if (rows.length !== kept.lengths.length) {
    throw valueError(`${what}: ${rows.length} rows; expected ${kept.lengths.length}, as the mask`)
  }
  if (wrong < 0) return nested as ArrayLike<unknown>
  throw valueError(
    `${what}: row ${wrong} has ${rows[wrong].length} entries; expected ${kept.lengths[wrong]}, as the mask`,
  )
}

/** The present items, checked here because positions in an error must be those of the caller. */
export function gatherItems(kept: Kept, nested: unknown, what: string, precision: Precision): unknown {
  return eachRow(kept, requireShape(kept, nested, what), (row, q) =>
    kept.positions[q].map((i) => requireNumber(row[i], precision, () => `${what}: row ${q}, index ${i}`)),
  )
}

/** Each present item at its own position, 0 elsewhere. */
export const scatterItems = (kept: Kept, nested: unknown): unknown =>
  eachRow(kept, nested as ArrayLike<unknown>, (row, q) =>
    spread(row as ArrayLike<number>, kept.positions[q], kept.lengths[q]),
  )

function spread(row: ArrayLike<number>, positions: readonly number[], length: number): number[] {
  const full = Array<number>(length).fill(0)
  for (let k = 0; k < positions.length; k++) full[positions[k]] = row[k]
  return full
}

/** Positions of a sorted row are no items: the k present values come first, 0 after them. */
const pad = (row: ArrayLike<number>, length: number): number[] =>
  Array.from({ length }, (_, i) => (i < row.length ? row[i] : 0))

type MatrixRows = ArrayLike<ArrayLike<number>>

/** k rows of positions come first, columns are items; 0 elsewhere. */
const spreadMatrix = (rows: MatrixRows, positions: readonly number[], length: number): number[][] =>
  Array.from({ length }, (_, i) =>
    spread(i < positions.length ? rows[i] : [], i < positions.length ? positions : [], length),
  )

/** The output over present items, laid out as if all items were there. */
export function scatterOutput(operator: Operator, kept: Kept, output: unknown): unknown {
  const facts = factsOf(operator)
  const rows = output as ArrayLike<unknown>
  switch (facts.output) {
    case 'row':
    case 'list':
      return output
    case 'item':
      return facts.by === 'item'
        ? scatterItems(kept, output)
        : eachRow(kept, rows, (row, q) => pad(row as ArrayLike<number>, kept.lengths[q]))
    case 'pair':
      return eachRow(kept, rows, (row, q) => spreadMatrix(row as MatrixRows, kept.positions[q], kept.lengths[q]))
    default:
      return exhaustive(facts.output)
  }
}

/** The entries of a cotangent that belong to the output over present items. */
export function gatherCotangent(operator: Operator, kept: Kept, cotangent: unknown, precision: Precision): unknown {
  const facts = factsOf(operator)
  switch (facts.output) {
    case 'row':
    case 'list':
      return cotangent
    case 'item': {
      if (facts.by === 'item') return gatherItems(kept, cotangent, 'cotangent', precision)
      const checked = requireShape(kept, cotangent, 'cotangent')
      return eachRow(kept, checked, (row, q) => kept.positions[q].map((_, k) => row[k]))
    }
    case 'pair':
      return eachRow(kept, cotangent as ArrayLike<unknown>, (rows, q) => {
        const positions = kept.positions[q]
        return positions.map((_, k) => positions.map((i) => (rows[k] as ArrayLike<number>)[i]))
      })
    default:
      return exhaustive(facts.output)
  }
}
