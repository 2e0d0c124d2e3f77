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

import { type FarCuts, farCuts } from './far-cuts.ts'
import { hardTransport, type Line } from './hard.ts'
import { laplacian } from './laplacian.ts'

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

/** Newton steps at a time, and halvings of a step that does not help. */
const newtonSteps = 20
const halvings = 4
/** Steps to an exact dual, and how far one may go: flows are exponentials of the dual. */
const refinements = 200
const longestStep = 4
/** From here on steps that do not halve what is left over meet rounding. */
const nearly = 1e-8
/** Flows below it are kept as logarithms. */
const barely = 1e-140
/** Sinkhorn iterations between attempts of Newton's method: one of its steps costs as much as about n / 10 of them. */
const patience = (n: number): number => 16 + n / 4

export function transport(n: number, options: TransportOptions): Transport {
  const { iterations, tolerance, rowOrder, columnOrder } = options
  const [logits, conditional] = [new Float64Array(n * n), new Float64Array(n * n)]
  const [rowMass, columnMass, found] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  const [dual, held, step, rowLog, sums, away] = Array.from({ length: 6 }, () => new Float64Array(n))
  const hard = hardTransport({ ...options, rowMass, columnMass })
  const graph = laplacian(n)
  let residual = 0
  let factored = false
  /** Parts that hang together by less than rounding are solved as well: with flows, see `crossings`. */
  let exact = false
  /** Some cut passes less than `barely`. */
  let isFar = false
  let far: { readonly cuts: FarCuts; readonly logs: Float64Array } | undefined

  /** Q, m and the residual at `dual`. */
  function evaluate(): void {
    factored = false
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
    residual = 0
    for (let c = 0; c < n; c++) residual += Math.abs(found[c] - columnMass[c])
  }

  /** Log of m_c / e^v_c, for a column whose mass underflows. */
  function logColumn(c: number): number {
    let max = Number.NEGATIVE_INFINITY
    for (let r = 0; r < n; r++) max = Math.max(max, rowLog[r] + logits[r * n + c])
    let sum = 0
    for (let r = 0; r < n; r++) sum += Math.exp(rowLog[r] + logits[r * n + c] - max)
    return max + Math.log(sum)
  }

  function sinkhorn(): void {
    for (let c = 0; c < n; c++) {
      if (columnMass[c] === 0) continue
      if (found[c] > 1e-280) dual[c] += Math.log(columnMass[c] / found[c])
      else dual[c] = Math.log(columnMass[c]) - logColumn(c)
    }
    evaluate()
  }

  /** Cuts are between columns in the hard order. */
  const place = (c: number) => (exact ? columnOrder[c] : c)

  function factor(): void {
    if (factored) return
    graph.coupling.fill(0)
    for (let r = 0; r < n; r++) {
      for (let c = 0; c < n; c++) {
        const weight = rowMass[r] * conditional[r * n + place(c)]
        if (weight === 0) continue
        for (let d = c + 1; d < n; d++) graph.coupling[c * n + d] += weight * conditional[r * n + place(d)]
      }
    }
    graph.factor(exact ? undefined : found)
    factored = true
  }

  /** One Newton step on the dual, shortened until the residual falls; false when it does not. */
  function newton(): boolean {
    factor()
    for (let c = 0; c < n; c++) step[c] = columnMass[c] - found[c]
    graph.solve(step)
    held.set(dual)
    const before = residual
    for (let halving = 0, size = 1; halving <= halvings; halving++, size /= 2) {
      for (let c = 0; c < n; c++) dual[c] = held[c] + size * step[c]
      evaluate()
      if (residual < before) return true
    }
    dual.set(held)
    evaluate()
    return false
  }

  /** Newton steps down to rounding, as long as each at least halves the residual. */
  function polish(): void {
    const rounding = n * Number.EPSILON
    for (let t = 0, before = residual; t < newtonSteps && residual > rounding; t++, before = residual) {
      if (!newton() || residual > before / 2) return
    }
  }

  /** Takes from every entry of a row its mean under Q. */
  function centre(matrix: Float64Array, row: number): void {
    let mean = 0
    for (let c = 0; c < n; c++) mean += conditional[row + c] * matrix[row + c]
    for (let c = 0; c < n; c++) matrix[row + c] -= mean
  }

  /** From a row of gradients in Q to that in its logits. */
  function weighCentred(gradient: Float64Array, row: number): void {
    centre(gradient, row)
    for (let c = 0; c < n; c++) gradient[row + c] *= conditional[row + c]
  }

  /**
   * Sum of the entries that lead from rows after k to columns up to k, in the hard order, less that of those that lead back, for
   * every k: differences of sums of small numbers, where those of whole columns are of large ones. Answers the largest relative
   * to the sum of sizes.
   */
  function crossings(entry: (at: number, r: number) => number, flows: Float64Array): number {
    const sizes = held
    flows.fill(0)
    sizes.fill(0)
    for (let i = 0; i < n; i++) {
      const [r, row] = [rowOrder[i], rowOrder[i] * n]
      for (let k = 0, [sum, size] = [0, 0]; k < i; k++) {
        const each = entry(row + columnOrder[k], r)
        flows[k] += sum += each
        sizes[k] += size += Math.abs(each)
      }
      for (let k = n - 2, [sum, size] = [0, 0]; k >= i; k--) {
        const each = entry(row + columnOrder[k + 1], r)
        flows[k] -= sum += each
        sizes[k] += size += Math.abs(each)
      }
    }
    let worst = 0
    for (let k = 0; k < n - 1; k++) if (sizes[k] > 0) worst = Math.max(worst, Math.abs(flows[k]) / sizes[k])
    return worst
  }

  const share = (at: number) => conditional[at]

  /** log Q, for flows that are less than any number. */
  function takeLogarithm(out: Float64Array): void {
    for (let r = 0; r < n; r++) {
      const whole = rowLog[r] - Math.log(rowMass[r])
      for (let c = 0; c < n; c++) out[r * n + c] = dual[c] + logits[r * n + c] + whole
    }
  }

  /** How far the flows of the cuts are off, relative; `step` becomes them, in the units that `potentials` reads. */
  function imbalance(): number {
    const worst = crossings(share, step)
    // held: what passes, see `crossings`.
    const least = held.subarray(0, n - 1).reduce((a, b) => Math.min(a, b), 1)
    isFar = least < barely
    if (!isFar) return worst
    far ??= { cuts: farCuts(n), logs: new Float64Array(n * n) }
    takeLogarithm(far.logs)
    far.cuts.read(far.logs, rowOrder, columnOrder)
    step.set(far.cuts.excess)
    return far.cuts.excess.subarray(0, n - 1).reduce((a, b) => Math.max(a, Math.abs(b)), 0)
  }

  /** Differences of potentials of neighbouring columns from what is off. */
  function potentials(): void {
    for (let k = 0; k < n; k++) step[k] /= -n
    if (isFar) {
      far!.cuts.factor()
      far!.cuts.solveScaled(step)
    } else {
      factor()
      graph.solveCuts(step)
    }
  }

  /** Newton steps on the flows, none longer than what squares of steps allow, until rounding is all that they change. */
  function refine(): void {
    exact = true
    factored = false
    for (let t = 0, before = Number.POSITIVE_INFINITY; t < refinements; t++) {
      const worst = imbalance()
      if (worst <= n * Number.EPSILON || (worst < nearly && worst > before / 2)) break
      before = worst
      potentials()
      let longest = 0
      away[0] = 0
      for (let k = 1; k < n; k++) {
        away[k] = away[k - 1] - step[k - 1]
        longest = Math.max(longest, Math.abs(away[k]))
      }
      const size = Math.min(1, longestStep / longest)
      for (let k = 1; k < n; k++) dual[columnOrder[k]] += size * away[k]
      evaluate()
    }
    if (isFar) far!.cuts.factor()
    else factor()
  }

  /** Q_rc (v_c - v of the own column) of the i-th row, by columns in order, to `away`. */
  function movedRow(i: number): void {
    if (isFar) {
      far!.cuts.moved(i, step, away)
      return
    }
    // Relative to the own column: far parts differ by more than near ones have digits for.
    away[i] = 0
    for (let k = i + 1; k < n; k++) away[k] = away[k - 1] - step[k - 1]
    for (let k = i - 1; k >= 0; k--) away[k] = away[k + 1] + step[k]
    for (let k = 0; k < n; k++) away[k] *= conditional[rowOrder[i] * n + columnOrder[k]]
  }

  /** From the gradient in log Q, `gradient`, to that in Z. */
  function pullLogarithm(gradient: Float64Array): void {
    for (let r = 0; r < n; r++) {
      sums[r] = 0
      for (let c = 0; c < n; c++) sums[r] += gradient[r * n + c]
    }
    crossings((at, r) => gradient[at] - conditional[at] * sums[r], step)
    if (isFar) far!.cuts.solve(step)
    else graph.solveCuts(step)
    for (let i = 0; i < n; i++) {
      const r = rowOrder[i]
      movedRow(i)
      let mean = 0
      for (let k = 0; k < n; k++) mean += away[k]
      for (let k = 0; k < n; k++) {
        const at = r * n + columnOrder[k]
        gradient[at] -= conditional[at] * sums[r] + (away[k] - conditional[at] * mean) / n
      }
    }
  }

  return {
    rowMass,
    columnMass,
    conditional,
    residual: () => residual,
    solve() {
      exact = false
      hard.match()
      hard.writeLogits(logits)
      dual.fill(0)
      evaluate()
      for (let t = 0, pause = 0; t < iterations && residual > tolerance; t++) {
        sinkhorn()
        if (++pause < patience(n)) continue
        polish()
        pause = 0
      }
      polish()
    },
    solveHard() {
      hard.match()
      hard.writeConditional(conditional)
      residual = 0
    },
    solveLogarithm(out) {
      refine()
      takeLogarithm(out)
    },
    pull(gradient, ofLogarithm = false) {
      if (ofLogarithm) return pullLogarithm(gradient)
      factor()
      step.fill(0)
      for (let r = 0; r < n; r++) {
        weighCentred(gradient, r * n)
        for (let c = 0; c < n; c++) step[c] += gradient[r * n + c]
      }
      graph.solve(step)
      for (let r = 0; r < n; r++) {
        let mean = 0
        for (let c = 0; c < n; c++) mean += conditional[r * n + c] * step[c]
        for (let c = 0; c < n; c++) gradient[r * n + c] -= rowMass[r] * conditional[r * n + c] * (step[c] - mean)
      }
    },
    push(tangent) {
      factor()
      step.fill(0)
      for (let r = 0; r < n; r++) {
        centre(tangent, r * n)
        for (let c = 0; c < n; c++) step[c] -= rowMass[r] * conditional[r * n + c] * tangent[r * n + c]
      }
      graph.solve(step)
      for (let r = 0; r < n; r++) {
        for (let c = 0; c < n; c++) tangent[r * n + c] += step[c]
        centre(tangent, r * n)
        for (let c = 0; c < n; c++) tangent[r * n + c] *= conditional[r * n + c]
      }
    },
  }
}
