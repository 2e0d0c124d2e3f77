/**
 * Entropic optimal transport between n rows of masses p and n columns of masses q, in terms of one dual v:
 *
 *   Q_rc = softmax over c of (v_c + Z_rc),  m_c = sum over r of p_r Q_rc,  and v such that m = q.
 *
 * p_r Q_rc is the plan: its row sums are exact for any v, those of columns once v solves the dual. A Sinkhorn iteration
 * is v_c += log q_c - log m_c; it always gets nearer, but the last part of the way it may crawl, which Newton's method takes
 * in a few steps. Its matrix L = diag(m) - Q^T diag(p) Q is a graph Laplacian, and the same one gives the derivative
 * of the solution, by the implicit function theorem: L dv = -(d m at constant v).
 */

import { hardTransport, type Line } from './hard.ts'
import { pullLogarithm, refine, takeLogarithm } from './transport-logarithm.ts'
import { createTransportState, type TransportState } from './transport-state.ts'
import { evaluate, factor, polish, sinkhornStep } from './transport-steps.ts'

/** `rowOrder` and `columnOrder` are read by `solve`. */
interface TransportOptions extends Omit<Line, 'rowMass' | 'columnMass'> {
  /** Most Sinkhorn iterations. */
  readonly iterations: number
  /** The iterations end when the sum of |m_c - q_c| is at most this. */
  readonly tolerance: number
}

interface Transport {
  /** p and q, each of sum 1, to be written before `solve`. */
  readonly rowMass: Float64Array
  readonly columnMass: Float64Array
  /** Q. */
  readonly conditional: Float64Array
  solve(): void
  /** Q of entropy 0 instead; nothing to pull or push through. */
  solveHard(): void
  /** Sum of |m_c - q_c| of the last `solve`. */
  residual(): number
  /**
   * Goes on from the last `solve` until the dual itself is exact, not only the marginals, and writes log Q, also where Q is less
   * than any number. Masses are all alike.
   */
  solveLogarithm(out: Float64Array): void
  /** The gradient in Q becomes the gradient in Z, in place; `ofLogarithm`: it is that in log Q. */
  pull(gradient: Float64Array, ofLogarithm?: boolean): void
  /** The derivative of Z becomes the derivative of Q, in place. */
  push(tangent: Float64Array): void
}

/** Sinkhorn iterations between attempts of Newton's method: one of its steps costs as much as about n / 10 of them. */
const patience = (n: number): number => 16 + n / 4

/** Takes from every entry of a row its mean under Q. */
function centre({ n, conditional }: TransportState, matrix: Float64Array, row: number): void {
  let mean = 0
  for (let c = 0; c < n; c++) mean += conditional[row + c] * matrix[row + c]
  for (let c = 0; c < n; c++) matrix[row + c] -= mean
}

/** From a row of gradients in Q to that in its logits. */
function weighCentred(state: TransportState, gradient: Float64Array, row: number): void {
  centre(state, gradient, row)
  for (let c = 0; c < state.n; c++) gradient[row + c] *= state.conditional[row + c]
}

/** The gradient in Q becomes the gradient in Z. */
function pullConditional(state: TransportState, gradient: Float64Array): void {
  const { n, step, graph, conditional, rowMass } = state
  factor(state)
  step.fill(0)
  for (let r = 0; r < n; r++) {
    weighCentred(state, gradient, r * n)
    for (let c = 0; c < n; c++) step[c] += gradient[r * n + c]
  }
  graph.solve(step)
  for (let r = 0; r < n; r++) {
    let mean = 0
    for (let c = 0; c < n; c++) mean += conditional[r * n + c] * step[c]
    for (let c = 0; c < n; c++) gradient[r * n + c] -= rowMass[r] * conditional[r * n + c] * (step[c] - mean)
  }
}

/** The derivative of Z becomes the derivative of Q. */
function pushConditional(state: TransportState, tangent: Float64Array): void {
  const { n, step, graph, conditional, rowMass } = state
  factor(state)
  step.fill(0)
  for (let r = 0; r < n; r++) {
    centre(state, tangent, r * n)
    for (let c = 0; c < n; c++) step[c] -= rowMass[r] * conditional[r * n + c] * tangent[r * n + c]
  }
  graph.solve(step)
  for (let r = 0; r < n; r++) {
    for (let c = 0; c < n; c++) tangent[r * n + c] += step[c]
    centre(state, tangent, r * n)
    for (let c = 0; c < n; c++) tangent[r * n + c] *= conditional[r * n + c]
  }
}

export function transport(n: number, options: TransportOptions): Transport {
  const { iterations, tolerance, rowOrder, columnOrder } = options
  const state = createTransportState(n, rowOrder, columnOrder)
  const { rowMass, columnMass, conditional, logits, dual } = state
  const hard = hardTransport({ ...options, rowMass, columnMass })
  return {
    rowMass,
    columnMass,
    conditional,
    residual: () => state.residual,
    solve() {
      state.exact = false
      hard.match()
      hard.writeLogits(logits)
      dual.fill(0)
      evaluate(state)
      for (let t = 0, pause = 0; t < iterations && state.residual > tolerance; t++) {
        sinkhornStep(state)
        if (++pause < patience(n)) continue
        polish(state)
        pause = 0
      }
      polish(state)
    },
    solveHard() {
      hard.match()
      hard.writeConditional(conditional)
      state.residual = 0
    },
    solveLogarithm(out) {
      refine(state)
      takeLogarithm(state, out)
    },
    pull: (gradient, ofLogarithm = false) => (ofLogarithm ? pullLogarithm : pullConditional)(state, gradient),
    push: (tangent) => pushConditional(state, tangent),
  }
}
