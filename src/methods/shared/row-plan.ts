/** Plans of operators that treat every row alone: a kernel a row, on views that exist from plan time. */

import { valueError } from '../../core/errors.ts'
import type { OperatorSpec, Plan } from '../../core/method.ts'
import type { Params } from '../../core/params.ts'
import { itemCount, type Precision, rowCount, type Shape } from '../../core/shape.ts'
import { load, precisionBuffer, store } from './precision-buffer.ts'

/** One row of n items: input, output, gradient in the output (given), gradient in the input (to be written). */
export interface Row {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly yBar: Float64Array
  readonly xBar: Float64Array
}

export interface RowKernel {
  /** y from x. */
  forward(): void
  /** xBar from yBar, at the x of the last forward. Overwrites, does not accumulate. */
  backward(): void
}

/** Allocates everything a row needs; the kernel's passes allocate nothing. */
export type MakeRow = (row: Row, params: Params) => RowKernel

/** Entries of the output of a row of n items. */
type OutputLength = (n: number) => number

const mostMatrixEntries = 2 ** 28

const perItem: OutputLength = (n) => n
const perPair: OutputLength = (n) => n * n

function outputOffsets(shape: Shape, outputLength: OutputLength): number[] {
  const offsets = [0]
  for (let q = 0; q < rowCount(shape); q++) {
    offsets.push(offsets[q] + outputLength(shape.offsets[q + 1] - shape.offsets[q]))
  }
  return offsets
}

function planRows(shape: Shape, precision: Precision, offsets: readonly number[], make: (row: Row) => RowKernel): Plan {
  const [items, entries] = [itemCount(shape), offsets[offsets.length - 1]]
  const values = precisionBuffer(precision, items)
  const gradient = precisionBuffer(precision, items)
  const output = precisionBuffer(precision, entries)
  const cotangent = precisionBuffer(precision, entries)
  const kernels = Array.from({ length: rowCount(shape) }, (_, q) =>
    make({
      x: values.inner.subarray(shape.offsets[q], shape.offsets[q + 1]),
      xBar: gradient.inner.subarray(shape.offsets[q], shape.offsets[q + 1]),
      y: output.inner.subarray(offsets[q], offsets[q + 1]),
      yBar: cotangent.inner.subarray(offsets[q], offsets[q + 1]),
    }),
  )
  return {
    values: values.outer,
    labels: undefined,
    output: output.outer,
    cotangent: cotangent.outer,
    gradient: gradient.outer,
    forward() {
      load(values)
      for (let q = 0; q < kernels.length; q++) kernels[q].forward()
      store(output)
    },
    backward() {
      load(cotangent)
      for (let q = 0; q < kernels.length; q++) kernels[q].backward()
      store(gradient)
    },
    // Nothing but memory is held; the collector frees it.
    dispose() {},
  }
}

type Declared = Omit<OperatorSpec, 'plan'>

/** A sort or rank operator: one output entry an item. */
export const itemOperator = (declared: Declared, make: MakeRow): OperatorSpec => ({
  ...declared,
  plan: (shape, params, precision) =>
    planRows(shape, precision, outputOffsets(shape, perItem), (row) => make(row, params)),
})

/**
 * A matrix operator: n*n output entries a row of n items.
 * Its plan throws RankBenchError(value) when the whole output would exceed 2^28 entries.
 */
export const matrixOperator = (declared: Declared, make: MakeRow): OperatorSpec => ({
  ...declared,
  plan(shape, params, precision) {
    const offsets = outputOffsets(shape, perPair)
    const entries = offsets[offsets.length - 1]
    if (entries > mostMatrixEntries) {
      throw valueError(
        `a relaxed permutation of these rows has ${entries} entries; expected at most 2^28`,
        'use the sort or rank operator of the same method: it computes the matrix row by row and never stores it',
      )
    }
    return planRows(shape, precision, offsets, (row) => make(row, params))
  },
})
