/**
 * The table of the engine's fast sum: the logistic function and its slope between two cells of width 2, d cells apart, as
 * short Chebyshev series in both places (kernel.as.ts),
 *
 *   K(2 d + s - t) = sum over a, b of C_d[a][b] T_a(s) T_b(t),   -1 <= s, t <= 1,   |d| <= reach.
 */

import type { Precision } from '../../core/shape.ts'

/** Terms of a series and cells on either side; the kernel has the same numbers. */
const sizes = { f32: { terms: 10, reach: 10 }, f64: { terms: 20, reach: 20 } } as const

const logistic = (v: number): number => 1 / (1 + Math.exp(-v))

function logisticSlope(v: number): number {
  const e = Math.exp(-Math.abs(v))
  return e / (1 + e) ** 2
}

/** T_a at node k of p Chebyshev nodes, entry a * p + k. */
const chebyshevAtNodes = (p: number): Float64Array =>
  Float64Array.from({ length: p * p }, (_, i) => Math.cos((Math.floor(i / p) * Math.PI * ((i % p) + 0.5)) / p))

/** Coefficients of K(2 d + s - t), by discrete orthogonality on the nodes. */
function writeSeries(kernel: (v: number) => number, d: number, p: number, T: Float64Array, out: Float64Array): void {
  const half = new Float64Array(p * p)
  for (let k = 0; k < p; k++) {
    for (let l = 0; l < p; l++) {
      const value = kernel(2 * d + T[p + k] - T[p + l])
      for (let b = 0; b < p; b++) half[k * p + b] += value * T[b * p + l]
    }
  }
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < p; b++) {
      let sum = 0
      for (let k = 0; k < p; k++) sum += T[a * p + k] * half[k * p + b]
      out[a * p + b] = (sum * (a === 0 ? 1 : 2) * (b === 0 ? 1 : 2)) / (p * p)
    }
  }
}

function createTable(precision: Precision): Float64Array {
  const { terms: p, reach } = sizes[precision]
  const T = chebyshevAtNodes(p)
  const cells = 2 * reach + 1
  const table = new Float64Array(2 * cells * p * p)
  for (const [k, kernel] of [logistic, logisticSlope].entries()) {
    for (let d = -reach; d <= reach; d++) {
      const at = (k * cells + d + reach) * p * p
      writeSeries(kernel, d, p, T, table.subarray(at, at + p * p))
    }
  }
  return table
}

const tables = new Map<Precision, Float64Array>()

/** Made on first use, a few milliseconds. */
export function fastSumTable(precision: Precision): Float64Array {
  const known = tables.get(precision) ?? createTable(precision)
  tables.set(precision, known)
  return known
}
