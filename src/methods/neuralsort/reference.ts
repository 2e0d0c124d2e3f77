/**
 * NeuralSort: row i of the relaxed permutation, rows from the largest value to the smallest, is
 *
 *   softmax(((n + 1 - 2 i) x - B) / tau),   B_j = sum_k |x_j - x_k|
 *
 * Grover, Wang, Zweig, Ermon, "Stochastic Optimization of Sorting Networks via Continuous Relaxations",
 * ICLR 2019, also with Plackett-Luce noise (samples above 0). Ascending: the same rows from the last to the first.
 *
 * In sorted order the logits of row k, less that of its own item, are sums over the gaps on the way to item j,
 *
 *   l_k(k + d) = l_k(k - d) = -sum over m < d of (2 m + 1) gap_m / tau,   gap_m the m-th one met,
 *
 * terms of one sign: neither an offset nor an outlier takes digits from the gaps between other values, as it does from B.
 */

import type { Params } from '../../core/params.ts'
import { randomStream } from '../../core/random.ts'
import { hardRows, type MakePermutationRows, type PermutationRows } from '../kit/permutation-rows.ts'
import { softmaxRows } from '../kit/softmax-rows.ts'
import { argsort, argsortWork } from '../numerics/argsort.ts'
import { logAddExp } from '../numerics/logistic.ts'

/** dB_j/dx_j = sum_k sign(x_j - x_k) and dB_k/dx_j = sign(x_j - x_k), with sign(0) = 0. */
function pullDistances(x: Float64Array, BBar: Float64Array, xBar: Float64Array): void {
  for (let j = 0; j < x.length; j++) {
    for (let k = 0; k < j; k++) {
      const slope = Math.sign(x[j] - x[k]) * (BBar[j] + BBar[k])
      xBar[j] += slope
      xBar[k] -= slope
    }
  }
}

/** The derivative of B along xDot. */
function pushDistances(x: Float64Array, xDot: Float64Array, BDot: Float64Array): void {
  BDot.fill(0)
  for (let j = 0; j < x.length; j++) {
    for (let k = 0; k < j; k++) {
      const slope = Math.sign(x[j] - x[k]) * (xDot[j] - xDot[k])
      BDot[j] += slope
      BDot[k] += slope
    }
  }
}

const neuralSortRows = softmaxRows((x, params) => {
  const n = x.length
  const temperature = params.tau as number
  const sign = params.direction === 'descending' ? 1 : -1
  const [order, work] = [new Uint32Array(n), argsortWork(n)]
  const [sBar, BBar] = [new Float64Array(n), new Float64Array(n)]
  const [sDot, BDot] = [new Float64Array(n), new Float64Array(n)]
  const factor = (i: number) => sign * (n - 1 - 2 * i)
  return {
    prepare: () => argsort(x, order, sign > 0, work),
    logits(i, l, at) {
      l[at + order[i]] = 0
      for (const step of [1, -1]) {
        let logit = 0
        for (let j = i + step, m = 0; j >= 0 && j < n; j += step, m++) {
          logit -= ((2 * m + 1) * Math.abs(x[order[j]] - x[order[j - step]])) / temperature
          l[at + order[j]] = logit
        }
      }
      return order[i]
    },
    pullLogits(i, u) {
      const c = factor(i)
      for (let j = 0; j < n; j++) {
        const logitBar = u[j] / temperature
        sBar[j] += c * logitBar
        BBar[j] -= logitBar
      }
    },
    finish(xBar) {
      xBar.set(sBar)
      pullDistances(x, BBar, xBar)
      sBar.fill(0)
      BBar.fill(0)
    },
    preparePush(xDot) {
      sDot.set(xDot)
      pushDistances(x, xDot, BDot)
    },
    pushLogits(i, lDot, at) {
      const c = factor(i)
      for (let j = 0; j < n; j++) lDot[at + j] = (c * sDot[j] - BDot[j]) / temperature
    },
  }
})
/** Gumbel(0, 1) noise of one draw; the same for every row of a batch, so that rows do not depend on each other. */
function gumbel(n: number, seed: number, draw: number): Float64Array {
  const random = randomStream(seed, `neuralsort/draw ${draw}`)
  return Float64Array.from({ length: n }, () => -Math.log(-Math.log(Math.max(random.uniform(), Number.MIN_VALUE))))
}

const rowsAt = ({ tau }: Params): MakePermutationRows => (tau === 0 ? hardRows : neuralSortRows)

/** Rows at the values with the noise of each draw. */
function drawsOf(x: Float64Array, params: Params): { readonly rows: PermutationRows; prepare(): void }[] {
  const n = x.length
  return Array.from({ length: params.samples as number }, (_, draw) => {
    const shifted = new Float64Array(n)
    const noise = gumbel(n, params.seed as number, draw)
    const rows = rowsAt(params)(shifted, params)
    const prepare = () => {
      for (let j = 0; j < n; j++) shifted[j] = x[j] + (params.beta as number) * noise[j]
      rows.prepare()
    }
    return { rows, prepare }
  })
}

/**
 * The stochastic form: values are log scores of a Plackett-Luce distribution, x + beta G one draw from it, P the mean of
 * the relaxed permutations of the draws. Gradients flow through the draws (reparameterisation).
 */
export const meanRows: MakePermutationRows = (x, params) => {
  const [n, samples] = [x.length, params.samples as number]
  if (samples === 0) return rowsAt(params)(x, params)
  const draws = drawsOf(x, params)
  const [p, part, scaled] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  return {
    prepare() {
      for (const draw of draws) draw.prepare()
    },
    row(i, out, at) {
      out.fill(0, at, at + n)
      for (const { rows } of draws) {
        rows.row(i, p, 0)
        for (let j = 0; j < n; j++) out[at + j] += p[j] / samples
      }
    },
    pullRow(i, _, u, at) {
      for (let j = 0; j < n; j++) scaled[j] = u[at + j] / samples
      for (const { rows } of draws) {
        rows.row(i, p, 0)
        rows.pullRow(i, p, scaled, 0)
      }
    },
    /** The logarithm of a mean of exponentials. */
    logRow(i, l, at) {
      l.fill(Number.NEGATIVE_INFINITY, at, at + n)
      for (const { rows } of draws) {
        rows.logRow!(i, p, 0)
        for (let j = 0; j < n; j++) l[at + j] = logAddExp(l[at + j], p[j] - Math.log(samples))
      }
    },
    pullLogRow(i, l, u, at) {
      for (const { rows } of draws) {
        rows.logRow!(i, p, 0)
        for (let j = 0; j < n; j++) scaled[j] = (u[at + j] * Math.exp(p[j] - l[at + j])) / samples
        rows.pullLogRow!(i, p, scaled, 0)
      }
    },
    finish(xBar) {
      xBar.fill(0)
      for (const { rows } of draws) {
        rows.finish(part)
        for (let j = 0; j < n; j++) xBar[j] += part[j]
      }
    },
    preparePush(xDot) {
      for (const { rows } of draws) rows.preparePush(xDot)
    },
    pushRow(i, _, pDot, at) {
      pDot.fill(0, at, at + n)
      for (const { rows } of draws) {
        rows.row(i, p, 0)
        rows.pushRow(i, p, part, 0)
        for (let j = 0; j < n; j++) pDot[at + j] += part[j] / samples
      }
    },
  }
}
