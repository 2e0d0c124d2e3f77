/**
 * Losses that sum over items: squared error, binary cross entropy with the target min(1, y / levels), ordinal cross entropy of as
 * many questions "is y at least l" as there are levels, a unit apart. With e = exp(-|v|), softplus(v) = max(v, 0) + log(1 + e) and the logistic function
 * is 1 / (1 + e) or e / (1 + e). A list with a weight that is none, or a label that is no grade where it has to be one, answers
 * NaN: the host looks for it then.
 */

import { exp64x2, exp64x2Short } from '../../engine/library/exp.as'
import { log1p64x2, log64x2 } from '../../engine/library/log.as'
import { num2, ptr, put } from '../../engine/library/task.as'
import { LossTask } from './loss.as'

export const enum PointwiseLoss {
  squaredError,
  binary,
  ordinal,
}

@unmanaged
export class PointwiseTask extends LossTask {
  loss: PointwiseLoss
  /** The largest label of binary, the number of questions of ordinal. */
  levels: f64
}

/** Beyond it all questions are answered, whatever the thresholds; exp and its inverse are still numbers. */
const certain: f64 = 700

@inline
function expOf<T>(v: v128): v128 {
  return sizeof<T>() == 4 ? exp64x2Short(v) : exp64x2(v)
}

@inline
function listLoss<T>(
  task: PointwiseTask,
  kind: i32,
  x: usize,
  labels: usize,
  weights: usize,
  gradient: usize,
  n: i32,
): f64 {
  const zero = f64x2.splat(0)
  const one = f64x2.splat(1)
  const levels = task.levels
  const questions = i32(levels)
  const lowest = (1 - levels) * 0.5
  const lowestFall = kind == PointwiseLoss.ordinal ? Math.exp(-lowest) : 0
  let sum = zero
  let least = zero
  for (let i = 0; i < n; i += 2) {
    // Past the end of a row of odd length stands the next row, or what pads the buffer: it is read, and left out.
    const odd = i + 1 == n
    const seen = odd ? i64x2(-1, 0) : i64x2(-1, -1)
    const s = v128.and(num2<T>(x, i), seen)
    const y = v128.and(num2<T>(labels, i), seen)
    const w = v128.and(num2<T>(weights, i), seen)
    let loss = zero
    let slope = zero
    if (kind == PointwiseLoss.squaredError) {
      const d = f64x2.sub(s, y)
      loss = f64x2.mul(d, d)
      slope = f64x2.add(d, d)
    } else if (kind == PointwiseLoss.binary) {
      // Terms of the size of s are apart from what they leave: a target of 1 leaves the small tail, of loss and slope.
      const size = f64x2.abs(s)
      const e = expOf<T>(f64x2.neg(size))
      const target = f64x2.pmin(one, levels == 1 ? y : f64x2.div(y, f64x2.splat(levels)))
      const positive = f64x2.gt(s, zero)
      const beyond = v128.bitselect(f64x2.sub(one, target), target, positive)
      loss = f64x2.add(log1p64x2<T>(e), f64x2.mul(beyond, size))
      const apart = f64x2.sub(beyond, f64x2.div(e, f64x2.add(one, e)))
      slope = v128.bitselect(apart, f64x2.neg(apart), positive)
    } else {
      // The exponentials of all questions are one, and its inverse, times those of the thresholds; their logarithms are that of a
      // product of factors between 1 and 2, up to 512 at a time.
      const up = expOf<T>(f64x2.pmax(f64x2.splat(-certain), f64x2.pmin(f64x2.splat(certain), s)))
      const down = f64x2.div(one, up)
      let threshold = lowest
      let fall = lowestFall
      let rise = 1 / lowestFall
      let product = one
      for (let l = 1; l <= questions; l++) {
        const yes = f64x2.ge(y, f64x2.splat(f64(l)))
        const v = f64x2.sub(s, f64x2.splat(threshold))
        const against = v128.bitselect(f64x2.neg(v), v, yes)
        const e = f64x2.pmin(f64x2.mul(up, f64x2.splat(fall)), f64x2.mul(down, f64x2.splat(rise)))
        const next = f64x2.add(one, e)
        loss = f64x2.add(loss, f64x2.pmax(zero, against))
        product = f64x2.mul(product, next)
        const sigma = f64x2.div(v128.bitselect(one, e, f64x2.gt(against, zero)), next)
        slope = f64x2.add(slope, v128.bitselect(f64x2.neg(sigma), sigma, yes))
        threshold += 1
        fall *= 0.36787944117144233
        rise *= 2.718281828459045
        if ((l & 511) == 0) {
          loss = f64x2.add(loss, log64x2<T>(product))
          product = one
        }
      }
      loss = f64x2.add(loss, log64x2<T>(product))
    }
    sum = f64x2.add(sum, f64x2.mul(w, loss))
    least = f64x2.pmin(least, kind == PointwiseLoss.squaredError ? w : f64x2.pmin(w, y))
    const pulled = f64x2.mul(w, slope)
    if (odd) put<f64>(gradient, i, f64x2.extract_lane(pulled, 0))
    else v128.store(ptr<f64>(gradient, i), pulled)
  }
  const total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
  const negative = min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1)) < 0
  return negative || !(total < Infinity) ? NaN : total
}

export function pointwise<T>(
  task: PointwiseTask,
  n: i32,
  x: usize,
  labels: usize,
  weights: usize,
  gradient: usize,
): f64 {
  let loss: f64 = 0
  if (task.loss == PointwiseLoss.squaredError)
    loss = listLoss<T>(task, PointwiseLoss.squaredError, x, labels, weights, gradient, n)
  else if (task.loss == PointwiseLoss.binary)
    loss = listLoss<T>(task, PointwiseLoss.binary, x, labels, weights, gradient, n)
  else loss = listLoss<T>(task, PointwiseLoss.ordinal, x, labels, weights, gradient, n)
  return loss
}
