/**
 * SmoothI rank indicators (Thonet et al., AAAI 2022), with S = sign (x - its lowest) and c^1 = 1:
 *
 *   I^r = softmax(alpha S c^r),   c^(r + 1) = c^r (1 - I^r - delta)
 *
 * the matrix of all of them, and losses -sum over r <= k of D_r t . I^r. Where the gradient stops at c a row is pulled as soon as it
 * is there and nothing is kept; the exact gradient runs back over all rows.
 */

import { argsortScratch } from '../../engine/library/argsort.as'
import { exp64x2 } from '../../engine/library/exp.as'
import { at, bytesOf, num, ptr, put, putNum, Task } from '../../engine/library/task.as'
import { itemGains } from '../losses/gains.as'

@unmanaged
export class SmoothiTask extends Task {
  /** Not 0: the gradient stops at the factors c. */
  stops: i32
  alpha: f64
  delta: f64
  /** +1 descending, -1 ascending. */
  sign: f64
}

export const enum IndicatorMetric {
  ndcg,
  precision,
}

@unmanaged
export class SmoothiLossTask extends SmoothiTask {
  metric: IndicatorMetric
  /** Ranks that count; 0 all. */
  k: i32
  /** Discounts of ranks from 1 on. */
  discounts: usize
}

/** The gradient. */
export function smoothiLossState(_task: SmoothiLossTask, n: i32): usize {
  return usize(n) * 8
}

const vectors: i32 = 10

/** Bytes of a line of n numbers and a lane that hangs over. */
@inline
function lineBytes(n: i32): usize {
  return usize((n + 3) & ~1) << 3
}

/** The exact gradient wants all rows of I and c. */
export function smoothiScratch(task: SmoothiTask, n: i32): usize {
  const lines = vectors + (task.stops ? 0 : 2 * n)
  return bytesOf<Indicators>() + usize(lines) * lineBytes(n) + argsortScratch(n)
}

/** Rank indicators of a row, and what pulls on them. */
@unmanaged
class Indicators {
  n: i32
  line: usize
  alpha: f64
  delta: f64
  sign: f64
  exact: bool
  lowest: i32
  S: usize
  SBar: usize
  cBar: usize
  IBar: usize
  targets: usize
  /** Row r is `line` after row r - 1 where rows are kept, and in its place where not. */
  I: usize
  c: usize
  free: usize
}

@inline
function rowOf(all: Indicators, lines: usize, r: i32): usize {
  return all.exact ? lines + usize(r) * all.line : lines
}

function open<T>(all: Indicators, task: SmoothiTask, x: usize, scratch: usize): void {
  const n = all.n
  all.line = lineBytes(n)
  all.alpha = task.alpha
  all.delta = task.delta
  all.sign = task.sign
  all.exact = task.stops == 0
  all.S = scratch + bytesOf<Indicators>()
  all.SBar = all.S + all.line
  all.cBar = all.SBar + all.line
  all.IBar = all.cBar + all.line
  all.targets = all.IBar + all.line
  memory.fill(all.S, 0, 5 * all.line)
  all.free = all.targets + all.line
  all.I = all.free
  all.c = all.I + (all.exact ? usize(n) * all.line : all.line)
  all.lowest = 0
  for (let j = 1; j < n; j++) if (all.sign * num<T>(x, j) < all.sign * num<T>(x, all.lowest)) all.lowest = j
  for (let j = 0; j < n; j++) put<f64>(all.S, j, all.sign * (num<T>(x, j) - num<T>(x, all.lowest)))
}

/** I^r and c^r, rows from 0. */
@inline
function writeRow(all: Indicators, r: i32): void {
  const n = all.n
  const to = rowOf(all, all.I, r)
  const own = rowOf(all, all.c, r)
  const one = f64x2.splat(1)
  let top = f64x2.splat(-Infinity)
  for (let j = 0; j < n; j += 2) {
    let factor = one
    if (r > 0) {
      const left = f64x2.sub(f64x2.sub(one, v128.load(ptr<f64>(rowOf(all, all.I, r - 1), j))), f64x2.splat(all.delta))
      factor = f64x2.mul(v128.load(ptr<f64>(rowOf(all, all.c, r - 1), j)), left)
    }
    const z = f64x2.mul(f64x2.mul(f64x2.splat(all.alpha), v128.load(ptr<f64>(all.S, j))), factor)
    v128.store(ptr<f64>(own, j), factor)
    v128.store(ptr<f64>(to, j), z)
  }
  if (n & 1) put<f64>(to, n, -Infinity)
  for (let j = 0; j < n; j += 2) top = f64x2.pmax(top, v128.load(ptr<f64>(to, j)))
  const shift = f64x2.splat(max(f64x2.extract_lane(top, 0), f64x2.extract_lane(top, 1)))
  let sum = f64x2.splat(0)
  for (let j = 0; j < n; j += 2) {
    const e = exp64x2(f64x2.sub(v128.load(ptr<f64>(to, j)), shift))
    v128.store(ptr<f64>(to, j), e)
    sum = f64x2.add(sum, e)
  }
  const inverse = f64x2.splat(1 / (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)))
  for (let j = 0; j < n; j += 2) v128.store(ptr<f64>(to, j), f64x2.mul(v128.load(ptr<f64>(to, j)), inverse))
  if (n & 1) put<f64>(to, n, 0)
}

