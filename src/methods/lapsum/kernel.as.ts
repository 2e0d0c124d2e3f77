/**
 * LapSum in O(n) after the sort (Struski et al., ICML 2025). For r = sign x ascending, with decay_j = exp(-(r_(j+1) - r_j) /
 * alpha), the sums of exponentials left_j = 1 + decay_(j-1) left_(j-1) and right_j = 1 + decay_j right_(j+1) give
 *
 *   F-Sum(r_j) = j + 1/2 + (right_j - left_j) / 2      (j from 0)
 *
 * and between two neighbours F-Sum(b) = count - left s / 2 + right t / 2 with s t = decay, a quadratic equation, solved for the
 * nearer neighbour. Only gaps enter: no offset costs digits and nothing overflows.
 *
 * i0: 0 sort, 1 rank, 2 topk. i1: items of the batch. p0: alpha, p1: sign, p2: k. State: five f64 arrays over the items, of which
 * the matrix needs three. Its row l is the step from the mask of the first l - 1 items to that of the first l.
 */

import { argsortScratch, argsortValues } from '../../engine/library/argsort.as';
import { exp } from '../../engine/library/exp.as';
import { at, num, ptr, put, putNum, Task } from '../../engine/library/task.as';

const sortOperator: i32 = 0;
const rankOperator: i32 = 1;

export function lapSumScratch(n: i32): usize {
  return 3 * (<usize>(n + 2) << 3) + argsortScratch(n);
}

/** A row's arrays in the state: decay, left, right, and two of the operator's own. */
@inline
function array(task: Task, which: i32, from: i32): usize {
  return ptr<f64>(task.state, which * task.i1 + from);
}

@inline
function prepare(r: usize, n: i32, alpha: f64, decay: usize, left: usize, right: usize): void {
  for (let j = 0; j + 1 < n; j++) {
    const gap = at<f64>(r, j + 1) - at<f64>(r, j);
    // Exactly 0 where it underflows: a quadratic equation takes its square root.
    put<f64>(decay, j, gap == 0 ? 1 : gap > 700 * alpha ? 0 : exp(-gap / alpha));
  }
  if (n > 0) put<f64>(decay, n - 1, 0);
  let sum: f64 = 0;
  for (let j = 0; j < n; j++) {
    sum = j > 0 ? 1 + at<f64>(decay, j - 1) * sum : 1;
    put<f64>(left, j, sum);
  }
  sum = 0;
  for (let j = n - 1; j >= 0; j--) {
    sum = 1 + at<f64>(decay, j) * sum;
    put<f64>(right, j, sum);
  }
}

/** F-Sum at item j. */
@inline
function height(left: usize, right: usize, j: i32): f64 {
  return <f64>j + 0.5 + 0.5 * (at<f64>(right, j) - at<f64>(left, j));
}

/** The last crossing: items to its left, exp(-distance / alpha) to both neighbours, and the share of those on the left. */
let count: i32 = 0;
let toLeft: f64 = 0;
let toRight: f64 = 0;
let share: f64 = 0;

@inline
function cross(n: i32, decay: usize, left: usize, right: usize, level: f64): void {
  while (count < n && height(left, right, count) < level) count++;
  const a = count > 0 ? at<f64>(left, count - 1) : 0;
  const r = count < n ? at<f64>(right, count) : 0;
  const d = count > 0 && count < n ? at<f64>(decay, count - 1) : 0;
  const excess = <f64>count - level;
  const root = Math.sqrt(excess * excess + a * r * d);
  if (excess > 0) {
    toLeft = (excess + root) / a;
    toRight = d / toLeft;
  } else if (excess < 0) {
    toRight = (root - excess) / r;
    toLeft = d / toRight;
  } else {
    toLeft = Math.sqrt((d * r) / a);
    toRight = Math.sqrt((d * a) / r);
  }
  share = root == 0 ? 0.5 : 0.5 * (1 + excess / root);
}

/** `first` at the neighbour on the left of the crossing, `second` at that on the right, both fading outwards. */
@inline
function fade(first: f64, second: f64, n: i32, decay: usize, out: usize): void {
  let e = first;
  for (let j = count - 1; j >= 0; j--) {
    put<f64>(out, j, e);
    if (j > 0) e *= at<f64>(decay, j - 1);
  }
  e = second;
  for (let j = count; j < n; j++) {
    put<f64>(out, j, e);
    e *= at<f64>(decay, j);
  }
}

