/** How the flat output of a plan is nested for the caller, and a cotangent of that nesting made flat. */

import { valueError } from '../core/errors.ts'
import type { MethodRef } from '../core/method-ref.ts'
import { exhaustive, factsOf } from '../core/operators.ts'
import type { Params } from '../core/params.ts'
import { type Precision, rowLengths } from '../core/shape.ts'
import { cut, type Flat, flatten, requireLengths, rowsOf } from '../methods/kit/nesting.ts'
import { levelsOf } from '../methods/quantile/reference.ts'

/** A number or nested lists of numbers. */
export type Numbers = number | readonly Numbers[] | ArrayLike<number>

export interface Nesting {
  flatten(cotangent: unknown, precision: Precision): Flat
  nest(output: ArrayLike<number>): Numbers
}

export function nestingOf({ operator, params }: MethodRef, values: Flat): Nesting {
  const { output } = factsOf(operator)
  switch (output) {
    case 'item':
      return itemNesting(values)
    case 'pair':
      return matrixNesting(values)
    case 'row':
      return levelNesting(values, params)
    case 'list':
      return rowNesting(params.reduction === 'none' && values.batched, values)
    default:
      return exhaustive(output)
  }
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

/** A number a row, or as many as there are levels. */
function levelNesting(values: Flat, params: Params): Nesting {
  const { levels, separate } = levelsOf(params)
  if (!separate) return rowNesting(values.batched, values)
  const lengths = rowLengths(values.shape).map(() => levels.length)
  return {
    flatten(cotangent, precision) {
      const flat = flatten(cotangent, 'cotangent', precision)
      requireLengths(flat, lengths, 'cotangent', 'the levels')
      return flat
    },
    nest: (output) => (values.batched ? cut(output, lengths) : cut(output, lengths)[0]),
  }
}

const rowsOfOne = (cotangent: unknown): boolean =>
  (Array.isArray(cotangent) || ArrayBuffer.isView(cotangent)) && (cotangent as ArrayLike<unknown>).length === 1

/** A number, or one a row. A list of the one number will do. */
function rowNesting(separate: boolean, { shape }: Flat): Nesting {
  const expected = separate ? shape.offsets.length - 1 : 1
  return {
    flatten(cotangent, precision) {
      const isSingle = !separate && rowsOfOne(cotangent)
      if (separate === (typeof cotangent === 'number') && !isSingle) {
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
