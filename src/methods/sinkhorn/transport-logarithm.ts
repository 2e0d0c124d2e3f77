/**
 * The logarithm of Q, also where Q is less than any number: the dual is exact then, not only the marginals. What passes between
 * columns is counted in flows over cuts, in the hard order: differences of sums of small numbers, where those of whole columns
 * are of large ones. Masses are all alike.
 */

import { farOf, type TransportState } from './transport-state.ts'
import { evaluate, factor } from './transport-steps.ts'

/** Steps to an exact dual, and how far one may go: flows are exponentials of the dual. */
const refinements = 200
const longestStep = 4
/** From here on steps that do not halve what is left over meet rounding. */
const nearly = 1e-8
/** Flows below it are kept as logarithms. */
const barely = 1e-140

/**
 * Sum of the entries that lead from rows after k to columns up to k, in the hard order, less that of those that lead back, for
 * every k. Answers the largest relative to the sum of sizes; what passes each cut altogether is in `held`.
 */
function crossings(
  { n, rowOrder, columnOrder, held: sizes }: TransportState,
  entry: (at: number, r: number) => number,
  flows: Float64Array,
): number {
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

/** log Q, for flows that are less than any number. */
export function takeLogarithm({ n, rowLog, rowMass, dual, logits }: TransportState, out: Float64Array): void {
  for (let r = 0; r < n; r++) {
    const whole = rowLog[r] - Math.log(rowMass[r])
    for (let c = 0; c < n; c++) out[r * n + c] = dual[c] + logits[r * n + c] + whole
  }
}

/** How far the flows of the cuts are off, relative; `step` becomes them, in the units that `potentials` reads. */
function imbalance(state: TransportState): number {
  const { n, step, held, conditional, rowOrder, columnOrder } = state
  const worst = crossings(state, (at) => conditional[at], step)
  const least = held.subarray(0, n - 1).reduce((a, b) => Math.min(a, b), 1)
  state.isFar = least < barely
  if (!state.isFar) return worst
  const { cuts, logs } = farOf(state)
  takeLogarithm(state, logs)
  cuts.read(logs, rowOrder, columnOrder)
  step.set(cuts.excess)
  return cuts.excess.subarray(0, n - 1).reduce((a, b) => Math.max(a, Math.abs(b)), 0)
}

/** Differences of potentials of neighbouring columns from what is off. */
function potentials(state: TransportState): void {
  const { n, step, graph } = state
  for (let k = 0; k < n; k++) step[k] /= -n
  if (state.isFar) {
    const { cuts } = farOf(state)
    cuts.factor()
    cuts.solveScaled(step)
  } else {
    factor(state)
    graph.solveCuts(step)
  }
}

/** Newton steps on the flows, none longer than what squares of steps allow, until rounding is all that they change. */
export function refine(state: TransportState): void {
  const { n, step, away, dual, columnOrder } = state
  state.exact = true
  state.factored = false
  for (let t = 0, before = Number.POSITIVE_INFINITY; t < refinements; t++) {
    const worst = imbalance(state)
    if (worst <= n * Number.EPSILON || (worst < nearly && worst > before / 2)) break
    before = worst
    potentials(state)
    let longest = 0
    away[0] = 0
    for (let k = 1; k < n; k++) {
      away[k] = away[k - 1] - step[k - 1]
      longest = Math.max(longest, Math.abs(away[k]))
    }
    const size = Math.min(1, longestStep / longest)
    for (let k = 1; k < n; k++) dual[columnOrder[k]] += size * away[k]
    evaluate(state)
  }
  if (state.isFar) farOf(state).cuts.factor()
  else factor(state)
}

/** Q_rc (v_c - v of the own column) of the i-th row, by columns in order, to `away`. */
function movedRow(state: TransportState, i: number): void {
  const { n, step, away, conditional, rowOrder, columnOrder } = state
  if (state.isFar) {
    farOf(state).cuts.moved(i, step, away)
    return
  }
  // Relative to the own column: far parts differ by more than near ones have digits for.
  away[i] = 0
  for (let k = i + 1; k < n; k++) away[k] = away[k - 1] - step[k - 1]
  for (let k = i - 1; k >= 0; k--) away[k] = away[k + 1] + step[k]
  for (let k = 0; k < n; k++) away[k] *= conditional[rowOrder[i] * n + columnOrder[k]]
}

/** From the gradient in log Q, `gradient`, to that in Z, in place. */
export function pullLogarithm(state: TransportState, gradient: Float64Array): void {
  const { n, sums, step, away, conditional, graph, rowOrder, columnOrder } = state
  for (let r = 0; r < n; r++) {
    sums[r] = 0
    for (let c = 0; c < n; c++) sums[r] += gradient[r * n + c]
  }
  crossings(state, (at, r) => gradient[at] - conditional[at] * sums[r], step)
  if (state.isFar) farOf(state).cuts.solve(step)
  else graph.solveCuts(step)
  for (let i = 0; i < n; i++) {
    const r = rowOrder[i]
    movedRow(state, i)
    let mean = 0
    for (let k = 0; k < n; k++) mean += away[k]
    for (let k = 0; k < n; k++) {
      const at = r * n + columnOrder[k]
      gradient[at] -= conditional[at] * sums[r] + (away[k] - conditional[at] * mean) / n
    }
  }
}
