/**
 * The table of the fast sum: the logistic function and its slope between two cells of width 2, d cells apart, as short
 * Chebyshev series in both places (kernel.as.ts),
 *
 *   K(2 d + s - t) = sum over a, b of C_d[a][b] T_a(s) T_b(t),   -1 <= s, t <= 1,   |d| <= reach.
 *
 * Made here, so that every host has the same one to the last bit.
 */

import { exp } from '../../engine/library/exp.as'
import { at, ptr, put } from '../../engine/library/task.as'
import { reach, terms } from './kernel.as'

@inline
function logistic(v: f64): f64 {
  return 1 / (1 + exp(-v))
}

@inline
function logisticSlope(v: f64): f64 {
  const e = exp(-abs(v))
  return e / ((1 + e) * (1 + e))
}

/** T_a at node k of p Chebyshev nodes, entry a * p + k. */
function writeNodes(nodes: usize, p: i32): void {
  for (let a = 0; a < p; a++) {
    for (let k = 0; k < p; k++) put<f64>(nodes, a * p + k, Math.cos((f64(a) * Math.PI * (f64(k) + 0.5)) / f64(p)))
  }
}

/** half[k][b] = sum over l of K(2 d + t_k - t_l) T_b(t_l). */
function writeHalf(isSlope: bool, d: i32, p: i32, nodes: usize, half: usize): void {
  memory.fill(half, 0, usize(8 * p * p))
  for (let k = 0; k < p; k++) {
    for (let l = 0; l < p; l++) {
      const v = f64(2 * d) + at<f64>(nodes, p + k) - at<f64>(nodes, p + l)
      const value = isSlope ? logisticSlope(v) : logistic(v)
      for (let b = 0; b < p; b++) {
        put<f64>(half, k * p + b, at<f64>(half, k * p + b) + value * at<f64>(nodes, b * p + l))
      }
    }
  }
}

/** Coefficients of K(2 d + s - t), by discrete orthogonality on the nodes. */
function writeSeries(p: i32, nodes: usize, half: usize, out: usize): void {
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < p; b++) {
      let sum: f64 = 0
      for (let k = 0; k < p; k++) sum += at<f64>(nodes, a * p + k) * at<f64>(half, k * p + b)
      put<f64>(out, a * p + b, (sum * (a == 0 ? 1 : 2) * (b == 0 ? 1 : 2)) / f64(p * p))
    }
  }
}

/** The series of s for cell offsets -reach..reach, those of its slope, and two blocks that only this function uses. */
export function fastSum<T>(table: usize, _length: i32): void {
  const p = terms<T>()
  const d = reach<T>()
  const cells = 2 * d + 1
  const block = p * p
  const nodes = ptr<f64>(table, 2 * cells * block)
  const half = ptr<f64>(nodes, block)
  writeNodes(nodes, p)
  for (let i = 0; i < 2 * cells; i++) {
    writeHalf(i >= cells, (i % cells) - d, p, nodes, half)
    writeSeries(p, nodes, half, ptr<f64>(table, i * block))
  }
}