export function lapSum<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  const alpha = task.p0;
  const sign = task.p1;
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const y = ptr<T>(task.y, from);
    if (task.i0 > rankOperator && (task.p2 <= 0 || task.p2 >= <f64>n)) {
      for (let i = 0; i < n; i++) putNum<T>(y, i, task.p2 <= 0 ? 0 : 1);
      continue;
    }
    const order = ptr<u32>(task.order, from);
    const r = scratch;
    const decay = array(task, 0, from);
    const left = array(task, 1, from);
    const right = array(task, 2, from);
    argsortValues<T>(ptr<T>(task.x, from), n, sign < 0, sign, order, r, ptr<f64>(r, n + 2));
    prepare(r, n, alpha, decay, left, right);
    if (task.i0 == rankOperator) {
      for (let j = 0; j < n; j++) putNum<T>(y, <i32>at<u32>(order, j), height(left, right, j) + 0.5);
      continue;
    }
    count = 0;
    if (task.i0 == sortOperator) {
      const counts = array(task, 3, from);
      const shares = array(task, 4, from);
      for (let l = 0; l < n; l++) {
        cross(n, decay, left, right, <f64>l + 0.5);
        const point =
          toLeft >= toRight
            ? at<f64>(r, count - 1) - alpha * Math.log(toLeft)
            : at<f64>(r, count) + alpha * Math.log(toRight);
        putNum<T>(y, l, sign * point);
        put<f64>(counts, l, <f64>count);
        put<f64>(shares, l, share);
      }
      continue;
    }
    const tails = array(task, 3, from);
    cross(n, decay, left, right, task.p2);
    fade(0.5 * toLeft, 0.5 * toRight, n, decay, tails);
    const a = count > 0 ? share / at<f64>(left, count - 1) : 0;
    const b = count < n ? (1 - share) / at<f64>(right, count) : 0;
    fade(a, b, n, decay, array(task, 4, from));
    for (let j = 0; j < n; j++) {
      const tail = at<f64>(tails, j);
      putNum<T>(y, <i32>at<u32>(order, j), j < count ? 1 - tail : tail);
    }
  }
}

/** g_j = scale sum over i of exp(-|r_i - r_j| / alpha) (u_j - u_i); differences travel, nothing cancels. */
@inline
function pullRank<T>(task: Task, from: i32, n: i32, order: usize, xBar: usize, scratch: usize): void {
  const decay = array(task, 0, from);
  const left = array(task, 1, from);
  const right = array(task, 2, from);
  const scale = task.p1 / (2 * task.p0);
  const u = scratch;
  const lower = ptr<f64>(u, n + 2);
  for (let j = 0; j < n; j++) put<f64>(u, j, num<T>(task.yBar, from + <i32>at<u32>(order, j)));
  let sum: f64 = 0;
  for (let j = 0; j < n; j++) {
    if (j > 0) sum = at<f64>(decay, j - 1) * (sum + at<f64>(left, j - 1) * (at<f64>(u, j) - at<f64>(u, j - 1)));
    put<f64>(lower, j, sum);
  }
  sum = 0;
  for (let j = n - 1; j >= 0; j--) {
    if (j + 1 < n) sum = at<f64>(decay, j) * (sum + at<f64>(right, j + 1) * (at<f64>(u, j) - at<f64>(u, j + 1)));
    putNum<T>(xBar, <i32>at<u32>(order, j), scale * (at<f64>(lower, j) + sum));
  }
}

/** u at a crossing, shared out to its neighbours. */
@inline
function drop(c: i32, n: i32, own: f64, u: f64, left: usize, right: usize, lower: usize, upper: usize): void {
  if (c > 0) put<f64>(lower, c - 1, at<f64>(lower, c - 1) + (own * u) / at<f64>(left, c - 1));
  if (c < n) put<f64>(upper, c, at<f64>(upper, c) + ((1 - own) * u) / at<f64>(right, c));
}

/** All that was dropped, fading to the left in `lower` and to the right in `upper`. */
@inline
function fadeAll(n: i32, decay: usize, lower: usize, upper: usize): void {
  for (let j = n - 2; j >= 0; j--) put<f64>(lower, j, at<f64>(lower, j) + at<f64>(decay, j) * at<f64>(lower, j + 1));
  for (let j = 1; j < n; j++) put<f64>(upper, j, at<f64>(upper, j) + at<f64>(decay, j - 1) * at<f64>(upper, j - 1));
}

/** An output weighs items by share K / left and (1 - share) K / right: both are dropped at its neighbours and fade. */
@inline
function pullSort<T>(task: Task, from: i32, n: i32, order: usize, xBar: usize, scratch: usize): void {
  const decay = array(task, 0, from);
  const left = array(task, 1, from);
  const right = array(task, 2, from);
  const lower = scratch;
  const upper = ptr<f64>(lower, n + 2);
  for (let j = 0; j < n; j++) {
    put<f64>(lower, j, 0);
    put<f64>(upper, j, 0);
  }
  for (let l = 0; l < n; l++) {
    const c = <i32>at<f64>(array(task, 3, from), l);
    const own = at<f64>(array(task, 4, from), l);
    drop(c, n, own, num<T>(task.yBar, from + l), left, right, lower, upper);
  }
  fadeAll(n, decay, lower, upper);
  for (let j = 0; j < n; j++) putNum<T>(xBar, <i32>at<u32>(order, j), at<f64>(lower, j) + at<f64>(upper, j));
}

