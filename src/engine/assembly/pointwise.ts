/**
 * Losses that sum over items: i0: 0 squared error, 1 binary cross entropy with the target min(1, y / p0), 2 ordinal cross entropy,
 * p0 questions "is y at least l" a unit apart. With e = exp(-|v|), softplus(v) = max(v, 0) + log(1 + e) and the logistic function
 * is 1 / (1 + e) or e / (1 + e). A list with a weight that is none, or a label that is no grade where it has to be one, answers
 * NaN: the host looks for it then.
 */

import { exp64x2, exp64x2Short } from './exp';
import { log1p64x2, log64x2 } from './log';
import { gradientOf } from './loss';
import { at, num, num2, ptr, put, Task } from './task';

const squaredError: i32 = 0;
const binary: i32 = 1;

export function pointwiseScratch(_n: i32): usize {
  return 0;
}

/** Loss and slope of the last two items. */
let losses: v128 = f64x2.splat(0);
let slopes: v128 = f64x2.splat(0);

/** softplus(v) and its slope. */
@inline
function softplus<T>(v: v128): void {
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  const low = f64x2.neg(f64x2.abs(v));
  const e = sizeof<T>() == 4 ? exp64x2Short(low) : exp64x2(low);
  losses = f64x2.add(f64x2.pmax(zero, v), log1p64x2(e));
  slopes = f64x2.div(v128.bitselect(one, e, f64x2.gt(v, zero)), f64x2.add(one, e));
}

/** The sum over the questions: its logarithms are one of a product of factors between 1 and 2, up to 512 at a time. */
@inline
function ordinalLosses<T>(levels: f64, s: v128, y: v128): void {
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  let sum = zero;
  let slope = zero;
  let product = one;
  const questions = <i32>levels;
  for (let l = 1; l <= questions; l++) {
    const yes = f64x2.ge(y, f64x2.splat(<f64>l));
    const v = f64x2.sub(s, f64x2.splat(<f64>l - (levels + 1) * 0.5));
    const against = v128.bitselect(f64x2.neg(v), v, yes);
    const low = f64x2.neg(f64x2.abs(v));
    const e = sizeof<T>() == 4 ? exp64x2Short(low) : exp64x2(low);
    const factor = f64x2.add(one, e);
    sum = f64x2.add(sum, f64x2.pmax(zero, against));
    product = f64x2.mul(product, factor);
    const sigma = f64x2.div(v128.bitselect(one, e, f64x2.gt(against, zero)), factor);
    slope = f64x2.add(slope, v128.bitselect(f64x2.neg(sigma), sigma, yes));
    if ((l & 511) == 0) {
      sum = f64x2.add(sum, log64x2(product));
      product = one;
    }
  }
  losses = f64x2.add(sum, log64x2(product));
  slopes = slope;
}

@inline
function itemLosses<T>(kind: i32, levels: f64, s: v128, y: v128): void {
  if (kind == squaredError) {
    const d = f64x2.sub(s, y);
    losses = f64x2.mul(d, d);
    slopes = f64x2.add(d, d);
    return;
  }
  if (kind == binary) {
    // For large s both terms of softplus(s) - t s are of its size: with |s| apart, a target of 1 leaves the small tail.
    const target = f64x2.min(f64x2.splat(1), f64x2.div(y, f64x2.splat(levels)));
    softplus<T>(f64x2.neg(f64x2.abs(s)));
    const positive = f64x2.gt(s, f64x2.splat(0));
    const beyond = v128.bitselect(f64x2.sub(f64x2.splat(1), target), target, positive);
    losses = f64x2.add(losses, f64x2.mul(beyond, f64x2.abs(s)));
    const sigma = v128.bitselect(f64x2.sub(f64x2.splat(1), slopes), slopes, positive);
    slopes = f64x2.sub(sigma, target);
    return;
  }
  ordinalLosses<T>(levels, s, y);
}

@inline
function alone<T>(array: usize, i: i32): v128 {
  return f64x2.replace_lane(f64x2.splat(0), 0, num<T>(array, i));
}

@inline
function listLoss<T>(task: Task, kind: i32, from: i32, n: i32): f64 {
  const levels = task.p0;
  const scores = ptr<T>(task.x, from);
  const labels = ptr<T>(task.labels, from);
  const weights = ptr<T>(task.weights, from);
  const gradient = gradientOf(task, from);
  let sum = f64x2.splat(0);
  let least = f64x2.splat(0);
  let i = 0;
  for (; i + 1 < n; i += 2) {
    const y = num2<T>(labels, i);
    const w = num2<T>(weights, i);
    itemLosses<T>(kind, levels, num2<T>(scores, i), y);
    sum = f64x2.add(sum, f64x2.mul(w, losses));
    least = f64x2.min(least, kind == squaredError ? w : f64x2.min(w, y));
    v128.store(ptr<f64>(gradient, i), f64x2.mul(w, slopes));
  }
  if (i < n) {
    const y = alone<T>(labels, i);
    const w = alone<T>(weights, i);
    itemLosses<T>(kind, levels, alone<T>(scores, i), y);
    sum = f64x2.add(sum, f64x2.mul(w, losses));
    least = f64x2.min(least, kind == squaredError ? w : f64x2.min(w, y));
    put<f64>(gradient, i, f64x2.extract_lane(f64x2.mul(w, slopes), 0));
  }
  const total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  const smallest = Math.min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1));
  return smallest >= 0 && total < Infinity ? total : NaN;
}

export function pointwise<T>(task: Task, first: i32, end: i32, _scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    let loss: f64 = 0;
    if (task.i0 == squaredError) loss = listLoss<T>(task, squaredError, from, n);
    else if (task.i0 == binary) loss = listLoss<T>(task, binary, from, n);
    else loss = listLoss<T>(task, 2, from, n);
    put<f64>(task.y, q, loss);
  }
}
