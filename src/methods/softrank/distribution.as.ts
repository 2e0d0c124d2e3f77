/**
 * Ranks of random scores. Item i is ahead of j with probability pi_ij, independently of the others: the number of items ahead of
 * j is Poisson-binomial (Taylor et al., WSDM 2008). Sorted with the foremost item first, pi_ij is 1 - t before j and t behind it,
 * t = tail(|x_i - x_j| / scale); beyond the cutoff t is nothing, so that far items are certain: those in front shift the
 * distribution by their number, those behind do nothing, and the recursion runs over the near ones only,
 *
 *   p(r) <- p(r - 1) pi + p(r) (1 - pi).
 *
 * i0: 0 matrix P(rank of j is r), 1 topk, the probability that fewer than k are ahead. i1: 0 normal, 1 logistic tails.
 * p0: scale (sqrt 2 sigma, or strength), p1: +1 when the largest is foremost, p2: k.
 */

import { argsort, argsortScratch } from '../../engine/library/argsort.as';
import { exp64x2 } from '../../engine/library/exp.as';
import { relativeGains } from '../losses/gains.as';
import { gradientOf } from '../losses/loss.as';
import { normalDensity64x2, normalTail64x2 } from '../../engine/library/normal.as';
import { at, num, ptr, put, putNum, Task } from '../../engine/library/task.as';

const matrix: i32 = 0;
const logistic: i32 = 1;

/** Distance in units of the scale beyond which a tail is nothing, to its gradient as well. */
@inline
function cutoff(kind: i32): f64 {
  return kind == logistic ? 60 : 12;
}

/** Everything about the item that is looked at. */
let sorted: usize = 0;
let order: usize = 0;
let chances: usize = 0;
let others: usize = 0;
let slopes: usize = 0;
let rows: usize = 0;
let after: usize = 0;
let weights: usize = 0;
/** Near items [low, high) and, of those, how many counts are followed. */
let low: i32 = 0;
let high: i32 = 0;
let width: i32 = 0;

const pad: i32 = 4;

export function rankDistributionScratch(n: i32): usize {
  const array = <usize>(n + pad) << 3;
  return 7 * array + argsortScratch(n) + <usize>(n + 1) * array;
}

@inline
function openRow<T>(x: usize, n: i32, foremost: f64, order_: usize, scratch: usize, sorting: bool): void {
  const array = <usize>(n + pad) << 3;
  sorted = scratch;
  chances = sorted + array;
  others = chances + array;
  slopes = others + array;
  after = slopes + array;
  weights = after + array;
  const spare = weights + array;
  rows = spare + array;
  order = order_;
  if (sorting) argsort<T>(x, n, foremost > 0, order, rows);
  for (let i = 0; i < n; i++) put<f64>(sorted, i, num<T>(x, <i32>at<u32>(order, i)));
}

/** Tails of the near items of sorted item j, and the slopes of pi in the value of the other item. */
@inline
function chancesOf(j: i32, n: i32, kind: i32, scale: f64, foremost: f64): void {
  const reach = cutoff(kind) * scale;
  const here = at<f64>(sorted, j);
  low = min(low, j);
  while (low > 0 && Math.abs(at<f64>(sorted, low - 1) - here) <= reach) low--;
  while (Math.abs(at<f64>(sorted, low) - here) > reach) low++;
  high = max(high, j + 1);
  while (high < n && Math.abs(at<f64>(sorted, high) - here) <= reach) high++;
  while (Math.abs(at<f64>(sorted, high - 1) - here) > reach) high--;
  const inverse = f64x2.splat(1 / scale);
  const hereV = f64x2.splat(here);
  const one = f64x2.splat(1);
  for (let i = low; i < high; i += 2) {
    const v = f64x2.abs(f64x2.mul(f64x2.sub(v128.load(ptr<f64>(sorted, i)), hereV), inverse));
    let tail = one;
    let slope = one;
    if (kind == logistic) {
      const e = exp64x2(f64x2.neg(v));
      const q = f64x2.div(one, f64x2.add(one, e));
      tail = f64x2.mul(e, q);
      slope = f64x2.mul(tail, q);
    } else {
      slope = normalDensity64x2(v);
      tail = normalTail64x2(slope, v);
    }
    // Tied items are ahead of each other with probability one half exactly.
    tail = v128.bitselect(f64x2.splat(0.5), tail, f64x2.eq(v, f64x2.splat(0)));
    v128.store(ptr<f64>(others, i), tail);
    v128.store(ptr<f64>(slopes, i), f64x2.mul(slope, f64x2.mul(f64x2.splat(foremost), inverse)));
  }
  for (let i = low; i < high; i++) {
    const tail = at<f64>(others, i);
    put<f64>(chances, i, i < j ? 1 - tail : tail);
    put<f64>(others, i, i < j ? tail : 1 - tail);
  }
  put<f64>(chances, j, 0);
  put<f64>(others, j, 1);
}

