/**
 * SmoothI rank indicators of one row, with S = x - min x (descending) and c^1 = 1:
 *
 *   I^r = softmax(alpha S c^r),   c^(r+1) = c^r (1 - I^r - delta)
 *
 * Thonet, Cinar, Gaussier, Li, Renders, "SmoothI: Smooth Rank Indicators for Differentiable IR Metrics", AAAI 2022. The
 * released code stops the gradient at c; the exact one goes through it.
 */

import { pushSoftmax, softmaxInPlace } from '../numerics/softmax.ts'

interface IndicatorOptions {
  readonly alpha: number
  readonly delta: number
  readonly stopGradient: boolean
  /** 1: rank 1 is the largest; -1: the smallest. */
  readonly sign: 1 | -1
}

interface Indicators {
  /** Writes I^1, ..., I^rows to out, row by row; out is kept and read by the other passes. */
  run(x: Float64Array): void
  /** xBar from the gradient in all rows. */
  pull(outBar: Float64Array, xBar: Float64Array): void
  push(xDot: Float64Array, outDot: Float64Array): void
}

/** @param out rows x n entries, owned by the caller */
export function createIndicators(n: number, rows: number, out: Float64Array, options: IndicatorOptions): Indicators {
  const { alpha, delta, stopGradient, sign } = options
  const [S, c] = [new Float64Array(n), new Float64Array(rows * n)]
  const [SBar, cBar, IBar] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  const [SDot, cDot] = [new Float64Array(n), new Float64Array(n)]
  let lowest = 0

  const shift = (x: Float64Array) => {
    lowest = 0
    for (let j = 1; j < n; j++) if (sign * x[j] < sign * x[lowest]) lowest = j
    for (let j = 0; j < n; j++) S[j] = sign * (x[j] - x[lowest])
  }

  return {
    run(x) {
      shift(x)
      for (let r = 0; r < rows; r++) {
        const at = r * n
        for (let j = 0; j < n; j++) {
          c[at + j] = r === 0 ? 1 : c[at - n + j] * (1 - out[at - n + j] - delta)
          out[at + j] = alpha * S[j] * c[at + j]
        }
        softmaxInPlace(out, at, n, 1)
      }
    },
    pull(outBar, xBar) {
      SBar.fill(0)
      cBar.fill(0)
      for (let r = rows - 1; r >= 0; r--) {
        const at = r * n
        // cBar is that of c^(r+1): its part through I^r joins the gradient of this row.
        for (let j = 0; j < n; j++) IBar[j] = outBar[at + j] - cBar[j] * c[at + j]
        let mean = 0
        for (let j = 0; j < n; j++) mean += out[at + j] * IBar[j]
        for (let j = 0; j < n; j++) {
          const zBar = out[at + j] * (IBar[j] - mean)
          SBar[j] += alpha * c[at + j] * zBar
          if (!stopGradient) cBar[j] = cBar[j] * (1 - out[at + j] - delta) + alpha * S[j] * zBar
        }
      }
      let sum = 0
      for (let j = 0; j < n; j++) {
        xBar[j] = sign * SBar[j]
        sum += xBar[j]
      }
      if (n > 0) xBar[lowest] -= sum
    },
    push(xDot, outDot) {
      for (let j = 0; j < n; j++) SDot[j] = sign * (xDot[j] - xDot[lowest])
      cDot.fill(0)
      for (let r = 0; r < rows; r++) {
        const at = r * n
        for (let j = 0; j < n; j++) outDot[at + j] = alpha * (SDot[j] * c[at + j] + S[j] * cDot[j])
        pushSoftmax(out, outDot, at, n)
        if (stopGradient) continue
        for (let j = 0; j < n; j++) cDot[j] = cDot[j] * (1 - out[at + j] - delta) - c[at + j] * outDot[at + j]
      }
    },
  }
}
