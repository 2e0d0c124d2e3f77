/**
 * LapSum in O(n) after the sort (Struski et al., ICML 2025). For r = sign x ascending, with decay_j = exp(-(r_(j+1) - r_j) /
 * alpha), the sums of exponentials left_j = 1 + decay_(j-1) left_(j-1) and right_j = 1 + decay_j right_(j+1) give
 *
 *   F-Sum(r_j) = j + 1/2 + (right_j - left_j) / 2      (j from 0)
 *
 * and between two neighbours F-Sum(b) = count - left s / 2 + right t / 2 with s t = decay, a quadratic equation, solved for the
 * nearer neighbour. Only gaps enter: no offset costs digits and nothing overflows.
 *
 * State: five f64 arrays a row, of which the matrix needs three. Its row l is the step from the mask of the first l - 1 items to
 * that of the first l.
 */

import { argsortScratch, argsortValues } from '../../engine/library/argsort.as'
import { exp } from '../../engine/library/exp.as'
import { at, bytesOf, num, Operator, ptr, put, putNum, Task } from '../../engine/library/task.as'

@unmanaged
export class LapSumTask extends Task {
  operator: Operator
  alpha: f64
  /** +1 ascending, -1 descending. */
  sign: f64
  /** topk: how many items. */
  k: f64
}

@unmanaged
export class LapSumMatrixTask extends Task {
  alpha: f64
  /** +1 ascending, -1 descending. */
  sign: f64
}

export function lapSumState(_task: LapSumTask, n: i32): usize {
  return usize(n) * 5 * 8
}

export function lapSumMatrixState(_task: LapSumMatrixTask, n: i32): usize {
  return usize(n) * 3 * 8
}

export function lapSumScratch(_task: LapSumTask, n: i32): usize {
  return bytesOf<Crossing>() + 3 * (usize(n + 2) << 3) + argsortScratch(n)
}

/** A row's arrays in the state: decay, left, right, and two of the operator's own. */
@inline
function array(n: i32, state: usize, which: i32): usize {
  return ptr<f64>(state, which * n)
}

@inline
function prepare(r: usize, n: i32, alpha: f64, decay: usize, left: usize, right: usize): void {
  for (let j = 0; j + 1 < n; j++) {
    const gap = at<f64>(r, j + 1) - at<f64>(r, j)
    // Exactly 0 where it underflows: a quadratic equation takes its square root.
    put<f64>(decay, j, gap == 0 ? 1 : gap > 700 * alpha ? 0 : exp(-gap / alpha))
  }
  if (n > 0) put<f64>(decay, n - 1, 0)
  let sum: f64 = 0
  for (let j = 0; j < n; j++) {
    sum = j > 0 ? 1 + at<f64>(decay, j - 1) * sum : 1
    put<f64>(left, j, sum)
  }
  sum = 0
  for (let j = n - 1; j >= 0; j--) {
    sum = 1 + at<f64>(decay, j) * sum
    put<f64>(right, j, sum)
  }
}

/** F-Sum at item j. */
@inline
function height(left: usize, right: usize, j: i32): f64 {
  return f64(j) + 0.5 + 0.5 * (at<f64>(right, j) - at<f64>(left, j))
}

/** Where F-Sum last crossed a level. */
@unmanaged
class Crossing {
  /** The last crossing: items to its left, exp(-distance / alpha) to both neighbours, and the share of those on the left. */
  count: i32
  toLeft: f64
  toRight: f64
  share: f64
}

