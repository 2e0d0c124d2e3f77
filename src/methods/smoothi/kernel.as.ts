/**
 * SmoothI rank indicators (Thonet et al., AAAI 2022), with S = sign (x - its lowest) and c^1 = 1:
 *
 *   I^r = softmax(alpha S c^r),   c^(r + 1) = c^r (1 - I^r - delta)
 *
 * the matrix of all of them, and losses -sum over r <= k of D_r t . I^r. Where the gradient stops at c a row is pulled as soon as it
 * is there and nothing is kept; the exact gradient runs back over all rows.
 *
 * Matrix: i1: 1 stops the gradient. p0: alpha, p1: delta, p2: sign. Losses: i0: 0 NDCG, 1 precision, i2: ranks that count, 0 all,
 * table: discounts.
 */

import { argsortScratch } from '../../engine/library/argsort.as';
import { exp64x2 } from '../../engine/library/exp.as';
import { itemGains } from '../losses/gains.as';
import { gradientOf } from '../losses/loss.as';
import { at, num, ptr, put, putNum, Task } from '../../engine/library/task.as';

const vectors: i32 = 10;

/** Bytes of a line of n numbers and a lane that hangs over. */
@inline
function lineBytes(n: i32): usize {
  return <usize>((n + 3) & ~1) << 3;
}

export function smoothIndicatorsScratch(n: i32): usize {
  return <usize>vectors * lineBytes(n) + argsortScratch(n);
}

/** With room for all rows of I and c. */
export function exactIndicatorsScratch(n: i32): usize {
  return smoothIndicatorsScratch(n) + <usize>(2 * n) * lineBytes(n);
}

let n: i32 = 0;
let line: usize = 0;
let alpha: f64 = 0;
let delta: f64 = 0;
let sign: f64 = 1;
let exact: bool = false;
let lowest: i32 = 0;
let S: usize = 0;
let SBar: usize = 0;
let cBar: usize = 0;
let IBar: usize = 0;
let targets: usize = 0;
/** Row r is `line` after row r - 1 where rows are kept, and in its place where not. */
let I: usize = 0;
let c: usize = 0;
let free: usize = 0;

@inline
function rowOf(lines: usize, r: i32): usize {
  return exact ? lines + <usize>r * line : lines;
}

function open<T>(task: Task, from: i32, scratch: usize): void {
  line = lineBytes(n);
  alpha = task.p0;
  delta = task.p1;
  sign = task.p2;
  exact = task.i1 == 0;
  S = scratch;
  SBar = S + line;
  cBar = SBar + line;
  IBar = cBar + line;
  targets = IBar + line;
  memory.fill(scratch, 0, 5 * line);
  free = targets + line;
  I = free;
  c = I + (exact ? <usize>n * line : line);
  const x = ptr<T>(task.x, from);
  lowest = 0;
  for (let j = 1; j < n; j++) if (sign * num<T>(x, j) < sign * num<T>(x, lowest)) lowest = j;
  for (let j = 0; j < n; j++) put<f64>(S, j, sign * (num<T>(x, j) - num<T>(x, lowest)));
}

/** I^r and c^r, rows from 0. */
@inline
function writeRow(r: i32): void {
  const to = rowOf(I, r);
  const own = rowOf(c, r);
  const one = f64x2.splat(1);
  let top = f64x2.splat(-Infinity);
  for (let j = 0; j < n; j += 2) {
    let factor = one;
    if (r > 0) {
      const left = f64x2.sub(f64x2.sub(one, v128.load(ptr<f64>(rowOf(I, r - 1), j))), f64x2.splat(delta));
      factor = f64x2.mul(v128.load(ptr<f64>(rowOf(c, r - 1), j)), left);
    }
    const z = f64x2.mul(f64x2.mul(f64x2.splat(alpha), v128.load(ptr<f64>(S, j))), factor);
    v128.store(ptr<f64>(own, j), factor);
    v128.store(ptr<f64>(to, j), z);
  }
  if (n & 1) put<f64>(to, n, -Infinity);
  for (let j = 0; j < n; j += 2) top = f64x2.pmax(top, v128.load(ptr<f64>(to, j)));
  const shift = f64x2.splat(max(f64x2.extract_lane(top, 0), f64x2.extract_lane(top, 1)));
  let sum = f64x2.splat(0);
  for (let j = 0; j < n; j += 2) {
    const e = exp64x2(f64x2.sub(v128.load(ptr<f64>(to, j)), shift));
    v128.store(ptr<f64>(to, j), e);
    sum = f64x2.add(sum, e);
  }
  const inverse = f64x2.splat(1 / (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)));
  for (let j = 0; j < n; j += 2) v128.store(ptr<f64>(to, j), f64x2.mul(v128.load(ptr<f64>(to, j)), inverse));
  if (n & 1) put<f64>(to, n, 0);
}

