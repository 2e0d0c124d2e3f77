/** How the flat output of a plan is nested for the caller, and a cotangent of that nesting made flat. */

import { valueError } from '../core/errors.ts'
import type { Ref } from '../core/selector.ts'
import type { Precision } from '../core/shape.ts'
import { cut, type Flat, flatten, requireLengths, rowLengths, rowsOf } from '../methods/kit/nesting.ts'

/** A number or nested lists of numbers. */
export type Numbers = number | readonly Numbers[] | ArrayLike<number>

export interface Nesting {
  flatten(cotangent: unknown, precision: Precision): Flat
  nest(output: ArrayLike<number>): Numbers
}

export const nestingOf = (ref: Ref, values: Flat): Nesting => {
  if (ref.name.startsWith('quantile:')) return rowNesting(values.batched, values)
  if (ref.name.startsWith('loss:')) return rowNesting(ref.params.reduction === 'none' && values.batched, values)
  return ref.name.startsWith('matrix:') ? matrixNesting(values) : itemNesting(values)
}

export function itemNesting({ shape, batched }: Flat): Nesting {
  const lengths = rowLengths(shape)
  return {
    flatten(cotangent, precision) {
      const flat = flatten(cotangent, 'cotangent', precision)
      requireLengths(flat, lengths, 'cotangent', 'the output')
      return flat
    },
    nest: (output) => (batched ? cut(output, lengths) : cut(output, lengths)[0]),
  }
}

/** The rows of all matrices below each other. */
function matrixNesting({ shape, batched }: Flat): Nesting {
  const sizes = rowLengths(shape)
  const lengths = sizes.flatMap((n) => Array<number>(n).fill(n))
  return {
    flatten(cotangent, precision) {
      const { rows } = rowsOf(cotangent, 'cotangent')
      if (batched && rows.length !== sizes.length) {
        throw valueError(`cotangent: ${rows.length} matrices; expected ${sizes.length}, one a row of values`)
      }
      const all = batched ? rows.flatMap((matrix) => Array.from(matrix)) : rows
      const flat = flatten(all, 'cotangent', precision)
      requireLengths(flat, lengths, 'cotangent', 'the rows of the output')
      return flat
    },
    nest(output) {
      const rows = cut(output, lengths)
      return batched ? sizes.map((n) => rows.splice(0, n)) : rows
    },
  }
}

/** A number, or one a row. */
function rowNesting(separate: boolean, { shape }: Flat): Nesting {
  const expected = separate ? shape.offsets.length - 1 : 1
  return {
    flatten(cotangent, precision) {
      if (separate === (typeof cotangent === 'number')) {
        throw valueError(
          `cotangent: expected ${separate ? 'a list with one number a row' : 'one number, as the output is'}`,
        )
      }
      const flat = flatten(typeof cotangent === 'number' ? [cotangent] : cotangent, 'cotangent', precision)
      if (flat.numbers.length !== expected) {
        throw valueError(`cotangent: ${flat.numbers.length} entries; expected ${expected}, one a row`)
      }
      return flat
    },
    nest: (output) => (separate ? Array.from(output) : (output[0] ?? 0)),
  }
}
