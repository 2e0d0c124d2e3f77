/**
 * SoftSort with absolute distances in O(n) after the sort. With s sorted and a_k = exp(-|s_k - s_(k-1)| / tau) the kernel
 * K_kj = exp(-|s_k - s_j| / tau) factorises over what lies between, so that every sum over it is two recurrences,
 *
 *   sum over j < k of K_kj f_j =: F_k = a_k (F_(k-1) + f_(k-1)),   and the same from the right.
 *
 * Differences travel with them: D_k = sum over j < k of K_kj (v_j - v_k) = a_k (D_(k-1) + (v_(k-1) - v_k) (1 + L_(k-1))), so
 * that no offset is ever subtracted from a large sum. P_kj = K_kj / Z_k, Z_k = 1 + L_k + R_k.
 *
 *   sort   y_k = s_k + D_k / Z_k            VJP  w_k = u_k,  v = s
 *   rank   r_j = sum_k w_k P_kj             VJP  w_k = k + 1,  v = u       (topk: the share of row k)
 *
 * with logit gradients w_k P_kj (v_j - m_k) / tau, pulled through -|s_k - s_j| at both ends.
 */

import { argsortScratch, argsortValues, gather } from '../../engine/library/argsort.as'
import { exp, exp64x2 } from '../../engine/library/exp.as'
import { at, num, Operator, ptr, put, putNum, Task } from '../../engine/library/task.as'

@unmanaged
export class SoftSortTask extends Task {
  operator: Operator
  tau: f64
  /** +1 ascending, -1 descending. */
  sign: f64
  /** topk: how many items. */
  k: f64
}

/** Bytes: nine f64 arrays; argsort comes after. */
export function softSortScratch(_task: SoftSortTask, n: i32): usize {
  return 9 * (usize(n + 2) << 3) + argsortScratch(n)
}

/** a[k] for 0 < k < n, and 0 at both ends: nothing comes from outside. */
function decays(s: usize, n: i32, tau: f64, a: usize): void {
  const factor = -1 / tau
  let k = 1
  for (; k + 1 < n; k += 2) {
    const gap = f64x2.abs(f64x2.sub(v128.load(ptr<f64>(s, k)), v128.load(ptr<f64>(s, k - 1))))
    v128.store(ptr<f64>(a, k), exp64x2(f64x2.mul(gap, f64x2.splat(factor))))
  }
  for (; k < n; k++) put<f64>(a, k, exp(Math.abs(at<f64>(s, k) - at<f64>(s, k - 1)) * factor))
  put<f64>(a, 0, 0)
  put<f64>(a, n, 0)
}

/** Z, and D = sum over j of K_kj (v_j - v_k), for all k; L and R are left in their arrays. */
function sums(a: usize, v: usize, n: i32, L: usize, R: usize, DL: usize, DR: usize): void {
  let l: f64 = 0
  let d: f64 = 0
  for (let k = 0; k < n; k++) {
    const decay = at<f64>(a, k)
    if (k > 0) d = decay * (d + (at<f64>(v, k - 1) - at<f64>(v, k)) * (1 + l))
    l = k > 0 ? decay * (1 + l) : 0
    put<f64>(L, k, l)
    put<f64>(DL, k, d)
  }
  l = 0
  d = 0
  for (let k = n - 1; k >= 0; k--) {
    const decay = at<f64>(a, k + 1)
    if (k + 1 < n) d = decay * (d + (at<f64>(v, k + 1) - at<f64>(v, k)) * (1 + l))
    l = k + 1 < n ? decay * (1 + l) : 0
    put<f64>(R, k, l)
    put<f64>(DR, k, d)
  }
}

@inline
function weightOf(task: SoftSortTask, k: i32): f64 {
  if (task.operator == Operator.rank) return f64(k + 1)
  return max<f64>(0, min<f64>(1, task.k - f64(k)))
}

@inline
function takesAll(task: SoftSortTask, n: i32): bool {
  return task.operator == Operator.topk && task.k >= f64(n)
}