@inline
function cross(crossing: Crossing, n: i32, decay: usize, left: usize, right: usize, level: f64): void {
  while (crossing.count < n && height(left, right, crossing.count) < level) crossing.count++
  const a = crossing.count > 0 ? at<f64>(left, crossing.count - 1) : 0
  const r = crossing.count < n ? at<f64>(right, crossing.count) : 0
  const d = crossing.count > 0 && crossing.count < n ? at<f64>(decay, crossing.count - 1) : 0
  const excess = f64(crossing.count) - level
  const root = Math.sqrt(excess * excess + a * r * d)
  if (excess > 0) {
    crossing.toLeft = (excess + root) / a
    crossing.toRight = d / crossing.toLeft
  } else if (excess < 0) {
    crossing.toRight = (root - excess) / r
    crossing.toLeft = d / crossing.toRight
  } else {
    crossing.toLeft = Math.sqrt((d * r) / a)
    crossing.toRight = Math.sqrt((d * a) / r)
  }
  crossing.share = root == 0 ? 0.5 : 0.5 * (1 + excess / root)
}

/** `first` at the neighbour on the left of the crossing, `second` at that on the right, both fading outwards. */
@inline
function fade(crossing: Crossing, first: f64, second: f64, n: i32, decay: usize, out: usize): void {
  let e = first
  for (let j = crossing.count - 1; j >= 0; j--) {
    put<f64>(out, j, e)
    if (j > 0) e *= at<f64>(decay, j - 1)
  }
  e = second
  for (let j = crossing.count; j < n; j++) {
    put<f64>(out, j, e)
    e *= at<f64>(decay, j)
  }
}

export function lapSum<T>(
  task: LapSumTask,
  n: i32,
  x: usize,
  y: usize,
  order: usize,
  state: usize,
  scratch: usize,
): void {
  const crossing = changetype<Crossing>(scratch)
  const alpha = task.alpha
  const sign = task.sign
  if (task.operator == Operator.topk && (task.k <= 0 || task.k >= f64(n))) {
    for (let i = 0; i < n; i++) putNum<T>(y, i, task.k <= 0 ? 0 : 1)
    return
  }
  const r = scratch + bytesOf<Crossing>()
  const decay = array(n, state, 0)
  const left = array(n, state, 1)
  const right = array(n, state, 2)
  argsortValues<T>(x, n, sign < 0, sign, order, r, ptr<f64>(r, n + 2))
  prepare(r, n, alpha, decay, left, right)
  if (task.operator == Operator.rank) {
    for (let j = 0; j < n; j++) putNum<T>(y, i32(at<u32>(order, j)), height(left, right, j) + 0.5)
    return
  }
  crossing.count = 0
  if (task.operator == Operator.sort) {
    const counts = array(n, state, 3)
    const shares = array(n, state, 4)
    for (let l = 0; l < n; l++) {
      cross(crossing, n, decay, left, right, f64(l) + 0.5)
      const point =
        crossing.toLeft >= crossing.toRight
          ? at<f64>(r, crossing.count - 1) - alpha * Math.log(crossing.toLeft)
          : at<f64>(r, crossing.count) + alpha * Math.log(crossing.toRight)
      putNum<T>(y, l, sign * point)
      put<f64>(counts, l, f64(crossing.count))
      put<f64>(shares, l, crossing.share)
    }
    return
  }
  const tails = array(n, state, 3)
  cross(crossing, n, decay, left, right, task.k)
  fade(crossing, 0.5 * crossing.toLeft, 0.5 * crossing.toRight, n, decay, tails)
  const a = crossing.count > 0 ? crossing.share / at<f64>(left, crossing.count - 1) : 0
  const b = crossing.count < n ? (1 - crossing.share) / at<f64>(right, crossing.count) : 0
  fade(crossing, a, b, n, decay, array(n, state, 4))
  for (let j = 0; j < n; j++) {
    const tail = at<f64>(tails, j)
    putNum<T>(y, i32(at<u32>(order, j)), j < crossing.count ? 1 - tail : tail)
  }
}

