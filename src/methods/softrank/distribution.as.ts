/**
 * Ranks of random scores. Item i is ahead of j with probability pi_ij, independently of the others: the number of items ahead of
 * j is Poisson-binomial (Taylor et al., WSDM 2008). Sorted with the foremost item first, pi_ij is 1 - t before j and t behind it,
 * t = tail(|x_i - x_j| / scale); beyond the cutoff t is nothing, so that far items are certain: those in front shift the
 * distribution by their number, those behind do nothing, and the recursion runs over the near ones only,
 *
 *   p(r) <- p(r - 1) pi + p(r) (1 - pi).
 *
 * matrix: P(rank of j is r). topk: the probability that fewer than k are ahead.
 */

import { argsort, argsortScratch } from '../../engine/library/argsort.as'
import { exp64x2 } from '../../engine/library/exp.as'
import { normalDensity64x2, normalTail64x2 } from '../../engine/library/normal.as'
import { at, bytesOf, num, Operator, ptr, put, putNum, Task } from '../../engine/library/task.as'
import { relativeGains } from '../losses/gains.as'
import { LossTask } from '../losses/loss.as'

export const enum Tails {
  normal,
  logistic,
}

@unmanaged
export class RankDistributionTask extends Task {
  operator: Operator
  tails: Tails
  /** sqrt 2 sigma of normal tails, strength of logistic ones. */
  scale: f64
  /** +1 when the largest is foremost, -1 when the smallest is. */
  foremost: f64
  /** topk: how many items. */
  k: f64
}

@unmanaged
export class SoftNdcgTask extends LossTask {
  /** sqrt 2 sigma. */
  scale: f64
  /** Discounts of ranks from 1 on. */
  discounts: usize
}

/** Distance in units of the scale beyond which a tail is nothing, to its gradient as well. */
@inline
function cutoff(kind: i32): f64 {
  return kind == Tails.logistic ? 60 : 12
}

/** Everything about the item that is looked at, and what is near it. */
@unmanaged
class Near {
  /** Everything about the item that is looked at. */
  sorted: usize
  order: usize
  chances: usize
  others: usize
  slopes: usize
  rows: usize
  after: usize
  weights: usize
  /** Near items [low, high) and, of those, how many counts are followed. */
  low: i32
  high: i32
  width: i32
}

const pad: i32 = 4

export function rankDistributionScratch(_task: RankDistributionTask, n: i32): usize {
  return distributionScratch(n)
}

@inline
function distributionScratch(n: i32): usize {
  const array = usize(n + pad) << 3
  return bytesOf<Near>() + 7 * array + argsortScratch(n) + usize(n + 1) * array
}

@inline
function openNear<T>(near: Near, x: usize, n: i32, foremost: f64, order: usize, scratch: usize, sorting: bool): void {
  const array = usize(n + pad) << 3
  near.sorted = scratch + bytesOf<Near>()
  near.chances = near.sorted + array
  near.others = near.chances + array
  near.slopes = near.others + array
  near.after = near.slopes + array
  near.weights = near.after + array
  const spare = near.weights + array
  near.rows = spare + array
  near.order = order
  if (sorting) argsort<T>(x, n, foremost > 0, order, near.rows)
  for (let i = 0; i < n; i++) put<f64>(near.sorted, i, num<T>(x, i32(at<u32>(order, i))))
}