@inline
function rowAt(i: i32, n: i32): usize {
  return rows + (<usize>(i - low) * <usize>(n + pad) << 3);
}

/**
 * The distributions before every near item is added, one a row, and after the last one; entry r is the probability of
 * low + r items ahead. `length` counts from 0 are of interest. Answers the last row.
 */
@inline
function recursion(n: i32, length: i32): usize {
  width = max(0, min(length - low, high - low));
  let from = rowAt(low, n);
  for (let r = 0; r < width + 2; r++) put<f64>(from, r, 0);
  if (width == 0) return from;
  put<f64>(from, 0, 1);
  for (let i = low; i < high; i++) {
    const to = rowAt(i + 1, n);
    const p = at<f64>(chances, i);
    const q = at<f64>(others, i);
    put<f64>(to, 0, at<f64>(from, 0) * q);
    const pv = f64x2.splat(p);
    const qv = f64x2.splat(q);
    const most = min(width, i - low + 2);
    let r = 1;
    for (; r < most; r += 2) {
      const moved = f64x2.mul(v128.load(ptr<f64>(from, r - 1)), pv);
      v128.store(ptr<f64>(to, r), f64x2.add(moved, f64x2.mul(v128.load(ptr<f64>(from, r)), qv)));
    }
    for (; r < width + 2; r++) put<f64>(to, r, 0);
    from = to;
  }
  return from;
}

/** Pulls pBar (`after`, by count - low) of sorted item j through the recursion into out, in the order of the items. */
@inline
function pullItem(j: i32, n: i32, out: usize): void {
  const own = <i32>at<u32>(order, j);
  let fromOwn: f64 = 0;
  put<f64>(after, width, 0);
  for (let i = high - 1; i >= low; i--) {
    if (i == j) continue;
    const before = rowAt(i, n);
    const p = f64x2.splat(at<f64>(chances, i));
    const q = f64x2.splat(at<f64>(others, i));
    const most = min(width, i - low + 1);
    let sum = f64x2.splat(0);
    for (let r = 0; r < width; r += 2) {
      const here = v128.load(ptr<f64>(after, r));
      const next = v128.load(ptr<f64>(after, r + 1));
      if (r < most) sum = f64x2.add(sum, f64x2.mul(v128.load(ptr<f64>(before, r)), f64x2.sub(next, here)));
      v128.store(ptr<f64>(after, r), f64x2.add(f64x2.mul(next, p), f64x2.mul(here, q)));
    }
    // The lane that hangs over is no count.
    put<f64>(after, width, 0);
    const pulled = (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)) * at<f64>(slopes, i);
    const item = <i32>at<u32>(order, i);
    put<f64>(out, item, at<f64>(out, item) + pulled);
    fromOwn -= pulled;
  }
  put<f64>(out, own, at<f64>(out, own) + fromOwn);
}

/** Shares of the first positions: the last one counts in part when k is no whole number. */
@inline
function shareOf(k: f64, r: i32): f64 {
  return max<f64>(0, min<f64>(1, k - <f64>r));
}

@inline
function lengthOf(task: Task, n: i32): i32 {
  return task.i0 == matrix ? n : min(n, <i32>Math.ceil(task.p2));
}

