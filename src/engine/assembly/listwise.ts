/**
 * Losses by softmax over a list, O(n). i0: 0 ListNet, 1 softmax cross entropy, 2 ListMLE (ties of labels in file order).
 *
 * ListMLE needs neither a logarithm nor an exponential more an item: with e_k = exp(s_k - max s), in label order, and tails
 * S_k = e_k + ... + e_n, the loss is the logarithm of the product of S_k / e_k >= 1, and its gradient e_k sum over i <= k
 * of 1 / S_i, minus 1. Where exp does not span the scores, tails are carried relative to their own largest score.
 */

import { argsort, argsortScratch } from './argsort';
import { exp, exp64x2, exp64x2Short } from './exp';
import { gradientOf } from './loss';
import { at, num, ptr, put, Task } from './task';

/** Spread of scores up to which four of the ratios S / e multiply to a number. */
const productSpan: f64 = 150;

export function listwiseScratch(n: i32): usize {
  return 3 * (<usize>(n + 2) << 3) + argsortScratch(n);
}

/** Of the last exponentials: the largest x, the smallest, and their sum. */
let top: f64 = 0;
let bottom: f64 = 0;
let total: f64 = 0;

/** e = exp(x - max x), f64. */
@inline
function exponentials<T>(x: usize, n: i32, e: usize): void {
  top = -Infinity;
  bottom = Infinity;
  for (let i = 0; i < n; i++) {
    const value = num<T>(x, i);
    top = max(top, value);
    bottom = min(bottom, value);
  }
  for (let i = 0; i < n; i++) put<f64>(e, i, num<T>(x, i) - top);
  // The lane that hangs over adds nothing.
  put<f64>(e, n, -Infinity);
  let sum = f64x2.splat(0);
  for (let i = 0; i < n; i += 2) {
    const v = v128.load(ptr<f64>(e, i));
    const r = sizeof<T>() == 4 ? exp64x2Short(v) : exp64x2(v);
    v128.store(ptr<f64>(e, i), r);
    sum = f64x2.add(sum, r);
  }
  total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

@inline
function listNet<T>(scores: usize, labels: usize, n: i32, gradient: usize, scratch: usize): f64 {
  const target = scratch;
  const p = ptr<f64>(target, n + 2);
  exponentials<T>(labels, n, target);
  const ofTarget = 1 / total;
  exponentials<T>(scores, n, p);
  const ofScores = 1 / total;
  let met: f64 = 0;
  for (let i = 0; i < n; i++) {
    const t = at<f64>(target, i) * ofTarget;
    met += t * (num<T>(scores, i) - top);
    put<f64>(gradient, i, at<f64>(p, i) * ofScores - t);
  }
  return n == 1 ? 0 : Math.log(total) - met;
}

@inline
function softmaxLoss<T>(scores: usize, labels: usize, weights: usize, n: i32, gradient: usize, scratch: usize): f64 {
  const p = scratch;
  exponentials<T>(scores, n, p);
  const logSum = Math.log(total);
  let loss: f64 = 0;
  let mass: f64 = 0;
  for (let i = 0; i < n; i++) {
    const target = num<T>(weights, i) * num<T>(labels, i);
    mass += target;
    if (target > 0) loss -= target * (num<T>(scores, i) - top - logSum);
  }
  const share = mass / total;
  for (let i = 0; i < n; i++) {
    put<f64>(gradient, i, share * at<f64>(p, i) - num<T>(weights, i) * num<T>(labels, i));
  }
  return loss;
}

/** e in label order becomes the gradient's numerator; S its tails. */
@inline
function listMleProducts(order: usize, n: i32, e: usize, S: usize, gradient: usize): f64 {
  let sum: f64 = 0;
  for (let k = n - 1; k >= 0; k--) {
    sum += at<f64>(e, <i32>at<u32>(order, k));
    put<f64>(S, k, sum);
  }
  let loss: f64 = 0;
  let product: f64 = 1;
  let inverse: f64 = 0;
  for (let k = 0; k < n; k++) {
    const item = <i32>at<u32>(order, k);
    const own = at<f64>(e, item);
    const tail = at<f64>(S, k);
    inverse += 1 / tail;
    put<f64>(gradient, item, own * inverse - 1);
    product *= tail / own;
    if ((k & 3) == 3) {
      loss += Math.log(product);
      product = 1;
    }
  }
  return loss + Math.log(product);
}

@inline
function listMleTails<T>(scores: usize, order: usize, n: i32, tail: usize, gradient: usize): f64 {
  let loss: f64 = 0;
  let largest: f64 = -Infinity;
  let sum: f64 = 0;
  for (let k = n - 1; k >= 0; k--) {
    const score = num<T>(scores, <i32>at<u32>(order, k));
    if (score > largest) {
      sum = (sum == 0 ? 0 : sum * exp(largest - score)) + 1;
      largest = score;
    } else sum += exp(score - largest);
    const lse = largest + Math.log(sum);
    put<f64>(tail, k, lse);
    loss += lse - score;
  }
  let carried: f64 = 0;
  for (let k = 0; k < n; k++) {
    const item = <i32>at<u32>(order, k);
    const here = at<f64>(tail, k);
    carried = k == 0 ? 1 : carried * exp(here - at<f64>(tail, k - 1)) + 1;
    put<f64>(gradient, item, exp(num<T>(scores, item) - here) * carried - 1);
  }
  return loss;
}

@inline
function listMle<T>(scores: usize, labels: usize, order: usize, n: i32, gradient: usize, scratch: usize): f64 {
  const e = scratch;
  const tail = ptr<f64>(e, n + 2);
  argsort<T>(labels, n, true, order, ptr<f64>(tail, n + 2));
  exponentials<T>(scores, n, e);
  if (top - bottom < productSpan) return listMleProducts(order, n, e, tail, gradient);
  return listMleTails<T>(scores, order, n, tail, gradient);
}

export function listwise<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const scores = ptr<T>(task.x, from);
    const labels = ptr<T>(task.labels, from);
    const gradient = gradientOf(task, from);
    let loss: f64 = 0;
    if (n > 0) {
      if (task.i0 == 0) loss = listNet<T>(scores, labels, n, gradient, scratch);
      else if (task.i0 == 1) loss = softmaxLoss<T>(scores, labels, ptr<T>(task.weights, from), n, gradient, scratch);
      else loss = listMle<T>(scores, labels, ptr<u32>(task.order, from), n, gradient, scratch);
    }
    put<f64>(task.y, q, loss);
  }
}