/** sum over j of a_j b_j. */
@inline
function dot(a: usize, b: usize): f64 {
  let sum = f64x2.splat(0);
  for (let j = 0; j < n; j += 2) {
    sum = f64x2.add(sum, f64x2.mul(v128.load(ptr<f64>(a, j)), v128.load(ptr<f64>(b, j))));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Adds what row r pulls, its gradient being in IBar: to SBar, and to cBar, which comes in as that of c^(r + 1). */
@inline
function pullRow(r: i32): void {
  const row = rowOf(I, r);
  const own = rowOf(c, r);
  if (exact) {
    for (let j = 0; j < n; j += 2) {
      const through = f64x2.mul(v128.load(ptr<f64>(cBar, j)), v128.load(ptr<f64>(own, j)));
      v128.store(ptr<f64>(IBar, j), f64x2.sub(v128.load(ptr<f64>(IBar, j)), through));
    }
  }
  const mean = f64x2.splat(dot(row, IBar));
  const steep = f64x2.splat(alpha);
  for (let j = 0; j < n; j += 2) {
    const p = v128.load(ptr<f64>(row, j));
    const pulled = f64x2.mul(steep, f64x2.mul(p, f64x2.sub(v128.load(ptr<f64>(IBar, j)), mean)));
    const to = ptr<f64>(SBar, j);
    v128.store(to, f64x2.add(v128.load(to), f64x2.mul(v128.load(ptr<f64>(own, j)), pulled)));
    if (exact) {
      const bar = ptr<f64>(cBar, j);
      const left = f64x2.sub(f64x2.sub(f64x2.splat(1), p), f64x2.splat(delta));
      const kept = f64x2.mul(v128.load(bar), left);
      v128.store(bar, f64x2.add(kept, f64x2.mul(v128.load(ptr<f64>(S, j)), pulled)));
    }
  }
}

/** xBar from SBar: all values are taken relative to the lowest. */
@inline
function finish<T>(xBar: usize): void {
  let sum: f64 = 0;
  for (let j = 0; j < n; j++) {
    sum += at<f64>(SBar, j);
    putNum<T>(xBar, j, sign * at<f64>(SBar, j));
  }
  if (n > 0) putNum<T>(xBar, lowest, sign * (at<f64>(SBar, lowest) - sum));
}

export function smoothIndicators<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    n = <i32>at<u32>(task.offsets, q + 1) - from;
    open<T>(task, from, scratch);
    const y = ptr<T>(task.y, <i32>at<u32>(task.outputs, q));
    for (let r = 0; r < n; r++) {
      writeRow(r);
      for (let j = 0; j < n; j++) putNum<T>(y, r * n + j, at<f64>(rowOf(I, r), j));
    }
  }
}

@inline
function readGradient<T>(yBar: usize, r: i32): void {
  for (let j = 0; j < n; j++) put<f64>(IBar, j, num<T>(yBar, r * n + j));
}

export function pullSmoothIndicators<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    n = <i32>at<u32>(task.offsets, q + 1) - from;
    open<T>(task, from, scratch);
    const yBar = ptr<T>(task.yBar, <i32>at<u32>(task.outputs, q));
    for (let r = 0; r < n; r++) {
      writeRow(r);
      if (exact) continue;
      readGradient<T>(yBar, r);
      pullRow(r);
    }
    for (let r = n - 1; r >= 0 && exact; r--) {
      readGradient<T>(yBar, r);
      pullRow(r);
    }
    finish<T>(ptr<T>(task.xBar, from));
  }
}

/** Targets of the items; answers whether any is not 0. */
@inline
function readTargets<T>(task: Task, from: i32, cutoff: i32): bool {
  const labels = ptr<T>(task.labels, from);
  const weights = ptr<T>(task.weights, from);
  const order = ptr<u32>(task.order, from);
  if (task.i0 == 0) return itemGains<T>(labels, weights, n, task.table, cutoff, targets, order, free);
  let any = false;
  for (let j = 0; j < n; j++) {
    const target = num<T>(labels, j) > 0 ? num<T>(weights, j) : 0;
    put<f64>(targets, j, target);
    any = any || target > 0;
  }
  return any;
}

/** Gradient in row r: -D_r t. */
@inline
function weighTargets(task: Task, r: i32): void {
  const weight = -weightOf(task, r);
  for (let j = 0; j < n; j++) put<f64>(IBar, j, weight * at<f64>(targets, j));
}

@inline
function weightOf(task: Task, r: i32): f64 {
  return task.i0 == 0 ? at<f64>(task.table, r) : 1 / <f64>(task.i2 == 0 ? n : task.i2);
}

export function smoothiLoss<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    n = <i32>at<u32>(task.offsets, q + 1) - from;
    open<T>(task, from, scratch);
    const gradient = gradientOf(task, from);
    const rows = task.i2 == 0 ? n : min(n, task.i2);
    let loss: f64 = 0;
    if (readTargets<T>(task, from, rows)) {
      for (let r = 0; r < rows; r++) {
        writeRow(r);
        loss -= weightOf(task, r) * dot(rowOf(I, r), targets);
        if (exact) continue;
        weighTargets(task, r);
        pullRow(r);
      }
      for (let r = rows - 1; r >= 0 && exact; r--) {
        weighTargets(task, r);
        pullRow(r);
      }
    }
    put<f64>(task.y, q, loss);
    finish<f64>(gradient);
  }
}