/** g_j = scale sum over i of exp(-|r_i - r_j| / alpha) (u_j - u_i); differences travel, nothing cancels. */
@inline
function pullRank<T>(
  task: LapSumTask,
  yBar: usize,
  state: usize,
  n: i32,
  order: usize,
  xBar: usize,
  scratch: usize,
): void {
  const decay = array(n, state, 0)
  const left = array(n, state, 1)
  const right = array(n, state, 2)
  const scale = task.sign / (2 * task.alpha)
  const u = scratch
  const lower = ptr<f64>(u, n + 2)
  for (let j = 0; j < n; j++) put<f64>(u, j, num<T>(yBar, i32(at<u32>(order, j))))
  let sum: f64 = 0
  for (let j = 0; j < n; j++) {
    if (j > 0) sum = at<f64>(decay, j - 1) * (sum + at<f64>(left, j - 1) * (at<f64>(u, j) - at<f64>(u, j - 1)))
    put<f64>(lower, j, sum)
  }
  sum = 0
  for (let j = n - 1; j >= 0; j--) {
    if (j + 1 < n) sum = at<f64>(decay, j) * (sum + at<f64>(right, j + 1) * (at<f64>(u, j) - at<f64>(u, j + 1)))
    putNum<T>(xBar, i32(at<u32>(order, j)), scale * (at<f64>(lower, j) + sum))
  }
}

/** u at a crossing, shared out to its neighbours. */
@inline
function drop(c: i32, n: i32, own: f64, u: f64, left: usize, right: usize, lower: usize, upper: usize): void {
  if (c > 0) put<f64>(lower, c - 1, at<f64>(lower, c - 1) + (own * u) / at<f64>(left, c - 1))
  if (c < n) put<f64>(upper, c, at<f64>(upper, c) + ((1 - own) * u) / at<f64>(right, c))
}

/** All that was dropped, fading to the left in `lower` and to the right in `upper`. */
@inline
function fadeAll(n: i32, decay: usize, lower: usize, upper: usize): void {
  for (let j = n - 2; j >= 0; j--) put<f64>(lower, j, at<f64>(lower, j) + at<f64>(decay, j) * at<f64>(lower, j + 1))
  for (let j = 1; j < n; j++) put<f64>(upper, j, at<f64>(upper, j) + at<f64>(decay, j - 1) * at<f64>(upper, j - 1))
}

/** An output weighs items by share K / left and (1 - share) K / right: both are dropped at its neighbours and fade. */
@inline
function pullSort<T>(
  _task: LapSumTask,
  yBar: usize,
  state: usize,
  n: i32,
  order: usize,
  xBar: usize,
  scratch: usize,
): void {
  const decay = array(n, state, 0)
  const left = array(n, state, 1)
  const right = array(n, state, 2)
  const lower = scratch
  const upper = ptr<f64>(lower, n + 2)
  for (let j = 0; j < n; j++) {
    put<f64>(lower, j, 0)
    put<f64>(upper, j, 0)
  }
  for (let l = 0; l < n; l++) {
    const c = i32(at<f64>(array(n, state, 3), l))
    const own = at<f64>(array(n, state, 4), l)
    drop(c, n, own, num<T>(yBar, l), left, right, lower, upper)
  }
  fadeAll(n, decay, lower, upper)
  for (let j = 0; j < n; j++) putNum<T>(xBar, i32(at<u32>(order, j)), at<f64>(lower, j) + at<f64>(upper, j))
}

export function pullLapSum<T>(
  task: LapSumTask,
  n: i32,
  yBar: usize,
  xBar: usize,
  order: usize,
  state: usize,
  scratch: usize,
): void {
  if (task.operator == Operator.rank) pullRank<T>(task, yBar, state, n, order, xBar, scratch)
  else if (task.operator == Operator.sort) pullSort<T>(task, yBar, state, n, order, xBar, scratch)
  else if (task.k <= 0 || task.k >= f64(n)) {
    for (let i = 0; i < n; i++) putNum<T>(xBar, i, 0)
  } else {
    const tails = array(n, state, 3)
    const weights = array(n, state, 4)
    let total: f64 = 0
    for (let j = 0; j < n; j++) total += at<f64>(tails, j) * num<T>(yBar, i32(at<u32>(order, j)))
    const scale = task.sign / task.alpha
    for (let j = 0; j < n; j++) {
      const item = i32(at<u32>(order, j))
      putNum<T>(xBar, item, scale * (at<f64>(weights, j) * total - at<f64>(tails, j) * num<T>(yBar, item)))
    }
  }
}

