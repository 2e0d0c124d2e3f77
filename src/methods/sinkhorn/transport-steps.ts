/** Steps to the dual of a transport problem: Sinkhorn's, which always get nearer, and Newton's, which get there. */

import type { TransportState } from './transport-state.ts'

/** Newton steps at a time, and halvings of a step that does not help. */
const newtonSteps = 20
const halvings = 4

/** Q, m and the residual at `dual`. */
export function evaluate(state: TransportState): void {
  const { n, dual, logits, conditional, found, rowMass, columnMass, rowLog } = state
  state.factored = false
  found.fill(0)
  for (let r = 0; r < n; r++) {
    const row = r * n
    let max = Number.NEGATIVE_INFINITY
    for (let c = 0; c < n; c++) max = Math.max(max, dual[c] + logits[row + c])
    let sum = 0
    for (let c = 0; c < n; c++) {
      conditional[row + c] = Math.exp(dual[c] + logits[row + c] - max)
      sum += conditional[row + c]
    }
    for (let c = 0; c < n; c++) {
      conditional[row + c] /= sum
      found[c] += rowMass[r] * conditional[row + c]
    }
    rowLog[r] = Math.log(rowMass[r] / sum) - max
  }
  let residual = 0
  for (let c = 0; c < n; c++) residual += Math.abs(found[c] - columnMass[c])
  state.residual = residual
}

/** Log of m_c / e^v_c, for a column whose mass underflows. */
function logColumn({ n, rowLog, logits }: TransportState, c: number): number {
  let max = Number.NEGATIVE_INFINITY
  for (let r = 0; r < n; r++) max = Math.max(max, rowLog[r] + logits[r * n + c])
  let sum = 0
  for (let r = 0; r < n; r++) sum += Math.exp(rowLog[r] + logits[r * n + c] - max)
  return max + Math.log(sum)
}

export function sinkhornStep(state: TransportState): void {
  const { n, dual, found, columnMass } = state
  for (let c = 0; c < n; c++) {
    if (columnMass[c] === 0) continue
    if (found[c] > 1e-280) dual[c] += Math.log(columnMass[c] / found[c])
    else dual[c] = Math.log(columnMass[c]) - logColumn(state, c)
  }
  evaluate(state)
}

/** The Laplacian of Q, once a Q. Its cuts are between columns in the hard order where the dual has to be exact. */
export function factor(state: TransportState): void {
  if (state.factored) return
  const { n, graph, rowMass, conditional, columnOrder, exact, found } = state
  const place = (c: number) => (exact ? columnOrder[c] : c)
  graph.coupling.fill(0)
  for (let r = 0; r < n; r++) {
    for (let c = 0; c < n; c++) {
      const weight = rowMass[r] * conditional[r * n + place(c)]
      if (weight === 0) continue
      for (let d = c + 1; d < n; d++) graph.coupling[c * n + d] += weight * conditional[r * n + place(d)]
    }
  }
  graph.factor(exact ? undefined : found)
  state.factored = true
}

/** One Newton step on the dual, shortened until the residual falls; false when it does not. */
function newtonStep(state: TransportState): boolean {
  const { n, step, columnMass, found, graph, held, dual } = state
  factor(state)
  for (let c = 0; c < n; c++) step[c] = columnMass[c] - found[c]
  graph.solve(step)
  held.set(dual)
  const before = state.residual
  for (let halving = 0, size = 1; halving <= halvings; halving++, size /= 2) {
    for (let c = 0; c < n; c++) dual[c] = held[c] + size * step[c]
    evaluate(state)
    if (state.residual < before) return true
  }
  dual.set(held)
  evaluate(state)
  return false
}

/** Newton steps down to rounding, as long as each at least halves the residual. */
export function polish(state: TransportState): void {
  const rounding = state.n * Number.EPSILON
  for (let t = 0, before = state.residual; t < newtonSteps && state.residual > rounding; t++, before = state.residual) {
    if (!newtonStep(state) || state.residual > before / 2) return
  }
}
