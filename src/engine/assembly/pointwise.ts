/**
 * Losses that sum over items: i0: 0 squared error, 1 binary cross entropy with the target min(1, y / p0), 2 ordinal cross entropy,
 * p0 questions "is y at least l" a unit apart. With e = exp(-|v|), softplus(v) = max(v, 0) + log(1 + e) and the logistic function
 * is 1 / (1 + e) or e / (1 + e). A list with a weight that is none, or a label that is no grade where it has to be one, answers
 * NaN: the host looks for it then.
 */

import { exp64x2, exp64x2Short } from './exp';
import { log1p64x2, log1p64x2Short, log64x2 } from './log';
import { gradientOf } from './loss';
import { at, num, num2, ptr, put, Task } from './task';

const squaredError: i32 = 0;
const binary: i32 = 1;
const ordinal: i32 = 2;

/** Beyond it all questions are answered, whatever the thresholds; exp and its inverse are still numbers. */
const certain: f64 = 700;

export function pointwiseScratch(_n: i32): usize {
  return 0;
}

/** Of the last two items. */
let losses: v128 = f64x2.splat(0);
let slopes: v128 = f64x2.splat(0);

@inline
function expOf<T>(v: v128): v128 {
  return sizeof<T>() == 4 ? exp64x2Short(v) : exp64x2(v);
}

/** Terms of the size of s are apart from what they leave: a target of 1 leaves the small tail, of loss and slope. */
@inline
function binaryLosses<T>(levels: f64, s: v128, y: v128): void {
  const one = f64x2.splat(1);
  const size = f64x2.abs(s);
  const e = expOf<T>(f64x2.neg(size));
  const target = f64x2.pmin(one, f64x2.div(y, f64x2.splat(levels)));
  const positive = f64x2.gt(s, f64x2.splat(0));
  const beyond = v128.bitselect(f64x2.sub(one, target), target, positive);
  losses = f64x2.add(sizeof<T>() == 4 ? log1p64x2Short(e) : log1p64x2(e), f64x2.mul(beyond, size));
  const tail = f64x2.div(e, f64x2.add(one, e));
  const apart = f64x2.sub(beyond, tail);
  slopes = v128.bitselect(apart, f64x2.neg(apart), positive);
}

/**
 * The exponentials of all questions are one, and its inverse, times those of the thresholds; their logarithms are that of a product of
 * factors between 1 and 2, up to 512 at a time.
 */
@inline
function ordinalLosses<T>(levels: f64, s: v128, y: v128): void {
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  const within = f64x2.pmax(f64x2.splat(-certain), f64x2.pmin(f64x2.splat(certain), s));
  const up = expOf<T>(within);
  const down = f64x2.div(one, up);
  const questions = <i32>levels;
  let threshold = (1 - levels) * 0.5;
  let fall = Math.exp(-threshold);
  let rise = 1 / fall;
  let sum = zero;
  let slope = zero;
  let product = one;
  for (let l = 1; l <= questions; l++) {
    const yes = f64x2.ge(y, f64x2.splat(<f64>l));
    const v = f64x2.sub(s, f64x2.splat(threshold));
    const against = v128.bitselect(f64x2.neg(v), v, yes);
    const e = f64x2.pmin(f64x2.mul(up, f64x2.splat(fall)), f64x2.mul(down, f64x2.splat(rise)));
    const next = f64x2.add(one, e);
    sum = f64x2.add(sum, f64x2.pmax(zero, against));
    product = f64x2.mul(product, next);
    const sigma = f64x2.div(v128.bitselect(one, e, f64x2.gt(against, zero)), next);
    slope = f64x2.add(slope, v128.bitselect(f64x2.neg(sigma), sigma, yes));
    threshold += 1;
    fall *= 0.36787944117144233;
    rise *= 2.718281828459045;
    if ((l & 511) == 0) {
      sum = f64x2.add(sum, log64x2<T>(product));
      product = one;
    }
  }
  losses = f64x2.add(sum, log64x2<T>(product));
  slopes = slope;
}

@inline
function itemLosses<T>(kind: i32, levels: f64, s: v128, y: v128): void {
  if (kind == binary) binaryLosses<T>(levels, s, y);
  else if (kind == ordinal) ordinalLosses<T>(levels, s, y);
  else {
    const d = f64x2.sub(s, y);
    losses = f64x2.mul(d, d);
    slopes = f64x2.add(d, d);
  }
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
    least = f64x2.pmin(least, kind == squaredError ? w : f64x2.pmin(w, y));
    v128.store(ptr<f64>(gradient, i), f64x2.mul(w, slopes));
  }
  if (i < n) {
    const y = alone<T>(labels, i);
    const w = alone<T>(weights, i);
    itemLosses<T>(kind, levels, alone<T>(scores, i), y);
    sum = f64x2.add(sum, f64x2.mul(w, losses));
    least = f64x2.pmin(least, kind == squaredError ? w : f64x2.pmin(w, y));
    put<f64>(gradient, i, f64x2.extract_lane(f64x2.mul(w, slopes), 0));
  }
  const total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  const negative = min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1)) < 0;
  return negative || !(total < Infinity) ? NaN : total;
}

export function pointwise<T>(task: Task, first: i32, end: i32, _scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    let loss: f64 = 0;
    if (task.i0 == squaredError) loss = listLoss<T>(task, squaredError, from, n);
    else if (task.i0 == binary) loss = listLoss<T>(task, binary, from, n);
    else loss = listLoss<T>(task, ordinal, from, n);
    put<f64>(task.y, q, loss);
  }
}
