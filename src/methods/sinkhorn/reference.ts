/**
 * Ranks and sorted values by entropic optimal transport: P transports the items, masses a, to n equal positions at
 * targets y_j = (j - 1) / (n - 1),
 *
 *   P = argmin <P, C> - epsilon H(P),  P 1 = a,  P^T 1 = 1 / n,  C_ij = (y_j - x_i)^2 or |y_j - x_i|,
 *   rank_i = sum_j j P_ij / a_i,   sort_j = n sum_i P_ij x_i,   matrix = n P^T.
 *
 * Cuturi, Teboul, Vert, "Differentiable Ranks and Sorting using Optimal Transport", NeurIPS 2019.
 *
 * Sinkhorn iterations on the logarithms, from the dual of epsilon 0, which sorting gives, until the marginals are met to the
 * tolerance, with Newton steps on the dual in between and to finish: these leave rounding only, so that the answer does
 * not depend on where the iteration stopped. The gradient is that of the solution, by the implicit function theorem,
 * not of the iterations: where `residual` says that they did not arrive, it is that of neither.
 */

import type { MakeRow } from '../kit/row-plan.ts'
import { sortingPlan } from './sorting-plan.ts'

export const rankRow: MakeRow = (row, params) => {
  const { x, y, yBar, xBar } = row
  const n = x.length
  const plan = sortingPlan(row, params, 'items are rows')
  const { conditional, facts } = plan
  const work = new Float64Array(n * n)
  return {
    facts,
    forward() {
      plan.forward()
      for (let i = 0; i < n; i++) {
        y[i] = 0
        for (let j = 0; j < n; j++) y[i] += (j + 1) * conditional[i * n + j]
      }
    },
    backward() {
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) work[i * n + j] = (j + 1) * yBar[i]
      plan.pull(work, xBar)
    },
    push(xDot, yDot) {
      plan.push(xDot, work)
      for (let i = 0; i < n; i++) {
        yDot[i] = 0
        for (let j = 0; j < n; j++) yDot[i] += (j + 1) * work[i * n + j]
      }
    },
  }
}

export const sortRow: MakeRow = (row, params) => {
  const { x, y, yBar, xBar } = row
  const n = x.length
  const plan = sortingPlan(row, params, 'positions are rows')
  const { conditional, facts } = plan
  const work = new Float64Array(n * n)
  return {
    facts,
    forward() {
      plan.forward()
      for (let j = 0; j < n; j++) {
        y[j] = 0
        for (let i = 0; i < n; i++) y[j] += conditional[j * n + i] * x[i]
      }
    },
    /** Rows of the conditional sum to 1: y_j leaves numbers of the size of the spread of x, whatever offset x has. */
    backward() {
      for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) work[j * n + i] = yBar[j] * (x[i] - y[j])
      plan.pull(work, xBar)
      for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) xBar[i] += yBar[j] * conditional[j * n + i]
    },
    push(xDot, yDot) {
      plan.push(xDot, work)
      for (let j = 0; j < n; j++) {
        yDot[j] = 0
        for (let i = 0; i < n; i++) yDot[j] += conditional[j * n + i] * xDot[i] + work[j * n + i] * (x[i] - y[j])
      }
    },
  }
}

export const matrixRow: MakeRow = (row, params) => {
  const { x, y, yBar, xBar } = row
  const plan = sortingPlan(row, params, 'positions are rows')
  const work = new Float64Array(x.length ** 2)
  return {
    facts: plan.facts,
    forward() {
      plan.forward()
      y.set(plan.conditional)
    },
    backward() {
      work.set(yBar)
      plan.pull(work, xBar)
    },
    push: plan.push,
  }
}

/** log P. */
export const logMatrixRow: MakeRow = (row, params) => {
  const { x, y, yBar, xBar } = row
  const plan = sortingPlan(row, params, 'positions are rows')
  const work = new Float64Array(x.length ** 2)
  return {
    facts: plan.facts,
    forward() {
      plan.forward()
      plan.logarithm(y)
    },
    backward() {
      work.set(yBar)
      plan.pull(work, xBar, true)
    },
  }
}
