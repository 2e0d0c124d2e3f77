/**
 * Losses by softmax over a list, O(n). i0: 0 ListNet, 1 softmax cross entropy, 2 ListMLE (ties of labels in file order).
 * The log-sum-exp of ListMLE's tails is carried as a scaled sum, tail_k = m_k + log S_k, m_k the largest score of the tail.
 */

import { argsort, argsortScratch } from './argsort';
import { exp, exp64x2 } from './exp';
import { gradientOf } from './loss';
import { at, num, ptr, put, Task } from './task';

export function listwiseScratch(n: i32): usize {
  return 3 * (<usize>(n + 2) << 3) + argsortScratch(n);
}

let logSum: f64 = 0;

/** x less its maximum and log-sum-exp to out, softmax to p. */
@inline
function logSoftmax<T>(x: usize, n: i32, out: usize, p: usize): void {
  let top: f64 = -Infinity;
  for (let i = 0; i < n; i++) top = max(top, num<T>(x, i));
  for (let i = 0; i < n; i++) put<f64>(out, i, num<T>(x, i) - top);
  for (let i = 0; i < n; i += 2) v128.store(ptr<f64>(p, i), exp64x2(v128.load(ptr<f64>(out, i))));
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) sum += at<f64>(p, i);
  logSum = Math.log(sum);
  for (let i = 0; i < n; i++) {
    put<f64>(out, i, at<f64>(out, i) - logSum);
    put<f64>(p, i, at<f64>(p, i) / sum);
  }
}

@inline
function listNet<T>(scores: usize, labels: usize, n: i32, gradient: usize, scratch: usize): f64 {
  const logP = scratch;
  const p = ptr<f64>(logP, n + 2);
  const target = ptr<f64>(p, n + 2);
  // The logarithm of the target has no use; its room is the gradient's.
  logSoftmax<T>(labels, n, logP, target);
  logSoftmax<T>(scores, n, logP, p);
  let loss: f64 = 0;
  for (let i = 0; i < n; i++) {
    loss -= at<f64>(target, i) * at<f64>(logP, i);
    put<f64>(gradient, i, at<f64>(p, i) - at<f64>(target, i));
  }
  return loss;
}

@inline
function softmaxLoss<T>(scores: usize, labels: usize, weights: usize, n: i32, gradient: usize, scratch: usize): f64 {
  const logP = scratch;
  const p = ptr<f64>(logP, n + 2);
  logSoftmax<T>(scores, n, logP, p);
  let loss: f64 = 0;
  let total: f64 = 0;
  for (let i = 0; i < n; i++) {
    const target = num<T>(weights, i) * num<T>(labels, i);
    total += target;
    if (target > 0) loss -= target * at<f64>(logP, i);
  }
  for (let i = 0; i < n; i++) {
    put<f64>(gradient, i, total * at<f64>(p, i) - num<T>(weights, i) * num<T>(labels, i));
  }
  return loss;
}

@inline
function listMle<T>(scores: usize, labels: usize, order: usize, n: i32, gradient: usize, scratch: usize): f64 {
  const tail = scratch;
  argsort<T>(labels, n, true, order, ptr<f64>(tail, n + 2));
  let loss: f64 = 0;
  let top: f64 = -Infinity;
  let sum: f64 = 0;
  for (let k = n - 1; k >= 0; k--) {
    const score = num<T>(scores, <i32>at<u32>(order, k));
    if (score > top) {
      sum = (sum == 0 ? 0 : sum * exp(top - score)) + 1;
      top = score;
    } else sum += exp(score - top);
    // A tail of one is its score, whatever rounding does to the logarithm of 1.
    const lse = top + Math.log(sum);
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
