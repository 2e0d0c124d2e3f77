/**
 * Losses by softmax over a list, O(n): ListNet, softmax cross entropy, ListMLE (ties of labels in file order).
 *
 * ListMLE needs neither a logarithm nor an exponential more an item: with e_k = exp(s_k - max s), in label order, and tails
 * S_k = e_k + ... + e_n, the loss is the logarithm of the product of S_k / e_k >= 1, and its gradient e_k sum over i <= k
 * of 1 / S_i, minus 1. Where exp does not span the scores, tails are carried relative to their own largest score.
 */

import { argsort, argsortScratch } from '../../engine/library/argsort.as'
import { exp, exp64x2, exp64x2Short } from '../../engine/library/exp.as'
import { log64x2 } from '../../engine/library/log.as'
import { at, bytesOf, num, num2, ptr, put } from '../../engine/library/task.as'
import { LossTask } from './loss.as'

export const enum ListwiseLoss {
  listNet,
  softmax,
  listMle,
}

@unmanaged
export class ListwiseTask extends LossTask {
  loss: ListwiseLoss
}

/** Spread of scores up to which four of the ratios S / e multiply to a number. */
const productSpan: f64 = 150

export function listwiseScratch(_task: ListwiseTask, n: i32): usize {
  return bytesOf<Softmax>() + 3 * (usize(n + 2) << 3) + argsortScratch(n)
}

/** What the last exponentials left. */
@unmanaged
class Softmax {
  /** The largest x. */
  top: f64
  /** Sum of exp(x - top). */
  total: f64
}

/** The largest of n > 0 numbers. */
@inline
function largest<T>(x: usize, n: i32): f64 {
  const lanes: i32 = 16 / sizeof<T>()
  let found = v128.splat<T>(at<T>(x, n - 1))
  let i = 0
  for (; i + lanes <= n; i += lanes) found = v128.pmax<T>(found, v128.load(ptr<T>(x, i)))
  if (lanes == 4) found = v128.pmax<T>(found, v128.shuffle<i64>(found, found, 1, 0))
  let most = max<T>(v128.extract_lane<T>(found, 0), v128.extract_lane<T>(found, 1))
  for (; i < n; i++) most = max<T>(most, at<T>(x, i))
  return f64(most)
}

/** log(total) of the last exponentials: a number from 1 on. */
@inline
function logTotal<T>(softmax: Softmax): f64 {
  return f64x2.extract_lane(log64x2<T>(f64x2.splat(softmax.total)), 0)
}

@inline
function expOf<T>(v: v128): v128 {
  return sizeof<T>() == 4 ? exp64x2Short(v) : exp64x2(v)
}

