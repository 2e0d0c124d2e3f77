/**
 * A dense layer, y = x W + b, on rows [first, end), and its backward passes. Matrices are row-major. Four vectors of outputs and
 * two rows (or two inputs) at a time stay in registers. A row's result does not depend on the other rows, bit for bit.
 */

import { at, ptr, put } from './library/task.as'

/** n inputs, m outputs. */
@unmanaged
export class DenseTask {
  n: i32
  m: i32
  /** rows x n. */
  x: usize
  /** rows x m. */
  y: usize
  yBar: usize
  /** rows x n. */
  xBar: usize
  /** n x m, and m. */
  weights: usize
  biases: usize
  /** Gradients, which are added to. */
  weightsBar: usize
  biasesBar: usize
}

@inline
function lanes<T>(): i32 {
  return 16 / sizeof<T>()
}

@inline
function madd<T>(sum: v128, a: v128, b: v128): v128 {
  return v128.add<T>(sum, v128.mul<T>(a, b))
}

@inline
function total<T>(v: v128): T {
  let sum = v128.extract_lane<T>(v, 0) + v128.extract_lane<T>(v, 1)
  if (sizeof<T>() == 4) sum += v128.extract_lane<T>(v, 2) + v128.extract_lane<T>(v, 3)
  return sum
}

/** a . b of n numbers. */
@inline
function dot<T>(a: usize, b: usize, n: i32): T {
  let sums = v128.splat<T>(0)
  let k = 0
  for (; k + lanes<T>() <= n; k += lanes<T>()) sums = madd<T>(sums, v128.load(ptr<T>(a, k)), v128.load(ptr<T>(b, k)))
  let sum = total<T>(sums)
  for (; k < n; k++) sum += at<T>(a, k) * at<T>(b, k)
  return sum
}

export function dense<T>(task: DenseTask, first: i32, end: i32): void {
  const n = task.n
  const m = task.m
  const L = lanes<T>()
  let o = 0
  for (; o + 4 * L <= m; o += 4 * L) {
    let i = first
    for (; i + 1 < end; i += 2) twoRows<T>(task, n, m, i, o)
    if (i < end) oneRow<T>(task, n, m, i, o)
  }
  for (; o < m; o++) {
    for (let i = first; i < end; i++) {
      const x = ptr<T>(task.x, i * n)
      let sum: T = 0
      if (m == 1) sum = dot<T>(x, task.weights, n)
      else for (let k = 0; k < n; k++) sum += at<T>(x, k) * at<T>(task.weights, k * m + o)
      put<T>(task.y, i * m + o, at<T>(task.biases, o) + sum)
    }
  }
}

/** Four vectors of outputs, from o on, of rows i and i + 1. */
@inline
function twoRows<T>(task: DenseTask, n: i32, m: i32, i: i32, o: i32): void {
  const W = task.weights
  const x = ptr<T>(task.x, i * n)
  const bias = ptr<T>(task.biases, o)
  let p0 = v128.load(bias)
  let p1 = v128.load(bias, 16)
  let p2 = v128.load(bias, 32)
  let p3 = v128.load(bias, 48)
  let q0 = p0
  let q1 = p1
  let q2 = p2
  let q3 = p3
  for (let k = 0; k < n; k++) {
    const row = ptr<T>(W, k * m + o)
    const w0 = v128.load(row)
    const w1 = v128.load(row, 16)
    const w2 = v128.load(row, 32)
    const w3 = v128.load(row, 48)
    const a = v128.splat<T>(at<T>(x, k))
    const b = v128.splat<T>(at<T>(x, n + k))
    p0 = madd<T>(p0, a, w0)
    p1 = madd<T>(p1, a, w1)
    p2 = madd<T>(p2, a, w2)
    p3 = madd<T>(p3, a, w3)
    q0 = madd<T>(q0, b, w0)
    q1 = madd<T>(q1, b, w1)
    q2 = madd<T>(q2, b, w2)
    q3 = madd<T>(q3, b, w3)
  }
  const y = ptr<T>(task.y, i * m + o)
  storeFour(y, p0, p1, p2, p3)
  storeFour(ptr<T>(y, m), q0, q1, q2, q3)
}

