/**
 * Operators over a relaxed permutation P (rows = positions) that is computed one row at a time:
 *
 *   matrix  P     sort  P x     rank  P^T (1, ..., n)     topk  the sum of the first k rows
 *
 * All but the matrix stream the rows through one scratch row, forward and backward, so their memory is O(n).
 */

import type { OperatorSpec, Promises, Softness } from '../../core/method.ts'
import type { ParamSpace, Params } from '../../core/params.ts'
import { argsort, argsortWork } from '../numerics/argsort.ts'
import { direction, topkCount } from './declared-params.ts'
import { type Declared, itemOperator, type MakeRow, matrixOperator, type Row, type RowPasses } from './row-plan.ts'

/** The rows of P for the current x. Row i sits at p[at] up to p[at + n]. */
export interface PermutationRows {
  /** What all rows share; call once after x changed. */
  prepare(): void
  /** Writes row i. */
  row(i: number, p: Float64Array, at: number): void
  /** Adds the gradient of sum_j u[at + j] P_ij, given row i in p, to what `finish` will write. */
  pullRow(i: number, p: Float64Array, u: Float64Array, at: number): void
  /** Writes the gradient of all rows pulled since the last finish. */
  finish(xBar: Float64Array): void
  /** Forward mode along xDot: what all rows share; call before `pushRow`. */
  preparePush(xDot: Float64Array): void
  /** Writes the derivative of row i to pDot[at] up to pDot[at + n], given row i in p at the same place. */
  pushRow(i: number, p: Float64Array, pDot: Float64Array, at: number): void
  /**
   * Adds the derivative, along the direction of `preparePush`, of what `pullRow` adds to what `finish` will write, given row i
   * in p, its derivative in pDot, u, and the derivative of u in uDot, all from 0 on.
   */
  bendRow?(i: number, p: Float64Array, pDot: Float64Array, u: Float64Array, uDot: Float64Array): void
  /** The logarithm of row i to l[at] up to l[at + n], however small its entries; where a family has it. */
  logRow?(i: number, l: Float64Array, at: number): void
  /** Adds the gradient of sum_j u[at + j] log P_ij, given the logarithm of row i in l, to what `finish` will write. */
  pullLogRow?(i: number, l: Float64Array, u: Float64Array, at: number): void
  /** Writes the derivative of log row i, given it in l at the same place. */
  pushLogRow?(i: number, l: Float64Array, lDot: Float64Array, at: number): void
  /** Adds the derivative of what `pullLogRow` adds, u held. */
  bendLogRow?(i: number, l: Float64Array, u: Float64Array, at: number): void
}

/** `params.direction` says which end is row 0. Called with a softness above 0 only. */
export type MakePermutationRows = (x: Float64Array, params: Params) => PermutationRows

/** The limit of softness 0: P is the permutation of the stable sort, a constant almost everywhere. */
export const hardRows: MakePermutationRows = (x, params) => {
  const order = new Uint32Array(x.length)
  const work = argsortWork(x.length)
  return {
    prepare: () => argsort(x, order, params.direction === 'descending', work),
    row(i, p, at) {
      p.fill(0, at, at + x.length)
      p[at + order[i]] = 1
    },
    pullRow() {},
    finish: (xBar) => void xBar.fill(0),
    preparePush() {},
    pushRow: (_, __, pDot, at) => void pDot.fill(0, at, at + x.length),
    bendRow() {},
  }
}

/** `bend` of an operator whose row i has upstream gradient u, written by `upstream`, which does not move with x. */
function bendRows(
  rows: PermutationRows,
  n: number,
  count: number,
  upstream: (i: number, u: Float64Array) => void,
): NonNullable<RowPasses['bend']> {
  const [p, pDot, u, still] = Array.from({ length: 4 }, () => new Float64Array(n))
  return (xDot, xBarDot) => {
    rows.preparePush(xDot)
    for (let i = 0; i < count; i++) {
      rows.row(i, p, 0)
      rows.pushRow(i, p, pDot, 0)
      upstream(i, u)
      rows.bendRow!(i, p, pDot, u, still)
    }
    rows.finish(xBarDot)
  }
}

const matrixRow =
  (make: MakePermutationRows): MakeRow =>
  ({ x, y, yBar, xBar }, params) => {
    const rows = make(x, params)
    const n = x.length
    return {
      forward() {
        rows.prepare()
        for (let i = 0; i < n; i++) rows.row(i, y, i * n)
      },
      backward() {
        for (let i = 0; i < n; i++) rows.pullRow(i, y, yBar, i * n)
        rows.finish(xBar)
      },
      push(xDot, yDot) {
        rows.preparePush(xDot)
        for (let i = 0; i < n; i++) rows.pushRow(i, y, yDot, i * n)
      },
      ...(rows.bendRow && {
        bend: bendRows(rows, n, n, (i, u) => u.set(yBar.subarray(i * n, (i + 1) * n))),
      }),
    }
  }

