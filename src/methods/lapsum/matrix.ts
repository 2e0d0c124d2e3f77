/**
 * LapSum permutation: P_li = F((b_l - r_i) / alpha) - F((b_(l-1) - r_i) / alpha), F-Sum(b_l) = l, b_0 and b_n infinite.
 * Row l is the difference of two top-k masks: rows sum to 1 exactly, and the columns telescope to 1.
 */

import type { Params } from '../../core/params.ts'
import type { Row, RowPasses } from '../kit/row-plan.ts'
import { type Crossing, cross, emptyCrossing, tailsAt, weightsAt } from './inverse.ts'
import { type Nodes, nodesOf } from './nodes.ts'

interface MatrixState {
  readonly n: number
  readonly nodes: Nodes
  /** b_1 to b_(n-1). */
  readonly crossings: readonly Crossing[]
  /** 1 / alpha with the sign of the direction; 0 at alpha 0. */
  readonly scale: number
  readonly tails: Float64Array
  readonly weights: Float64Array
  readonly mask: Float64Array
  readonly gradient: Float64Array
}

/** The step of row l, given the mask before it in `mask`; masks are held as -tail where they are 1 - tail. */
function writeRow(
  { n, nodes: { order }, tails, mask }: MatrixState,
  y: Float64Array,
  l: number,
  from: number,
  count: number,
) {
  for (let j = 0; j < n; j++) {
    const next = l === n - 1 ? 0 : j < count ? -tails[j] : tails[j]
    y[l * n + order[j]] = Math.max(0, next - mask[j] + (j >= from && j < count ? 1 : 0))
    mask[j] = next
  }
}

function forward(state: MatrixState, y: Float64Array): void {
  const { n, nodes, crossings, tails, mask } = state
  nodes.prepare()
  mask.fill(0)
  for (let l = 0, from = 0; l < n; l++) {
    const last = l === n - 1
    if (!last) {
      cross(nodes, l + 1, from, crossings[l])
      tailsAt(nodes, crossings[l], tails)
    }
    const count = last ? n : crossings[l].count
    writeRow(state, y, l, from, count)
    from = count
  }
}

function backward({ n, nodes, crossings, scale, tails, weights, gradient }: MatrixState, { yBar, xBar }: Row): void {
  const { order } = nodes
  gradient.fill(0)
  for (let l = 0; l < n - 1; l++) {
    tailsAt(nodes, crossings[l], tails)
    weightsAt(nodes, crossings[l], weights)
    let total = 0
    for (let j = 0; j < n; j++) {
      const pulled = tails[j] * (yBar[l * n + order[j]] - yBar[(l + 1) * n + order[j]])
      total += pulled
      gradient[j] -= pulled
    }
    for (let j = 0; j < n; j++) gradient[j] += weights[j] * total
  }
  for (let j = 0; j < n; j++) xBar[order[j]] = scale === 0 ? 0 : scale * gradient[j]
}

function push(state: MatrixState, xDot: Float64Array, yDot: Float64Array): void {
  const { n, nodes, crossings, scale, tails, weights, mask } = state
  const { order } = nodes
  mask.fill(0)
  for (let l = 0; l < n; l++) {
    const last = l === n - 1
    let threshold = 0
    if (!last) {
      tailsAt(nodes, crossings[l], tails)
      weightsAt(nodes, crossings[l], weights)
      for (let j = 0; j < n; j++) threshold += weights[j] * xDot[order[j]]
    }
    for (let j = 0; j < n; j++) {
      const next = last ? 0 : scale * tails[j] * (threshold - xDot[order[j]])
      yDot[l * n + order[j]] = next - mask[j]
      mask[j] = next
    }
  }
}

export function matrixRow(row: Row, params: Params): RowPasses {
  const n = row.x.length
  const alpha = params.alpha as number
  const sign = params.direction === 'ascending' ? 1 : -1
  const line = () => new Float64Array(n)
  const state: MatrixState = {
    n,
    nodes: nodesOf(row.x, alpha, sign),
    crossings: Array.from({ length: Math.max(n - 1, 0) }, emptyCrossing),
    scale: alpha > 0 ? sign / alpha : 0,
    tails: line(),
    weights: line(),
    mask: line(),
    gradient: line(),
  }
  return {
    forward: () => forward(state, row.y),
    backward: () => backward(state, row),
    push: (xDot, yDot) => push(state, xDot, yDot),
  }
}