/** Tails of the near items of sorted item j, and the slopes of pi in the value of the other item. */
@inline
function chancesOf(near: Near, j: i32, n: i32, kind: i32, scale: f64, foremost: f64): void {
  const reach = cutoff(kind) * scale
  const here = at<f64>(near.sorted, j)
  near.low = min(near.low, j)
  while (near.low > 0 && Math.abs(at<f64>(near.sorted, near.low - 1) - here) <= reach) near.low--
  while (Math.abs(at<f64>(near.sorted, near.low) - here) > reach) near.low++
  near.high = max(near.high, j + 1)
  while (near.high < n && Math.abs(at<f64>(near.sorted, near.high) - here) <= reach) near.high++
  while (Math.abs(at<f64>(near.sorted, near.high - 1) - here) > reach) near.high--
  const inverse = f64x2.splat(1 / scale)
  const hereV = f64x2.splat(here)
  const one = f64x2.splat(1)
  for (let i = near.low; i < near.high; i += 2) {
    const v = f64x2.abs(f64x2.mul(f64x2.sub(v128.load(ptr<f64>(near.sorted, i)), hereV), inverse))
    let tail = one
    let slope = one
    if (kind == Tails.logistic) {
      const e = exp64x2(f64x2.neg(v))
      const q = f64x2.div(one, f64x2.add(one, e))
      tail = f64x2.mul(e, q)
      slope = f64x2.mul(tail, q)
    } else {
      slope = normalDensity64x2(v)
      tail = normalTail64x2(slope, v)
    }
    // Tied items are ahead of each other with probability one half exactly.
    tail = v128.bitselect(f64x2.splat(0.5), tail, f64x2.eq(v, f64x2.splat(0)))
    v128.store(ptr<f64>(near.others, i), tail)
    v128.store(ptr<f64>(near.slopes, i), f64x2.mul(slope, f64x2.mul(f64x2.splat(foremost), inverse)))
  }
  for (let i = near.low; i < near.high; i++) {
    const tail = at<f64>(near.others, i)
    put<f64>(near.chances, i, i < j ? 1 - tail : tail)
    put<f64>(near.others, i, i < j ? tail : 1 - tail)
  }
  put<f64>(near.chances, j, 0)
  put<f64>(near.others, j, 1)
}

@inline
function rowAt(near: Near, i: i32, n: i32): usize {
  return near.rows + ((usize(i - near.low) * usize(n + pad)) << 3)
}

/**
 * The distributions before every near item is added, one a row, and after the last one; entry r is the probability of
 * low + r items ahead. `length` counts from 0 are of interest. Answers the last row.
 */
@inline
function recursion(near: Near, n: i32, length: i32): usize {
  near.width = max(0, min(length - near.low, near.high - near.low))
  let from = rowAt(near, near.low, n)
  for (let r = 0; r < near.width + 2; r++) put<f64>(from, r, 0)
  if (near.width == 0) return from
  put<f64>(from, 0, 1)
  for (let i = near.low; i < near.high; i++) {
    const to = rowAt(near, i + 1, n)
    const p = at<f64>(near.chances, i)
    const q = at<f64>(near.others, i)
    put<f64>(to, 0, at<f64>(from, 0) * q)
    const pv = f64x2.splat(p)
    const qv = f64x2.splat(q)
    const most = min(near.width, i - near.low + 2)
    let r = 1
    for (; r < most; r += 2) {
      const moved = f64x2.mul(v128.load(ptr<f64>(from, r - 1)), pv)
      v128.store(ptr<f64>(to, r), f64x2.add(moved, f64x2.mul(v128.load(ptr<f64>(from, r)), qv)))
    }
    for (; r < near.width + 2; r++) put<f64>(to, r, 0)
    from = to
  }
  return from
}

/** Pulls pBar (`after`, by count - low) of sorted item j through the recursion into out, in the order of the items. */
@inline
function pullItem(near: Near, j: i32, n: i32, out: usize): void {
  const own = i32(at<u32>(near.order, j))
  let fromOwn: f64 = 0
  put<f64>(near.after, near.width, 0)
  for (let i = near.high - 1; i >= near.low; i--) {
    if (i == j) continue
    const before = rowAt(near, i, n)
    const p = f64x2.splat(at<f64>(near.chances, i))
    const q = f64x2.splat(at<f64>(near.others, i))
    const most = min(near.width, i - near.low + 1)
    let sum = f64x2.splat(0)
    for (let r = 0; r < near.width; r += 2) {
      const here = v128.load(ptr<f64>(near.after, r))
      const next = v128.load(ptr<f64>(near.after, r + 1))
      if (r < most) sum = f64x2.add(sum, f64x2.mul(v128.load(ptr<f64>(before, r)), f64x2.sub(next, here)))
      v128.store(ptr<f64>(near.after, r), f64x2.add(f64x2.mul(next, p), f64x2.mul(here, q)))
    }
    // The lane that hangs over is no count.
    put<f64>(near.after, near.width, 0)
    const pulled = (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)) * at<f64>(near.slopes, i)
    const item = i32(at<u32>(near.order, i))
    put<f64>(out, item, at<f64>(out, item) + pulled)
    fromOwn -= pulled
  }
  put<f64>(out, own, at<f64>(out, own) + fromOwn)
}

/** Shares of the first positions: the last one counts in part when k is no whole number. */
@inline
function shareOf(k: f64, r: i32): f64 {
  return max<f64>(0, min<f64>(1, k - f64(r)))
}

@inline
function lengthOf(task: RankDistributionTask, n: i32): i32 {
  return task.operator == Operator.matrix ? n : min(n, i32(Math.ceil(task.k)))
}