export function lapSumMatrixScratch(_task: LapSumMatrixTask, n: i32): usize {
  return bytesOf<Crossing>() + 4 * (usize(n + 2) << 3) + argsortScratch(n)
}

/** Tails of the mask of the first l + 1 items; of all items there is nothing beyond. */
@inline
function tailsOf(crossing: Crossing, l: i32, n: i32, decay: usize, left: usize, right: usize, tails: usize): void {
  if (l == n - 1) {
    crossing.count = n
    memory.fill(tails, 0, usize(n) << 3)
    return
  }
  cross(crossing, n, decay, left, right, f64(l + 1))
  fade(crossing, 0.5 * crossing.toLeft, 0.5 * crossing.toRight, n, decay, tails)
}

export function lapSumMatrix<T>(
  task: LapSumMatrixTask,
  n: i32,
  x: usize,
  entries: usize,
  order: usize,
  state: usize,
  scratch: usize,
): void {
  const crossing = changetype<Crossing>(scratch)
  const r = scratch + bytesOf<Crossing>()
  const tails = ptr<f64>(r, n + 2)
  const mask = ptr<f64>(tails, n + 2)
  const decay = array(n, state, 0)
  const left = array(n, state, 1)
  const right = array(n, state, 2)
  argsortValues<T>(x, n, task.sign < 0, task.sign, order, r, ptr<f64>(mask, n + 2))
  prepare(r, n, task.alpha, decay, left, right)
  memory.fill(mask, 0, usize(n) << 3)
  crossing.count = 0
  for (let l = 0; l < n; l++) {
    const before = crossing.count
    tailsOf(crossing, l, n, decay, left, right, tails)
    const line = ptr<T>(entries, l * n)
    // A mask is 1 - tail on the left of its crossing: held as -tail, and 1 where the crossing has passed.
    for (let j = 0; j < n; j++) {
      const tail = at<f64>(tails, j)
      const next = j < crossing.count ? -tail : tail
      const passed: f64 = j >= before && j < crossing.count ? 1 : 0
      putNum<T>(line, i32(at<u32>(order, j)), max<f64>(0, next - at<f64>(mask, j) + passed))
      put<f64>(mask, j, next)
    }
  }
}

export function pullLapSumMatrix<T>(
  task: LapSumMatrixTask,
  n: i32,
  entriesBar: usize,
  xBar: usize,
  order: usize,
  state: usize,
  scratch: usize,
): void {
  const crossing = changetype<Crossing>(scratch)
  const tails = scratch + bytesOf<Crossing>()
  const lower = ptr<f64>(tails, n + 2)
  const upper = ptr<f64>(lower, n + 2)
  const own = ptr<f64>(upper, n + 2)
  const decay = array(n, state, 0)
  const left = array(n, state, 1)
  const right = array(n, state, 2)
  memory.fill(lower, 0, 3 * (usize(n + 2) << 3))
  crossing.count = 0
  for (let l = 0; l + 1 < n; l++) {
    tailsOf(crossing, l, n, decay, left, right, tails)
    const here = ptr<T>(entriesBar, l * n)
    const next = ptr<T>(here, n)
    let total: f64 = 0
    for (let j = 0; j < n; j++) {
      const item = i32(at<u32>(order, j))
      const pulled = at<f64>(tails, j) * (num<T>(here, item) - num<T>(next, item))
      total += pulled
      put<f64>(own, j, at<f64>(own, j) - pulled)
    }
    drop(crossing.count, n, crossing.share, total, left, right, lower, upper)
  }
  fadeAll(n, decay, lower, upper)
  const scale = task.sign / task.alpha
  for (let j = 0; j < n; j++) {
    const pulled = at<f64>(own, j) + at<f64>(lower, j) + at<f64>(upper, j)
    putNum<T>(xBar, i32(at<u32>(order, j)), scale * pulled)
  }
}
