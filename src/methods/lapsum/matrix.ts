/**
 * LapSum permutation: P_li = F((b_l - r_i) / alpha) - F((b_(l-1) - r_i) / alpha), F-Sum(b_l) = l, b_0 and b_n infinite.
 * Row l is the difference of two top-k masks: rows sum to 1 exactly, and the columns telescope to 1.
 */

import type { Params } from '../../core/params.ts'
import type { Row, RowKernel } from '../kit/row-plan.ts'
import { type Crossing, cross, emptyCrossing, tailsAt, weightsAt } from './inverse.ts'
import { nodesOf } from './nodes.ts'

export function matrixRow({ x, y, yBar, xBar }: Row, params: Params): RowKernel {
  const n = x.length
  const alpha = params.alpha as number
  const sign = params.direction === 'ascending' ? 1 : -1
  const nodes = nodesOf(x, alpha, sign)
  const { order } = nodes
  /** b_1 to b_(n-1). */
  const crossings: Crossing[] = Array.from({ length: Math.max(n - 1, 0) }, emptyCrossing)
  const scale = alpha > 0 ? sign / alpha : 0
  const [tails, weights] = [new Float64Array(n), new Float64Array(n)]
  const [mask, gradient] = [new Float64Array(n), new Float64Array(n)]

  /** The step of row l, given the mask before it in `mask`; masks are held as -tail where they are 1 - tail. */
  function writeRow(l: number, from: number, count: number): void {
    for (let j = 0; j < n; j++) {
      const next = l === n - 1 ? 0 : j < count ? -tails[j] : tails[j]
      y[l * n + order[j]] = Math.max(0, next - mask[j] + (j >= from && j < count ? 1 : 0))
      mask[j] = next
    }
  }

  return {
    forward() {
      nodes.prepare()
      mask.fill(0)
      for (let l = 0, from = 0; l < n; l++) {
        const last = l === n - 1
        if (!last) {
          cross(nodes, l + 1, from, crossings[l])
          tailsAt(nodes, crossings[l], tails)
        }
        const count = last ? n : crossings[l].count
        writeRow(l, from, count)
        from = count
      }
    },
    backward() {
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
    },
    push(xDot, yDot) {
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
    },
  }
}