/** sum over j of a_j b_j. */
@inline
function dot(all: Indicators, a: usize, b: usize): f64 {
  const n = all.n
  let sum = f64x2.splat(0)
  for (let j = 0; j < n; j += 2) {
    sum = f64x2.add(sum, f64x2.mul(v128.load(ptr<f64>(a, j)), v128.load(ptr<f64>(b, j))))
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

/** Adds what row r pulls, its gradient being in IBar: to SBar, and to cBar, which comes in as that of c^(r + 1). */
@inline
function pullRow(all: Indicators, r: i32): void {
  const n = all.n
  const row = rowOf(all, all.I, r)
  const own = rowOf(all, all.c, r)
  if (all.exact) {
    for (let j = 0; j < n; j += 2) {
      const through = f64x2.mul(v128.load(ptr<f64>(all.cBar, j)), v128.load(ptr<f64>(own, j)))
      v128.store(ptr<f64>(all.IBar, j), f64x2.sub(v128.load(ptr<f64>(all.IBar, j)), through))
    }
  }
  const mean = f64x2.splat(dot(all, row, all.IBar))
  const steep = f64x2.splat(all.alpha)
  for (let j = 0; j < n; j += 2) {
    const p = v128.load(ptr<f64>(row, j))
    const pulled = f64x2.mul(steep, f64x2.mul(p, f64x2.sub(v128.load(ptr<f64>(all.IBar, j)), mean)))
    const to = ptr<f64>(all.SBar, j)
    v128.store(to, f64x2.add(v128.load(to), f64x2.mul(v128.load(ptr<f64>(own, j)), pulled)))
    if (all.exact) {
      const bar = ptr<f64>(all.cBar, j)
      const left = f64x2.sub(f64x2.sub(f64x2.splat(1), p), f64x2.splat(all.delta))
      const kept = f64x2.mul(v128.load(bar), left)
      v128.store(bar, f64x2.add(kept, f64x2.mul(v128.load(ptr<f64>(all.S, j)), pulled)))
    }
  }
}

/** xBar from SBar: all values are taken relative to the lowest. */
@inline
function finish<T>(all: Indicators, xBar: usize): void {
  const n = all.n
  let sum: f64 = 0
  for (let j = 0; j < n; j++) {
    sum += at<f64>(all.SBar, j)
    putNum<T>(xBar, j, all.sign * at<f64>(all.SBar, j))
  }
  if (n > 0) putNum<T>(xBar, all.lowest, all.sign * (at<f64>(all.SBar, all.lowest) - sum))
}

export function smoothIndicators<T>(task: SmoothiTask, n: i32, x: usize, entries: usize, scratch: usize): void {
  const all = changetype<Indicators>(scratch)

  all.n = n
  open<T>(all, task, x, scratch)
  for (let r = 0; r < all.n; r++) {
    writeRow(all, r)
    for (let j = 0; j < all.n; j++) putNum<T>(entries, r * all.n + j, at<f64>(rowOf(all, all.I, r), j))
  }
}

@inline
function readGradient<T>(all: Indicators, yBar: usize, r: i32): void {
  const n = all.n
  for (let j = 0; j < n; j++) put<f64>(all.IBar, j, num<T>(yBar, r * n + j))
}

export function pullSmoothIndicators<T>(
  task: SmoothiTask,
  n: i32,
  x: usize,
  entriesBar: usize,
  xBar: usize,
  scratch: usize,
): void {
  const all = changetype<Indicators>(scratch)

  all.n = n
  open<T>(all, task, x, scratch)
  for (let r = 0; r < all.n; r++) {
    writeRow(all, r)
    if (all.exact) continue
    readGradient<T>(all, entriesBar, r)
    pullRow(all, r)
  }
  for (let r = all.n - 1; r >= 0 && all.exact; r--) {
    readGradient<T>(all, entriesBar, r)
    pullRow(all, r)
  }
  finish<T>(all, xBar)
}

/** Targets of the items; answers whether any is not 0. */
@inline
function readTargets<T>(
  all: Indicators,
  task: SmoothiLossTask,
  labels: usize,
  weights: usize,
  order: usize,
  cutoff: i32,
): bool {
  const n = all.n
  if (task.metric == IndicatorMetric.ndcg)
    return itemGains<T>(labels, weights, n, task.discounts, cutoff, all.targets, order, all.free)
  let any = false
  for (let j = 0; j < n; j++) {
    const target = num<T>(labels, j) > 0 ? num<T>(weights, j) : 0
    put<f64>(all.targets, j, target)
    any = any || target > 0
  }
  return any
}

/** Gradient in row r: -D_r t. */
@inline
function weighTargets(all: Indicators, task: SmoothiLossTask, r: i32): void {
  const n = all.n
  const weight = -weightOf(all, task, r)
  for (let j = 0; j < n; j++) put<f64>(all.IBar, j, weight * at<f64>(all.targets, j))
}

@inline
function weightOf(all: Indicators, task: SmoothiLossTask, r: i32): f64 {
  return task.metric == IndicatorMetric.ndcg ? at<f64>(task.discounts, r) : 1 / f64(task.k == 0 ? all.n : task.k)
}

export function smoothiLoss<T>(
  task: SmoothiLossTask,
  n: i32,
  x: usize,
  labels: usize,
  weights: usize,
  order: usize,
  gradient: usize,
  scratch: usize,
): f64 {
  const all = changetype<Indicators>(scratch)

  all.n = n
  open<T>(all, task, x, scratch)
  const rows = task.k == 0 ? all.n : min(all.n, task.k)
  let loss: f64 = 0
  if (readTargets<T>(all, task, labels, weights, order, rows)) {
    for (let r = 0; r < rows; r++) {
      writeRow(all, r)
      loss -= weightOf(all, task, r) * dot(all, rowOf(all, all.I, r), all.targets)
      if (all.exact) continue
      weighTargets(all, task, r)
      pullRow(all, r)
    }
    for (let r = rows - 1; r >= 0 && all.exact; r--) {
      weighTargets(all, task, r)
      pullRow(all, r)
    }
  }
  finish<f64>(all, gradient)
  return loss
}