export function rankDistribution<T>(
  task: RankDistributionTask,
  n: i32,
  x: usize,
  entries: usize,
  order: usize,
  scratch: usize,
): void {
  const near = changetype<Near>(scratch)
  openNear<T>(near, x, n, task.foremost, order, scratch, true)
  const length = lengthOf(task, n)
  near.low = 0
  near.high = 0
  for (let j = 0; j < n; j++) {
    const own = i32(at<u32>(near.order, j))
    if (task.operator != Operator.matrix && task.k >= f64(n)) {
      putNum<T>(entries, own, 1)
      continue
    }
    chancesOf(near, j, n, task.tails, task.scale, task.foremost)
    const p = recursion(near, n, length)
    if (task.operator == Operator.matrix) {
      for (let r = 0; r < n; r++) {
        const inside = r >= near.low && r - near.low < near.width
        putNum<T>(entries, r * n + own, inside ? at<f64>(p, r - near.low) : 0)
      }
      continue
    }
    let sum: f64 = 0
    for (let r = 0; r < near.width; r++) sum += shareOf(task.k, near.low + r) * at<f64>(p, r)
    putNum<T>(entries, own, sum)
  }
}

export function pullRankDistribution<T>(
  task: RankDistributionTask,
  n: i32,
  x: usize,
  entriesBar: usize,
  xBar: usize,
  order: usize,
  scratch: usize,
): void {
  const near = changetype<Near>(scratch)
  openNear<T>(near, x, n, task.foremost, order, scratch, false)
  const length = lengthOf(task, n)
  const out = near.weights
  for (let i = 0; i < n; i++) put<f64>(out, i, 0)
  near.low = 0
  near.high = 0
  const all = task.operator != Operator.matrix && task.k >= f64(n)
  for (let j = 0; j < n && !all; j++) {
    const own = i32(at<u32>(near.order, j))
    chancesOf(near, j, n, task.tails, task.scale, task.foremost)
    recursion(near, n, length)
    for (let r = 0; r < near.width; r++) {
      const bar =
        task.operator == Operator.matrix
          ? num<T>(entriesBar, (near.low + r) * n + own)
          : shareOf(task.k, near.low + r) * num<T>(entriesBar, own)
      put<f64>(near.after, r, bar)
    }
    for (let r = near.width; r < near.width + 3; r++) put<f64>(near.after, r, 0)
    pullItem(near, j, n, out)
  }
  for (let i = 0; i < n; i++) putNum<T>(xBar, i, at<f64>(out, i))
}

/** SoftNDCG: -sum_j G_j sum_r D(r) p_j(r), with its gradient. */
export function softNdcg<T>(
  task: SoftNdcgTask,
  n: i32,
  x: usize,
  labels: usize,
  weights: usize,
  order: usize,
  gradient: usize,
  scratch: usize,
): f64 {
  const near = changetype<Near>(scratch)
  for (let i = 0; i < n; i++) put<f64>(gradient, i, 0)
  const items = order
  openNear<T>(near, labels, n, 1, items, scratch, true)
  const ofItems = weights
  for (let k = 0; k < n; k++) put<f64>(near.chances, k, num<T>(ofItems, i32(at<u32>(items, k))))
  if (!relativeGains(near.sorted, near.chances, n, task.discounts, n, near.sorted, near.others, near.rows)) return 0
  const gains = near.weights
  for (let k = 0; k < n; k++) put<f64>(gains, i32(at<u32>(items, k)), at<f64>(near.sorted, k))
  openNear<T>(near, x, n, 1, items, scratch, true)
  let loss: f64 = 0
  near.low = 0
  near.high = 0
  for (let j = 0; j < n; j++) {
    const gain = at<f64>(gains, i32(at<u32>(items, j)))
    if (gain == 0) continue
    chancesOf(near, j, n, Tails.normal, task.scale, 1)
    const p = recursion(near, n, n)
    for (let r = 0; r < near.width; r++) {
      const bar = -gain * at<f64>(task.discounts, near.low + r)
      loss += bar * at<f64>(p, r)
      put<f64>(near.after, r, bar)
    }
    for (let r = near.width; r < near.width + 3; r++) put<f64>(near.after, r, 0)
    pullItem(near, j, n, gradient)
  }
  return loss
}

export function softNdcgScratch(_task: SoftNdcgTask, n: i32): usize {
  return distributionScratch(n)
}
