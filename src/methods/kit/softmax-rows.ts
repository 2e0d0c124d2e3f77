/** Rows of P that are softmaxes of logits, and the logarithms of these rows. */

import type { Params } from '../../core/params.ts'
import { bendSoftmax, meanUnder, pushSoftmax } from '../numerics/softmax.ts'
import type { MakePermutationRows, PermutationRows } from './permutation-rows.ts'

/** The logits of the rows for the current x, the largest of each row 0. */
interface LogitRows extends Pick<PermutationRows, 'prepare' | 'finish' | 'preparePush'> {
  /** Writes the logits of row i to l[at] up to l[at + n]; answers at which index, from 0, the largest one is. */
  logits(i: number, l: Float64Array, at: number): number
  /** Adds the gradient of sum_j u[j] l_ij to what `finish` will write. */
  pullLogits(i: number, u: Float64Array): void
  /** Writes the derivative of the logits of row i. */
  pushLogits(i: number, lDot: Float64Array, at: number): void
  /** Adds the derivative of what `pullLogits` adds, u held; left out where logits are linear between kinks. */
  bendLogits?(i: number, u: Float64Array): void
}

type LogRows = Required<Pick<PermutationRows, 'logRow' | 'pullLogRow' | 'pushLogRow' | 'bendLogRow'>>

/** The sum of the exponentials but for that of the largest logit, which is 1. */
function restOf(l: Float64Array, at: number, n: number, top: number): number {
  let rest = 0
  for (let j = 0; j < n; j++) if (j !== top) rest += Math.exp(l[at + j])
  return rest
}

/** Rows of log P, from the same logits. */
function logSoftmaxRows(rows: LogitRows, n: number): LogRows {
  const [bar, lDot] = [new Float64Array(n), new Float64Array(n)]
  return {
    logRow(i, l, at) {
      const top = rows.logits(i, l, at)
      const logTotal = Math.log1p(restOf(l, at, n, top))
      for (let j = at; j < at + n; j++) l[j] -= logTotal
    },
    /** u_j - p_j sum u, written so that an entry near 1 keeps the digits of what it leaves. */
    pullLogRow(i, l, u, at) {
      let sum = 0
      for (let j = 0; j < n; j++) sum += u[at + j]
      for (let j = 0; j < n; j++) {
        const most = l[at + j] > -0.5
        bar[j] = most ? u[at + j] - sum - sum * Math.expm1(l[at + j]) : u[at + j] - sum * Math.exp(l[at + j])
      }
      rows.pullLogits(i, bar)
    },
    pushLogRow(i, l, out, at) {
      rows.pushLogits(i, out, at)
      let mean = 0
      for (let j = at; j < at + n; j++) mean += Math.exp(l[j]) * out[j]
      for (let j = at; j < at + n; j++) out[j] -= mean
    },
    /** The gradient in the logits is u_j - p_j sum u. Only its second part depends on l, through p; the Jacobian of the logits takes all of it along. */
    bendLogRow(i, l, u, at) {
      rows.pushLogits(i, lDot, 0)
      let [mean, sum] = [0, 0]
      for (let j = 0; j < n; j++) {
        mean += Math.exp(l[at + j]) * lDot[j]
        sum += u[at + j]
      }
      for (let j = 0; j < n; j++) bar[j] = -sum * Math.exp(l[at + j]) * (lDot[j] - mean)
      rows.pullLogits(i, bar)
      if (!rows.bendLogits) return
      for (let j = 0; j < n; j++) bar[j] = u[at + j] - sum * Math.exp(l[at + j])
      rows.bendLogits(i, bar)
    },
  }
}

/** The operators of logits: P = softmax by rows. */
export const softmaxRows =
  (make: (x: Float64Array, params: Params) => LogitRows): MakePermutationRows =>
  (x, params) => {
    const n = x.length
    const rows = make(x, params)
    const bar = new Float64Array(n)
    return {
      ...logSoftmaxRows(rows, n),
      prepare: rows.prepare,
      finish: rows.finish,
      preparePush: rows.preparePush,
      row(i, p, at) {
        const top = rows.logits(i, p, at)
        const total = 1 + restOf(p, at, n, top)
        for (let j = at; j < at + n; j++) p[j] = Math.exp(p[j]) / total
      },
      pullRow(i, p, u, at) {
        const mean = meanUnder(p, u, at, n)
        for (let j = 0; j < n; j++) bar[j] = p[at + j] * (u[at + j] - mean)
        rows.pullLogits(i, bar)
      },
      pushRow(i, p, pDot, at) {
        rows.pushLogits(i, pDot, at)
        pushSoftmax(p, pDot, at, n)
      },
      bendRow(i, p, pDot, u, uDot) {
        bendSoftmax(p, pDot, u, uDot, bar)
        rows.pullLogits(i, bar)
        if (!rows.bendLogits) return
        const mean = meanUnder(p, u, 0, n)
        for (let j = 0; j < n; j++) bar[j] = p[j] * (u[j] - mean)
        rows.bendLogits(i, bar)
      },
    }
  }