/** The same of a row that is left over. */
@inline
function oneRow<T>(task: DenseTask, n: i32, m: i32, i: i32, o: i32): void {
  const W = task.weights
  const x = ptr<T>(task.x, i * n)
  const bias = ptr<T>(task.biases, o)
  let p0 = v128.load(bias)
  let p1 = v128.load(bias, 16)
  let p2 = v128.load(bias, 32)
  let p3 = v128.load(bias, 48)
  for (let k = 0; k < n; k++) {
    const row = ptr<T>(W, k * m + o)
    const a = v128.splat<T>(at<T>(x, k))
    p0 = madd<T>(p0, a, v128.load(row))
    p1 = madd<T>(p1, a, v128.load(row, 16))
    p2 = madd<T>(p2, a, v128.load(row, 32))
    p3 = madd<T>(p3, a, v128.load(row, 48))
  }
  storeFour(ptr<T>(task.y, i * m + o), p0, p1, p2, p3)
}

@inline
function storeFour(to: usize, v0: v128, v1: v128, v2: v128, v3: v128): void {
  v128.store(to, v0)
  v128.store(to, v1, 16)
  v128.store(to, v2, 32)
  v128.store(to, v3, 48)
}

/** Adds x^T yBar to the gradient of the weights and the column sums of yBar to that of the biases. */
export function denseParameters<T>(task: DenseTask, first: i32, end: i32): void {
  const n = task.n
  const m = task.m
  const L = lanes<T>()
  const G = task.weightsBar
  let o = 0
  for (; o + 4 * L <= m; o += 4 * L) {
    let k = 0
    for (; k < n; k += 2) {
      // An odd number of inputs ends with one input taken twice; the second time it is not stored.
      const other = k + 1 < n ? k + 1 : k
      const row = ptr<T>(G, k * m + o)
      const next = ptr<T>(G, other * m + o)
      let p0 = v128.load(row)
      let p1 = v128.load(row, 16)
      let p2 = v128.load(row, 32)
      let p3 = v128.load(row, 48)
      let q0 = v128.load(next)
      let q1 = v128.load(next, 16)
      let q2 = v128.load(next, 32)
      let q3 = v128.load(next, 48)
      for (let i = first; i < end; i++) {
        const g = ptr<T>(task.yBar, i * m + o)
        const g0 = v128.load(g)
        const g1 = v128.load(g, 16)
        const g2 = v128.load(g, 32)
        const g3 = v128.load(g, 48)
        const a = v128.splat<T>(at<T>(task.x, i * n + k))
        const b = v128.splat<T>(at<T>(task.x, i * n + other))
        p0 = madd<T>(p0, a, g0)
        p1 = madd<T>(p1, a, g1)
        p2 = madd<T>(p2, a, g2)
        p3 = madd<T>(p3, a, g3)
        q0 = madd<T>(q0, b, g0)
        q1 = madd<T>(q1, b, g1)
        q2 = madd<T>(q2, b, g2)
        q3 = madd<T>(q3, b, g3)
      }
      v128.store(next, q0)
      v128.store(next, q1, 16)
      v128.store(next, q2, 32)
      v128.store(next, q3, 48)
      v128.store(row, p0)
      v128.store(row, p1, 16)
      v128.store(row, p2, 32)
      v128.store(row, p3, 48)
    }
  }
  for (; o < m; o++) {
    for (let i = first; i < end; i++) {
      const g = at<T>(task.yBar, i * m + o)
      for (let k = 0; k < n; k++) put<T>(G, k * m + o, at<T>(G, k * m + o) + g * at<T>(task.x, i * n + k))
    }
  }
  for (let i = first; i < end; i++) {
    for (let j = 0; j < m; j++) put<T>(task.biasesBar, j, at<T>(task.biasesBar, j) + at<T>(task.yBar, i * m + j))
  }
}

/** xBar = yBar W^T. */
export function denseInput<T>(task: DenseTask, first: i32, end: i32): void {
  const n = task.n
  const m = task.m
  for (let i = first; i < end; i++) {
    const g = ptr<T>(task.yBar, i * m)
    for (let k = 0; k < n; k++) put<T>(task.xBar, i * n + k, dot<T>(g, ptr<T>(task.weights, k * m), m))
  }
}