/** log P; `make` has the logarithms of its rows. */
const logMatrixRow =
  (make: MakePermutationRows): MakeRow =>
  ({ x, y, yBar, xBar }, params) => {
    const rows = make(x, params)
    const n = x.length
    return {
      forward() {
        rows.prepare()
        for (let i = 0; i < n; i++) rows.logRow!(i, y, i * n)
      },
      backward() {
        for (let i = 0; i < n; i++) rows.pullLogRow!(i, y, yBar, i * n)
        rows.finish(xBar)
      },
      ...(rows.pushLogRow && {
        push(xDot: Float64Array, yDot: Float64Array) {
          rows.preparePush(xDot)
          for (let i = 0; i < n; i++) rows.pushLogRow!(i, y, yDot, i * n)
        },
      }),
      ...(rows.bendLogRow && {
        bend(xDot: Float64Array, xBarDot: Float64Array) {
          rows.preparePush(xDot)
          for (let i = 0; i < n; i++) rows.bendLogRow!(i, y, yBar, i * n)
          rows.finish(xBarDot)
        },
      }),
    }
  }

/** y_i = sum_j P_ij x_j. */
const sortRow =
  (make: MakePermutationRows): MakeRow =>
  ({ x, y, yBar, xBar }, params) => {
    const rows = make(x, params)
    const n = x.length
    const [p, u, direct] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
    return {
      forward() {
        rows.prepare()
        for (let i = 0; i < n; i++) {
          rows.row(i, p, 0)
          y[i] = 0
          for (let j = 0; j < n; j++) y[i] += p[j] * x[j]
          // What rounding of large values left over; the gradient lives on differences from y.
          let rest = 0
          for (let j = 0; j < n; j++) rest += p[j] * (x[j] - y[i])
          y[i] += rest
        }
      },
      backward() {
        direct.fill(0)
        for (let i = 0; i < n; i++) {
          rows.row(i, p, 0)
          for (let j = 0; j < n; j++) {
            direct[j] += yBar[i] * p[j]
            // The upstream gradient of P_ij is yBar_i x_j. A row sums to 1, so any constant may be taken off;
            // y_i leaves numbers of the size of the spread of x, whatever offset x has.
            u[j] = yBar[i] * (x[j] - y[i])
          }
          rows.pullRow(i, p, u, 0)
        }
        rows.finish(xBar)
        for (let j = 0; j < n; j++) xBar[j] += direct[j]
      },
      push(xDot, yDot) {
        rows.preparePush(xDot)
        for (let i = 0; i < n; i++) {
          rows.row(i, p, 0)
          rows.pushRow(i, p, u, 0)
          yDot[i] = 0
          for (let j = 0; j < n; j++) yDot[i] += p[j] * xDot[j] + u[j] * (x[j] - y[i])
        }
      },
      ...(rows.bendRow && { bend: bendSort({ x, y, yBar }, rows) }),
    }
  }

/** In a sort what is upstream of row i moves with x and y_i, and the row itself reaches x without P. */
function bendSort(
  { x, y, yBar }: Pick<Row, 'x' | 'y' | 'yBar'>,
  rows: PermutationRows,
): NonNullable<RowPasses['bend']> {
  const n = x.length
  const [p, pDot, u, uDot, direct] = Array.from({ length: 5 }, () => new Float64Array(n))
  return (xDot, xBarDot) => {
    direct.fill(0)
    rows.preparePush(xDot)
    for (let i = 0; i < n; i++) {
      rows.row(i, p, 0)
      rows.pushRow(i, p, pDot, 0)
      let yDot = 0
      for (let j = 0; j < n; j++) yDot += p[j] * xDot[j] + pDot[j] * (x[j] - y[i])
      for (let j = 0; j < n; j++) {
        direct[j] += yBar[i] * pDot[j]
        u[j] = yBar[i] * (x[j] - y[i])
        uDot[j] = yBar[i] * (xDot[j] - yDot)
      }
      rows.bendRow!(i, p, pDot, u, uDot)
    }
    rows.finish(xBarDot)
    for (let j = 0; j < n; j++) xBarDot[j] += direct[j]
  }
}

/** r_j = sum_i i P_ij. */
const rankRow =
  (make: MakePermutationRows): MakeRow =>
  ({ x, y, yBar, xBar }, params) => {
    const rows = make(x, params)
    const n = x.length
    const [p, u] = [new Float64Array(n), new Float64Array(n)]
    return {
      forward() {
        rows.prepare()
        y.fill(0)
        for (let i = 0; i < n; i++) {
          rows.row(i, p, 0)
          for (let j = 0; j < n; j++) y[j] += (i + 1) * p[j]
        }
      },
      backward() {
        for (let i = 0; i < n; i++) {
          rows.row(i, p, 0)
          for (let j = 0; j < n; j++) u[j] = (i + 1) * yBar[j]
          rows.pullRow(i, p, u, 0)
        }
        rows.finish(xBar)
      },
      push(xDot, yDot) {
        rows.preparePush(xDot)
        yDot.fill(0)
        for (let i = 0; i < n; i++) {
          rows.row(i, p, 0)
          rows.pushRow(i, p, u, 0)
          for (let j = 0; j < n; j++) yDot[j] += (i + 1) * u[j]
        }
      },
      ...(rows.bendRow && {
        bend: bendRows(rows, n, n, (i, u) => {
          for (let j = 0; j < n; j++) u[j] = (i + 1) * yBar[j]
        }),
      }),
    }
  }