/** e = exp(x - max x), f64, and 0 in the lane that hangs over. */
@inline
function exponentials<T>(softmax: Softmax, x: usize, n: i32, e: usize): void {
  const above = largest<T>(x, n)
  const shift = f64x2.splat(above)
  let sum = f64x2.splat(0)
  let i = 0
  for (; i + 1 < n; i += 2) {
    const r = expOf<T>(f64x2.sub(num2<T>(x, i), shift))
    v128.store(ptr<f64>(e, i), r)
    sum = f64x2.add(sum, r)
  }
  if (i < n) {
    const last = f64x2.replace_lane(f64x2.splat(-Infinity), 0, num<T>(x, i) - above)
    const r = f64x2.replace_lane(expOf<T>(last), 1, 0)
    v128.store(ptr<f64>(e, i), r)
    sum = f64x2.add(sum, r)
  }
  softmax.top = above
  softmax.total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

/** NaN where a weight is none: the host looks for it then. */
@inline
function listNet<T>(
  softmax: Softmax,
  scores: usize,
  labels: usize,
  weights: usize,
  n: i32,
  gradient: usize,
  scratch: usize,
): f64 {
  const target = scratch
  const p = ptr<f64>(target, n + 2)
  exponentials<T>(softmax, labels, n, target)
  const ofTarget = 1 / softmax.total
  exponentials<T>(softmax, scores, n, p)
  const above = softmax.top
  const zero = f64x2.splat(0)
  let met = zero
  let mass = zero
  let smallest = zero
  let i = 0
  for (; i + 1 < n; i += 2) {
    const weight = num2<T>(weights, i)
    const t = f64x2.mul(weight, f64x2.mul(v128.load(ptr<f64>(target, i)), f64x2.splat(ofTarget)))
    met = f64x2.add(met, f64x2.mul(t, f64x2.sub(num2<T>(scores, i), f64x2.splat(above))))
    mass = f64x2.add(mass, t)
    smallest = f64x2.min(smallest, weight)
    v128.store(ptr<f64>(gradient, i), t)
  }
  let sum = f64x2.extract_lane(met, 0) + f64x2.extract_lane(met, 1)
  let targets = f64x2.extract_lane(mass, 0) + f64x2.extract_lane(mass, 1)
  let least = Math.min(f64x2.extract_lane(smallest, 0), f64x2.extract_lane(smallest, 1))
  if (i < n) {
    const weight = num<T>(weights, i)
    const t = weight * at<f64>(target, i) * ofTarget
    least = Math.min(least, weight)
    sum += t * (num<T>(scores, i) - above)
    targets += t
    put<f64>(gradient, i, t)
  }
  subtractTargets(softmax, p, targets, n, gradient)
  if (!(least >= 0 && targets < Infinity)) return NaN
  return n == 1 ? 0 : targets * logTotal<T>(softmax) - sum
}

/** Gradient of a cross entropy, (sum of the targets) p - target, from exponentials and the targets that are there. */
@inline
function subtractTargets(softmax: Softmax, exponentials: usize, targets: f64, n: i32, gradient: usize): void {
  const share = f64x2.splat(targets / softmax.total)
  let i = 0
  for (; i + 1 < n; i += 2) {
    const push = f64x2.mul(share, v128.load(ptr<f64>(exponentials, i)))
    v128.store(ptr<f64>(gradient, i), f64x2.sub(push, v128.load(ptr<f64>(gradient, i))))
  }
  if (i < n) put<f64>(gradient, i, (targets / softmax.total) * at<f64>(exponentials, i) - at<f64>(gradient, i))
}

/** NaN where a label is no grade or a weight no weight: the host looks for it then. */
@inline
function softmaxLoss<T>(
  softmax: Softmax,
  scores: usize,
  labels: usize,
  weights: usize,
  n: i32,
  gradient: usize,
  scratch: usize,
): f64 {
  const p = scratch
  exponentials<T>(softmax, scores, n, p)
  const above = softmax.top
  const logSum = logTotal<T>(softmax)
  const shift = f64x2.splat(above)
  const zero = f64x2.splat(0)
  let loss = zero
  let mass = zero
  let smallest = zero
  let i = 0
  for (; i + 1 < n; i += 2) {
    const weight = num2<T>(weights, i)
    const label = num2<T>(labels, i)
    const target = f64x2.mul(weight, label)
    const log = f64x2.sub(f64x2.sub(num2<T>(scores, i), shift), f64x2.splat(logSum))
    smallest = f64x2.min(smallest, f64x2.min(weight, label))
    mass = f64x2.add(mass, target)
    loss = f64x2.sub(loss, v128.and(f64x2.mul(target, log), f64x2.gt(target, zero)))
    v128.store(ptr<f64>(gradient, i), target)
  }
  let sum = f64x2.extract_lane(loss, 0) + f64x2.extract_lane(loss, 1)
  let targets = f64x2.extract_lane(mass, 0) + f64x2.extract_lane(mass, 1)
  let least = Math.min(f64x2.extract_lane(smallest, 0), f64x2.extract_lane(smallest, 1))
  if (i < n) {
    const weight = num<T>(weights, i)
    const label = num<T>(labels, i)
    const target = weight * label
    least = Math.min(least, Math.min(weight, label))
    targets += target
    if (target > 0) sum -= target * (num<T>(scores, i) - above - logSum)
    put<f64>(gradient, i, target)
  }
  subtractTargets(softmax, p, targets, n, gradient)
  return least >= 0 && targets < Infinity ? sum : NaN
}

/** e in label order becomes the gradient's numerator; S its tails. */
@inline
function listMleProducts(order: usize, n: i32, e: usize, S: usize, gradient: usize): f64 {
  let sum: f64 = 0
  for (let k = n - 1; k >= 0; k--) {
    sum += at<f64>(e, i32(at<u32>(order, k)))
    put<f64>(S, k, sum)
  }
  let loss: f64 = 0
  let product: f64 = 1
  let inverse: f64 = 0
  for (let k = 0; k < n; k++) {
    const item = i32(at<u32>(order, k))
    const own = at<f64>(e, item)
    const tail = at<f64>(S, k)
    inverse += 1 / tail
    put<f64>(gradient, item, own * inverse - 1)
    product *= tail / own
    if ((k & 3) == 3) {
      loss += Math.log(product)
      product = 1
    }
  }
  return loss + Math.log(product)
}

/** Tails as their largest score and the logarithm of the rest, apart: no large score takes digits from it. */
@inline
function listMleTails<T>(
  scores: usize,
  weights: usize,
  order: usize,
  n: i32,
  tops: usize,
  logs: usize,
  gradient: usize,
): f64 {
  let loss: f64 = 0
  let largest: f64 = -Infinity
  let sum: f64 = 0
  for (let k = n - 1; k >= 0; k--) {
    const item = i32(at<u32>(order, k))
    const score = num<T>(scores, item)
    if (score > largest) {
      sum = (sum == 0 ? 0 : sum * exp(largest - score)) + 1
      largest = score
    } else sum += exp(score - largest)
    const log = Math.log(sum)
    put<f64>(tops, k, largest)
    put<f64>(logs, k, log)
    loss += num<T>(weights, item) * (largest - score + log)
  }
  let carried: f64 = 0
  for (let k = 0; k < n; k++) {
    const item = i32(at<u32>(order, k))
    const top = at<f64>(tops, k)
    const log = at<f64>(logs, k)
    const weight = num<T>(weights, item)
    const fallen = k == 0 ? 0 : top - at<f64>(tops, k - 1) + (log - at<f64>(logs, k - 1))
    carried = carried * exp(fallen) + weight
    put<f64>(gradient, item, exp(num<T>(scores, item) - top - log) * carried - weight)
  }
  return loss
}

@inline
function weighAlike<T>(weights: usize, n: i32): bool {
  for (let i = 0; i < n; i++) if (num<T>(weights, i) != 1) return false
  return true
}

/** Weights other than 1 have no place in a product. */
@inline
function listMle<T>(
  softmax: Softmax,
  scores: usize,
  labels: usize,
  weights: usize,
  order: usize,
  n: i32,
  gradient: usize,
  scratch: usize,
): f64 {
  const e = scratch
  const tail = ptr<f64>(e, n + 2)
  argsort<T>(labels, n, true, order, ptr<f64>(tail, n + 2))
  exponentials<T>(softmax, scores, n, e)
  let bottom = f64x2.splat(softmax.top)
  for (let i = 0; i + 1 < n; i += 2) bottom = f64x2.pmin(bottom, num2<T>(scores, i))
  const lowest = min(min(f64x2.extract_lane(bottom, 0), f64x2.extract_lane(bottom, 1)), num<T>(scores, n - 1))
  if (softmax.top - lowest < productSpan && weighAlike<T>(weights, n))
    return listMleProducts(order, n, e, tail, gradient)
  return listMleTails<T>(scores, weights, order, n, e, tail, gradient)
}

export function listwise<T>(
  task: ListwiseTask,
  n: i32,
  x: usize,
  labels: usize,
  weights: usize,
  order: usize,
  gradient: usize,
  scratch: usize,
): f64 {
  const softmax = changetype<Softmax>(scratch)
  const free = scratch + bytesOf<Softmax>()
  const scores = x
  let loss: f64 = 0
  if (n > 0) {
    if (task.loss == ListwiseLoss.listNet) loss = listNet<T>(softmax, scores, labels, weights, n, gradient, free)
    else if (task.loss == ListwiseLoss.softmax)
      loss = softmaxLoss<T>(softmax, scores, labels, weights, n, gradient, free)
    else loss = listMle<T>(softmax, scores, labels, weights, order, n, gradient, free)
  }
  return loss
}
