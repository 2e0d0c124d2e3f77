/** Transport of the values of a row to its positions: costs, item masses and squashing around `transport`. */

import type { Params } from '../../core/params.ts'
import type { Row } from '../kit/row-plan.ts'
import { argsort, argsortWork } from '../numerics/argsort.ts'
import { noSquash, standardSquash } from './squash.ts'
import { transport } from './transport.ts'

/** Which marginal is exact however far the iteration came: rank answers mixtures of positions, sort of items. */
type Orientation = 'items are rows' | 'positions are rows'

interface SortingPlan {
  /** Row-major n * n: of an item over positions, or of a position over items. */
  readonly conditional: Float64Array
  forward(): void
  /** After `forward`, where items weigh alike: writes the logarithm of `conditional`, exact also where that is 0. */
  logarithm(out: Float64Array): void
  /** Gradient in `conditional`, or in its logarithm, overwritten, to gradient in x. */
  pull(gradient: Float64Array, xBar: Float64Array, ofLogarithm?: boolean): void
  /** Derivative of `conditional` along xDot. */
  push(xDot: Float64Array, tangent: Float64Array): void
  readonly facts: { readonly residual: () => number }
}

/** Weights over their sum; alike when they are all 0. */
function normalise(weights: Float64Array, mass: Float64Array): void {
  let max = 0
  let sum = 0
  for (const w of weights) max = Math.max(max, w)
  for (let i = 0; i < mass.length; i++) {
    mass[i] = max > 0 ? weights[i] / max : 1
    sum += mass[i]
  }
  for (let i = 0; i < mass.length; i++) mass[i] /= sum
}

/** 0 to 1 in equal steps, or from 1 to 0. */
const targetsOf = (n: number, descending: boolean): Float64Array =>
  Float64Array.from({ length: n }, (_, j) => (n > 1 ? (descending ? n - 1 - j : j) / (n - 1) : 0))

/** What masses are moved from or to: its order on the line, and its places there. */
interface Side {
  readonly order: Uint32Array
  readonly places: Float64Array
}

const between = (rows: Side, columns: Side, params: Params) =>
  transport(rows.order.length, {
    iterations: params.iterations as number,
    tolerance: params.tolerance as number,
    rowOrder: rows.order,
    columnOrder: columns.order,
    difference: differenceOf(rows.places, columns.places, params.cost === 'square', params.epsilon as number),
  })

/** How much more one row prefers a column to another than a second row does. */
function differenceOf(
  rowPlace: Float64Array,
  columnPlace: Float64Array,
  square: boolean,
  epsilon: number,
): (row: number, other: number, before: number, after: number) => number {
  if (square) return (r, o, a, b) => (2 * (rowPlace[r] - rowPlace[o]) * (columnPlace[b] - columnPlace[a])) / epsilon
  /** The place of row r, or the nearer of two columns where it is beyond both: there a detour costs all of their gap. */
  const nearer = (r: number, a: number, b: number) => Math.max(columnPlace[a], Math.min(columnPlace[b], rowPlace[r]))
  return (r, o, a, b) => (2 * (nearer(r, a, b) - nearer(o, a, b))) / epsilon
}

export function sortingPlan({ x, weights }: Row, params: Params, orientation: Orientation): SortingPlan {
  const n = x.length
  const epsilon = params.epsilon as number
  const square = params.cost === 'square'
  const targets = targetsOf(n, params.direction === 'descending')
  const byItem = orientation === 'items are rows'
  const itemOrder = new Uint32Array(n)
  const sortWork = argsortWork(n)
  const positionOrder = Uint32Array.from({ length: n }, (_, j) => (params.direction === 'descending' ? n - 1 - j : j))
  const itemMass = new Float64Array(n)
  const squash = params.squash === 'sigmoid' ? standardSquash(x, itemMass) : noSquash(x)
  const s = squash.output
  const items: Side = { order: itemOrder, places: s }
  const positions: Side = { order: positionOrder, places: targets }
  const solver = byItem ? between(items, positions, params) : between(positions, items, params)
  const change = new Float64Array(n)
  const at = (i: number, j: number) => (byItem ? i * n + j : j * n + i)
  ;(byItem ? solver.columnMass : solver.rowMass).fill(1 / n)

  /** d Z / d s_i, but for terms of i alone. */
  const slope = (i: number, j: number) => (square ? 2 * (targets[j] - 0.5) : Math.sign(targets[j] - s[i])) / epsilon

  return {
    conditional: solver.conditional,
    facts: { residual: solver.residual },
    forward() {
      normalise(weights, itemMass)
      ;(byItem ? solver.rowMass : solver.columnMass).set(itemMass)
      argsort(x, itemOrder, false, sortWork)
      if (epsilon === 0) return solver.solveHard()
      squash.forward()
      solver.solve()
    },
    logarithm: solver.solveLogarithm,
    pull(gradient, xBar, ofLogarithm) {
      if (epsilon === 0) return void xBar.fill(0)
      solver.pull(gradient, ofLogarithm)
      for (let k = 0; k < n; k++) {
        const i = itemOrder[k]
        // Gradients of an item sum to 0: its own position, whose entry is the largest, need not be read.
        const own = ofLogarithm ? slope(i, positionOrder[k]) : 0
        xBar[i] = 0
        for (let j = 0; j < n; j++) {
          const beyond = slope(i, j) - own
          if (beyond !== 0) xBar[i] += gradient[at(i, j)] * beyond
        }
      }
      squash.pull(xBar)
    },
    push(xDot, tangent) {
      if (epsilon === 0) return void tangent.fill(0)
      change.set(xDot)
      squash.push(change)
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) tangent[at(i, j)] = slope(i, j) * change[i]
      }
      solver.push(tangent)
    },
  }
}
