/** Plans of operators that treat every row alone: passes of its own for each, on views that exist from plan time. */

import { valueError } from '../../core/errors.ts'
import type { CurvaturePass, OperatorSpec, Plan, TangentPass } from '../../core/method.ts'
import { outputLength } from '../../core/operators.ts'
import type { Params } from '../../core/params.ts'
import { itemCount, outputOffsets, type Precision, rowCount, type Shape } from '../../core/shape.ts'
import { requireWeights } from './loss-checks.ts'
import { load, type PrecisionBuffer, precisionBuffer, store } from './precision-buffer.ts'

/** One row of n items: input, output, gradient in the output (given), gradient in the input (to be written). */
export interface Row {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly yBar: Float64Array
  readonly xBar: Float64Array
  /** Item weights; 1 unless the operator takes weights and the caller wrote some. */
  readonly weights: Float64Array
}

export interface RowPasses {
  /** y from x. */
  forward(): void
  /** xBar from yBar, at the x of the last forward. Overwrites, does not accumulate. */
  backward(): void
  /** Forward mode: the derivative of y along xDot, at the x of the last forward, written to yDot. */
  push?(xDot: Float64Array, yDot: Float64Array): void
  /** The derivative of xBar along xDot at the x of the last forward, yBar held, written to xBarDot. */
  bend?(xDot: Float64Array, xBarDot: Float64Array): void
  /** Facts about the last forward, e.g. the residual of an iteration; the same names in every row of a plan. */
  readonly facts?: Readonly<Record<string, () => number>>
}

/** Allocates everything a row needs; its passes allocate nothing. */
export type MakeRow = (row: Row, params: Params) => RowPasses

const mostMatrixEntries = 2 ** 28

const perItem = (n: number): number => outputLength('sort', n)
const perPair = (n: number): number => outputLength('matrix', n)
const perRow = (n: number): number => outputLength('quantile', n)

/** The forward-mode pass of all rows; every row can `push`. */
function tangentPass(
  passes: readonly RowPasses[],
  shape: Shape,
  offsets: readonly number[],
  precision: Precision,
): () => TangentPass {
  let pass: TangentPass | undefined
  const create = (): TangentPass => {
    const input = precisionBuffer(precision, itemCount(shape))
    const output = precisionBuffer(precision, offsets[offsets.length - 1])
    const inputs = passes.map((_, q) => input.inner.subarray(shape.offsets[q], shape.offsets[q + 1]))
    const outputs = passes.map((_, q) => output.inner.subarray(offsets[q], offsets[q + 1]))
    return {
      input: input.outer,
      output: output.outer,
      run() {
        load(input)
        for (let q = 0; q < passes.length; q++) passes[q].push!(inputs[q], outputs[q])
        store(output)
      },
    }
  }
  return () => {
    pass ??= create()
    return pass
  }
}

/** Second derivatives of all rows; every row can `bend`. */
function curvaturePass(
  passes: readonly RowPasses[],
  { offsets }: Shape,
  cotangent: PrecisionBuffer,
  precision: Precision,
): () => CurvaturePass {
  let pass: CurvaturePass | undefined
  const create = (): CurvaturePass => {
    const [input, output] = Array.from({ length: 2 }, () => precisionBuffer(precision, offsets[offsets.length - 1]))
    const rowsOf = ({ inner }: PrecisionBuffer) => passes.map((_, q) => inner.subarray(offsets[q], offsets[q + 1]))
    const [inputs, outputs] = [rowsOf(input), rowsOf(output)]
    return {
      input: input.outer,
      output: output.outer,
      run() {
        load(input)
        load(cotangent)
        for (let q = 0; q < passes.length; q++) passes[q].bend!(inputs[q], outputs[q])
        store(output)
      },
    }
  }
  return () => {
    pass ??= create()
    return pass
  }
}

/** One array a fact, one entry a row, brought up to date by `read`. */
function diagnosticsOf(passes: readonly RowPasses[]) {
  const names = Object.keys(passes[0]?.facts ?? {})
  const arrays = Object.fromEntries(names.map((name) => [name, new Float64Array(passes.length)]))
  const read = () => {
    for (const name of names) for (let q = 0; q < passes.length; q++) arrays[name][q] = passes[q].facts![name]()
  }
  return { arrays: names.length > 0 ? arrays : undefined, read }
}

function planRows(
  shape: Shape,
  precision: Precision,
  offsets: readonly number[],
  weighted: boolean,
  make: (row: Row) => RowPasses,
): Plan {
  const [items, entries] = [itemCount(shape), offsets[offsets.length - 1]]
  const values = precisionBuffer(precision, items)
  const gradient = precisionBuffer(precision, items)
  const output = precisionBuffer(precision, entries)
  const cotangent = precisionBuffer(precision, entries)
  const weights = precisionBuffer(weighted ? precision : 'f64', items)
  weights.outer.fill(1)
  const passes = Array.from({ length: rowCount(shape) }, (_, q) => {
    const [start, end] = [shape.offsets[q], shape.offsets[q + 1]]
    return make({
      x: values.inner.subarray(start, end),
      xBar: gradient.inner.subarray(start, end),
      weights: weights.inner.subarray(start, end),
      y: output.inner.subarray(offsets[q], offsets[q + 1]),
      yBar: cotangent.inner.subarray(offsets[q], offsets[q + 1]),
    })
  })
  const diagnostics = diagnosticsOf(passes)
  return {
    values: values.outer,
    labels: undefined,
    weights: weighted ? weights.outer : undefined,
    output: output.outer,
    cotangent: cotangent.outer,
    gradient: gradient.outer,
    diagnostics: diagnostics.arrays,
    forward() {
      load(values)
      if (weighted) {
        load(weights)
        requireWeights(weights.inner, shape)
      }
      for (let q = 0; q < passes.length; q++) passes[q].forward()
      store(output)
      diagnostics.read()
    },
    backward() {
      load(cotangent)
      for (let q = 0; q < passes.length; q++) passes[q].backward()
      store(gradient)
    },
    ...(passes.every((each) => each.push) && { tangents: tangentPass(passes, shape, offsets, precision) }),
    ...(passes.every((each) => each.bend) && { curvature: curvaturePass(passes, shape, cotangent, precision) }),
    // Nothing but memory is held; the collector frees it.
    dispose() {},
  }
}

export type Declared = Omit<OperatorSpec, 'plan'>

/** A sort, rank or topk operator: one output entry an item. */
export const itemOperator = (declared: Declared, make: MakeRow): OperatorSpec => ({
  ...declared,
  plan: (shape, params, precision) =>
    planRows(shape, precision, outputOffsets(shape, perItem), declared.weighted ?? false, (row) => make(row, params)),
})

/** An operator with one number a row, e.g. a quantile. An empty row sees n = 0 and writes y[0]. */
export const scalarOperator = (declared: Declared, make: MakeRow): OperatorSpec => ({
  ...declared,
  plan: (shape, params, precision) =>
    planRows(shape, precision, outputOffsets(shape, perRow), declared.weighted ?? false, (row) => make(row, params)),
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
    return planRows(shape, precision, offsets, declared.weighted ?? false, (row) => make(row, params))
  },
})