export function softSort<T>(task: SoftSortTask, n: i32, x: usize, y: usize, order: usize, scratch: usize): void {
  if (takesAll(task, n)) {
    for (let i = 0; i < n; i++) putNum<T>(y, i, 1)
    return
  }
  const s = scratch
  const a = ptr<f64>(s, n + 2)
  const L = ptr<f64>(a, n + 2)
  const R = ptr<f64>(L, n + 2)
  const DL = ptr<f64>(R, n + 2)
  const DR = ptr<f64>(DL, n + 2)
  argsortValues<T>(x, n, task.sign < 0, 1, order, s, L)
  decays(s, n, task.tau, a)
  sums(a, s, n, L, R, DL, DR)
  if (task.operator == Operator.sort) {
    for (let k = 0; k < n; k++) {
      const Z = 1 + at<f64>(L, k) + at<f64>(R, k)
      putNum<T>(y, k, at<f64>(s, k) + (at<f64>(DL, k) + at<f64>(DR, k)) / Z)
    }
    return
  }
  // DL becomes w / Z, DR the sum that comes from the left.
  let sum: f64 = 0
  for (let k = 0; k < n; k++) put<f64>(DL, k, weightOf(task, k) / (1 + at<f64>(L, k) + at<f64>(R, k)))
  for (let j = 0; j < n; j++) {
    if (j > 0) sum = at<f64>(a, j) * (sum + at<f64>(DL, j - 1))
    put<f64>(DR, j, sum)
  }
  sum = 0
  for (let j = n - 1; j >= 0; j--) {
    if (j + 1 < n) sum = at<f64>(a, j + 1) * (sum + at<f64>(DL, j + 1))
    putNum<T>(y, i32(at<u32>(order, j)), at<f64>(DR, j) + at<f64>(DL, j) + sum)
  }
}

export function pullSoftSort<T>(
  task: SoftSortTask,
  n: i32,
  x: usize,
  yBar: usize,
  xBar: usize,
  order: usize,
  scratch: usize,
): void {
  const tau = task.tau
  if (takesAll(task, n)) {
    for (let i = 0; i < n; i++) putNum<T>(xBar, i, 0)
    return
  }
  const direct = task.operator == Operator.sort
  const s = scratch
  const a = ptr<f64>(s, n + 2)
  const L = ptr<f64>(a, n + 2)
  const R = ptr<f64>(L, n + 2)
  const DL = ptr<f64>(R, n + 2)
  const DR = ptr<f64>(DL, n + 2)
  const g = ptr<f64>(DR, n + 2)
  const other = ptr<f64>(g, n + 2)
  const w = ptr<f64>(other, n + 2)
  gather<T>(x, order, n, 1, s)
  decays(s, n, tau, a)
  let v = s
  if (!direct) {
    v = other
    gather<T>(yBar, order, n, 1, v)
  }
  sums(a, v, n, L, R, DL, DR)
  // w becomes w / Z. The pivot of row k: its columns on the left pull it one way, those on the right the other,
  // each weighing v_j - m_k = (v_j - v_k) - D_k / Z_k.
  for (let k = 0; k < n; k++) {
    const l = at<f64>(L, k)
    const r = at<f64>(R, k)
    const Z = 1 + l + r
    const weight = (direct ? num<T>(yBar, k) : weightOf(task, k)) / Z
    const shift = (at<f64>(DL, k) + at<f64>(DR, k)) / Z
    put<f64>(g, k, weight * (at<f64>(DR, k) - r * shift - at<f64>(DL, k) + l * shift))
    put<f64>(w, k, weight)
    // What a column adds to v_k - m_k when it moves on from k.
    put<f64>(DL, k, -weight * shift)
  }
  // Columns: A_j = sum over k < j of K w_k / Z_k, and E_j the same of (v_j - m_k).
  let A: f64 = 0
  let E: f64 = 0
  for (let j = 1; j < n; j++) {
    const decay = at<f64>(a, j)
    const before = A + at<f64>(w, j - 1)
    E = decay * (E + at<f64>(DL, j - 1) + (at<f64>(v, j) - at<f64>(v, j - 1)) * before)
    A = decay * before
    put<f64>(g, j, at<f64>(g, j) - E)
    put<f64>(R, j, A)
  }
  put<f64>(R, 0, 0)
  A = 0
  E = 0
  const factor = task.sign / tau
  for (let j = n - 1; j >= 0; j--) {
    if (j + 1 < n) {
      const decay = at<f64>(a, j + 1)
      const before = A + at<f64>(w, j + 1)
      E = decay * (E + at<f64>(DL, j + 1) + (at<f64>(v, j) - at<f64>(v, j + 1)) * before)
      A = decay * before
    }
    const pulled = factor * (at<f64>(g, j) + E)
    const own = direct ? at<f64>(R, j) + at<f64>(w, j) + A : 0
    putNum<T>(xBar, i32(at<u32>(order, j)), pulled + own)
  }
}