/** m_j = sum over the first k rows of P_ij; a last part of a row when k is no whole number. */
const topkRow =
  (make: MakePermutationRows): MakeRow =>
  ({ x, y, yBar, xBar }, params) => {
    const rows = make(x, params)
    const n = x.length
    const k = Math.min(n, params.k as number)
    const [p, u] = [new Float64Array(n), new Float64Array(n)]
    /** All items are selected, whatever their order; the columns of P need not say so. */
    const all = k >= n
    const shareOf = (i: number) => Math.min(1, k - i)
    return {
      forward() {
        if (all) return void y.fill(1)
        rows.prepare()
        y.fill(0)
        for (let i = 0; i < k; i++) {
          rows.row(i, p, 0)
          for (let j = 0; j < n; j++) y[j] += shareOf(i) * p[j]
        }
      },
      backward() {
        if (all) return void xBar.fill(0)
        for (let i = 0; i < k; i++) {
          rows.row(i, p, 0)
          for (let j = 0; j < n; j++) u[j] = shareOf(i) * yBar[j]
          rows.pullRow(i, p, u, 0)
        }
        rows.finish(xBar)
      },
      push(xDot, yDot) {
        yDot.fill(0)
        if (all) return
        rows.preparePush(xDot)
        for (let i = 0; i < k; i++) {
          rows.row(i, p, 0)
          rows.pushRow(i, p, u, 0)
          for (let j = 0; j < n; j++) yDot[j] += shareOf(i) * u[j]
        }
      },
      ...(rows.bendRow && {
        bend: all
          ? (_: Float64Array, xBarDot: Float64Array) => void xBarDot.fill(0)
          : bendRows(rows, n, Math.ceil(k), (i, u) => {
              for (let j = 0; j < n; j++) u[j] = shareOf(i) * yBar[j]
            }),
      }),
    }
  }

/** What a family of relaxed permutations says of all its operators. */
interface PermutationDeclaration {
  /** Declares the parameters; direction is added as the last one. */
  readonly params: ParamSpace
  readonly softness: (params: Params) => Softness
  /** `rows`: every position is a mixture of items. `rows and columns`: every item is shared out once as well. */
  readonly stochastic: 'rows' | 'rows and columns'
  /** The rows at softness 0; default: the hard permutation of the values. */
  readonly hardRows?: MakePermutationRows
  /** The soft rows have logarithms. */
  readonly logarithms?: true
  /** Overrides what is promised of all operators. */
  readonly instead?: (params: Params) => Promises
  /** What else is promised of one operator. */
  readonly also?: Partial<Readonly<Record<'sort' | 'rank' | 'matrix' | 'topk', Promises>>>
}

/**
 * The operators of a relaxed permutation: ascending by default for sort and rank, descending for matrix (row 1 =
 * largest, as the papers print it) and topk (the largest are selected). At softness 0 they are the hard operators.
 */
export function permutationOperators(
  declaration: PermutationDeclaration,
  makeSoft: MakePermutationRows,
): {
  readonly sort: OperatorSpec
  readonly rank: OperatorSpec
  readonly matrix: OperatorSpec
  readonly topk: OperatorSpec
} {
  const { stochastic, softness, also } = declaration
  const isHard = (params: Params) => params[softness(params).param] === 0
  const makeHard = declaration.hardRows ?? hardRows
  const make: MakePermutationRows = (x, params) => (isHard(params) ? makeHard : makeSoft)(x, params)
  const declare = (preset: 'ascending' | 'descending', memory: 'n' | 'n^2', promises: Promises): Declared => ({
    params: { ...declaration.params, direction: direction(preset) },
    growth: { forward: 'n^2', backward: 'n^2', memory },
    gradient: 'exact',
    promises: (params) => ({
      softness: softness(params),
      hardLimit: true,
      ...promises,
      // The hard permutation takes tied items one after another.
      ...(isHard(params) && ({ ties: 'by position', monotone: true } as const)),
      ...declaration.instead?.(params),
    }),
  })
  const both = stochastic === 'rows and columns'
  const matrix = declare('descending', 'n^2', { shift: 'stays', stochastic, ...also?.matrix })
  const topk = declare('descending', 'n', { shift: 'stays', sum: 'k', ...also?.topk })
  return {
    sort: itemOperator(
      declare('ascending', 'n', {
        shift: 'moves',
        ...(both && { sum: 'values', majorised: true }),
        ...also?.sort,
      }),
      sortRow(make),
    ),
    rank: itemOperator(declare('ascending', 'n', { shift: 'stays', sum: 'ranks', ...also?.rank }), rankRow(make)),
    matrix: {
      ...matrixOperator(matrix, matrixRow(make)),
      ...(declaration.logarithms && {
        logarithm: (params: Params) => (isHard(params) ? undefined : matrixOperator(matrix, logMatrixRow(makeSoft))),
      }),
    },
    topk: itemOperator({ ...topk, params: { k: topkCount, ...topk.params } }, topkRow(make)),
  }
}