export function rankDistribution<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const y = ptr<T>(task.y, <i32>at<u32>(task.outputs, q));
    openRow<T>(ptr<T>(task.x, from), n, task.p1, ptr<u32>(task.order, from), scratch, true);
    const length = lengthOf(task, n);
    low = 0;
    high = 0;
    for (let j = 0; j < n; j++) {
      const own = <i32>at<u32>(order, j);
      if (task.i0 != matrix && task.p2 >= <f64>n) {
        putNum<T>(y, own, 1);
        continue;
      }
      chancesOf(j, n, task.i1, task.p0, task.p1);
      const p = recursion(n, length);
      if (task.i0 == matrix) {
        for (let r = 0; r < n; r++) {
          const inside = r >= low && r - low < width;
          putNum<T>(y, r * n + own, inside ? at<f64>(p, r - low) : 0);
        }
        continue;
      }
      let sum: f64 = 0;
      for (let r = 0; r < width; r++) sum += shareOf(task.p2, low + r) * at<f64>(p, r);
      putNum<T>(y, own, sum);
    }
  }
}

export function pullRankDistribution<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const yBar = ptr<T>(task.yBar, <i32>at<u32>(task.outputs, q));
    openRow<T>(ptr<T>(task.x, from), n, task.p1, ptr<u32>(task.order, from), scratch, false);
    const length = lengthOf(task, n);
    const out = weights;
    for (let i = 0; i < n; i++) put<f64>(out, i, 0);
    low = 0;
    high = 0;
    const all = task.i0 != matrix && task.p2 >= <f64>n;
    for (let j = 0; j < n && !all; j++) {
      const own = <i32>at<u32>(order, j);
      chancesOf(j, n, task.i1, task.p0, task.p1);
      recursion(n, length);
      for (let r = 0; r < width; r++) {
        const bar =
          task.i0 == matrix ? num<T>(yBar, (low + r) * n + own) : shareOf(task.p2, low + r) * num<T>(yBar, own);
        put<f64>(after, r, bar);
      }
      for (let r = width; r < width + 3; r++) put<f64>(after, r, 0);
      pullItem(j, n, out);
    }
    for (let i = 0; i < n; i++) putNum<T>(task.xBar, from + i, at<f64>(out, i));
  }
}

/** SoftNDCG: -sum_j G_j sum_r D(r) p_j(r), with its gradient. p0: sqrt 2 sigma. table: discounts. */
export function softNdcg<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const gradient = gradientOf(task, from);
    for (let i = 0; i < n; i++) put<f64>(gradient, i, 0);
    put<f64>(task.y, q, 0);
    const labels = ptr<T>(task.labels, from);
    const items = ptr<u32>(task.order, from);
    openRow<T>(labels, n, 1, items, scratch, true);
    const ofItems = ptr<T>(task.weights, from);
    for (let k = 0; k < n; k++) put<f64>(chances, k, num<T>(ofItems, <i32>at<u32>(items, k)));
    if (!relativeGains(sorted, chances, n, task.table, n, sorted, others, rows)) continue;
    const gains = weights;
    for (let k = 0; k < n; k++) put<f64>(gains, <i32>at<u32>(items, k), at<f64>(sorted, k));
    openRow<T>(ptr<T>(task.x, from), n, 1, items, scratch, true);
    let loss: f64 = 0;
    low = 0;
    high = 0;
    for (let j = 0; j < n; j++) {
      const gain = at<f64>(gains, <i32>at<u32>(items, j));
      if (gain == 0) continue;
      chancesOf(j, n, 0, task.p0, 1);
      const p = recursion(n, n);
      for (let r = 0; r < width; r++) {
        const bar = -gain * at<f64>(task.table, low + r);
        loss += bar * at<f64>(p, r);
        put<f64>(after, r, bar);
      }
      for (let r = width; r < width + 3; r++) put<f64>(after, r, 0);
      pullItem(j, n, gradient);
    }
    put<f64>(task.y, q, loss);
  }
}

export function softNdcgScratch(n: i32): usize {
  return rankDistributionScratch(n);
}
