/**
 * Differentiable sorting networks: every comparator of a network is relaxed to a soft one, see network/swaps.
 *
 *   sort  x through the network      matrix  the product P of the layers      topk  the sum of k rows of P
 *
 * Petersen, Borgelt, Kuehne, Deussen, "Differentiable Sorting Networks for Scalable Sorting and Ranking Supervision",
 * ICML 2021; "Monotonic Differentiable Sorting Networks", ICLR 2022 (reciprocal, Cauchy and optimal steps). error-free:
 * hard values forward, soft derivatives (Kim, Yoon, Cho, ICLR 2024).
 *
 * The answer depends on the order of the items a little: which values meet first decides how often they are mixed.
 */

import type { Params } from '../../core/params.ts'
import type { MakeRow } from '../kit/row-plan.ts'
import { comparators, type NetworkKind } from './comparators.ts'
import { type Distribution, swapOf } from './steps.ts'
import { createSwaps, type Swaps } from './swaps.ts'

function swapsFor(n: number, params: Params): Swaps {
  const swap = swapOf(params.distribution as Distribution, params.steepness as number)
  return createSwaps(comparators(params.network as NetworkKind, n), n, swap, params['error-free'] as boolean)
}

const reverse = (row: Float64Array, params: Params): void => {
  if (params.direction === 'descending') row.reverse()
}

export const sortRow: MakeRow = ({ x, y, yBar, xBar }, params) => {
  const swaps = swapsFor(x.length, params)
  const u = new Float64Array(x.length)
  return {
    forward() {
      swaps.run(x)
      y.set(swaps.wires)
      reverse(y, params)
    },
    backward() {
      u.set(yBar)
      reverse(u, params)
      swaps.pullWires(u, xBar)
    },
    push(xDot, yDot) {
      swaps.pushWires(xDot, yDot)
      reverse(yDot, params)
    },
  }
}

/** Wire of position i. */
const wireOf = (i: number, n: number, params: Params): number => (params.direction === 'descending' ? n - 1 - i : i)

export const matrixRow: MakeRow = ({ x, y, yBar, xBar }, params) => {
  const n = x.length
  const swaps = swapsFor(n, params)
  const [c, u] = [new Float64Array(n), new Float64Array(n)]
  const unit = (i: number) => {
    c.fill(0)
    c[wireOf(i, n, params)] = 1
  }
  return {
    forward() {
      swaps.run(x)
      for (let i = 0; i < n; i++) {
        unit(i)
        swaps.combine(c)
        for (let j = 0; j < n; j++) y[i * n + j] = c[j]
      }
    },
    backward() {
      for (let i = 0; i < n; i++) {
        unit(i)
        for (let j = 0; j < n; j++) u[j] = yBar[i * n + j]
        swaps.pullCombined(c, u)
      }
      swaps.finish(xBar)
    },
    push(xDot, yDot) {
      swaps.prepareTangents(xDot)
      for (let i = 0; i < n; i++) {
        unit(i)
        u.fill(0)
        swaps.pushCombined(c, u)
        for (let j = 0; j < n; j++) yDot[i * n + j] = u[j]
      }
    },
  }
}

/** log P. */
export const logMatrixRow: MakeRow = ({ x, y, yBar, xBar }, params) => {
  const n = x.length
  const swaps = swapsFor(n, params)
  const { logs } = swaps
  const [l, u] = [new Float64Array(n), new Float64Array(n)]
  const unit = (i: number) => {
    l.fill(Number.NEGATIVE_INFINITY)
    l[wireOf(i, n, params)] = 0
  }
  return {
    forward() {
      swaps.run(x)
      logs.prepare()
      for (let i = 0; i < n; i++) {
        unit(i)
        logs.combine(l)
        y.set(l, i * n)
      }
    },
    backward() {
      for (let i = 0; i < n; i++) {
        unit(i)
        for (let j = 0; j < n; j++) u[j] = yBar[i * n + j]
        logs.pull(l, u)
      }
      swaps.finish(xBar)
    },
    push(xDot, yDot) {
      swaps.prepareTangents(xDot)
      for (let i = 0; i < n; i++) {
        unit(i)
        u.fill(0)
        logs.push(l, u)
        yDot.set(u, i * n)
      }
    },
  }
}

/** The wires of the first k positions count 1, the next one the part of k that is left. */
export const topkRow: MakeRow = ({ x, y, yBar, xBar }, params) => {
  const n = x.length
  const k = params.k as number
  const swaps = swapsFor(n, params)
  const [c, u] = [new Float64Array(n), new Float64Array(n)]
  const select = () => {
    for (let i = 0; i < n; i++) c[wireOf(i, n, params)] = Math.min(1, Math.max(0, k - i))
  }
  return {
    forward() {
      swaps.run(x)
      select()
      swaps.combine(c)
      y.set(c)
    },
    backward() {
      select()
      u.set(yBar)
      swaps.pullCombined(c, u)
      swaps.finish(xBar)
    },
    push(xDot, yDot) {
      swaps.prepareTangents(xDot)
      select()
      yDot.fill(0)
      swaps.pushCombined(c, yDot)
    },
  }
}