export function pullLapSum<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const xBar = ptr<T>(task.xBar, from);
    const order = ptr<u32>(task.order, from);
    if (task.i0 == rankOperator) pullRank<T>(task, from, n, order, xBar, scratch);
    else if (task.i0 == sortOperator) pullSort<T>(task, from, n, order, xBar, scratch);
    else if (task.p2 <= 0 || task.p2 >= <f64>n) {
      for (let i = 0; i < n; i++) putNum<T>(xBar, i, 0);
    } else {
      const tails = array(task, 3, from);
      const weights = array(task, 4, from);
      const yBar = ptr<T>(task.yBar, from);
      let total: f64 = 0;
      for (let j = 0; j < n; j++) total += at<f64>(tails, j) * num<T>(yBar, <i32>at<u32>(order, j));
      const scale = task.p1 / task.p0;
      for (let j = 0; j < n; j++) {
        const item = <i32>at<u32>(order, j);
        putNum<T>(xBar, item, scale * (at<f64>(weights, j) * total - at<f64>(tails, j) * num<T>(yBar, item)));
      }
    }
  }
}

export function lapSumMatrixScratch(n: i32): usize {
  return 4 * (<usize>(n + 2) << 3) + argsortScratch(n);
}

/** Tails of the mask of the first l + 1 items; of all items there is nothing beyond. */
@inline
function tailsOf(l: i32, n: i32, decay: usize, left: usize, right: usize, tails: usize): void {
  if (l == n - 1) {
    count = n;
    memory.fill(tails, 0, <usize>n << 3);
    return;
  }
  cross(n, decay, left, right, <f64>(l + 1));
  fade(0.5 * toLeft, 0.5 * toRight, n, decay, tails);
}

export function lapSumMatrix<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const y = ptr<T>(task.y, <i32>at<u32>(task.outputs, q));
    const order = ptr<u32>(task.order, from);
    const r = scratch;
    const tails = ptr<f64>(r, n + 2);
    const mask = ptr<f64>(tails, n + 2);
    const decay = array(task, 0, from);
    const left = array(task, 1, from);
    const right = array(task, 2, from);
    argsortValues<T>(ptr<T>(task.x, from), n, task.p1 < 0, task.p1, order, r, ptr<f64>(mask, n + 2));
    prepare(r, n, task.p0, decay, left, right);
    memory.fill(mask, 0, <usize>n << 3);
    count = 0;
    for (let l = 0; l < n; l++) {
      const before = count;
      tailsOf(l, n, decay, left, right, tails);
      const entries = ptr<T>(y, l * n);
      // A mask is 1 - tail on the left of its crossing: held as -tail, and 1 where the crossing has passed.
      for (let j = 0; j < n; j++) {
        const tail = at<f64>(tails, j);
        const next = j < count ? -tail : tail;
        const passed: f64 = j >= before && j < count ? 1 : 0;
        putNum<T>(entries, <i32>at<u32>(order, j), max<f64>(0, next - at<f64>(mask, j) + passed));
        put<f64>(mask, j, next);
      }
    }
  }
}

export function pullLapSumMatrix<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const yBar = ptr<T>(task.yBar, <i32>at<u32>(task.outputs, q));
    const xBar = ptr<T>(task.xBar, from);
    const order = ptr<u32>(task.order, from);
    const tails = scratch;
    const lower = ptr<f64>(tails, n + 2);
    const upper = ptr<f64>(lower, n + 2);
    const own = ptr<f64>(upper, n + 2);
    const decay = array(task, 0, from);
    const left = array(task, 1, from);
    const right = array(task, 2, from);
    memory.fill(lower, 0, 3 * (<usize>(n + 2) << 3));
    count = 0;
    for (let l = 0; l + 1 < n; l++) {
      tailsOf(l, n, decay, left, right, tails);
      const here = ptr<T>(yBar, l * n);
      const next = ptr<T>(here, n);
      let total: f64 = 0;
      for (let j = 0; j < n; j++) {
        const item = <i32>at<u32>(order, j);
        const pulled = at<f64>(tails, j) * (num<T>(here, item) - num<T>(next, item));
        total += pulled;
        put<f64>(own, j, at<f64>(own, j) - pulled);
      }
      drop(count, n, share, total, left, right, lower, upper);
    }
    fadeAll(n, decay, lower, upper);
    const scale = task.p1 / task.p0;
    for (let j = 0; j < n; j++) {
      const pulled = at<f64>(own, j) + at<f64>(lower, j) + at<f64>(upper, j);
      putNum<T>(xBar, <i32>at<u32>(order, j), scale * pulled);
    }
  }
}
