/** What both kinds of transport share: their parameters, and masses of the items of a row. */

import { at, num, Operator, put, Task } from '../../engine/library/task.as'

@unmanaged
export class SinkhornTask extends Task {
  operator: Operator
  /** At most so many, between Newton steps. */
  iterations: i32
  epsilon: f64
  /** +1 ascending, -1 descending. */
  sign: f64
  /** Iterations end when masses are met to it. */
  tolerance: f64
}

export function sinkhornState(_task: SinkhornTask, n: i32): usize {
  return usize(n) * 8
}

/** Weights over their sum; alike when they are all 0. */
@inline
export function readMasses<T>(weights: usize, n: i32, out: usize): void {
  let top: f64 = 0
  for (let i = 0; i < n; i++) top = max(top, num<T>(weights, i))
  let sum: f64 = 0
  for (let i = 0; i < n; i++) {
    const w = top > 0 ? num<T>(weights, i) / top : 1
    put<f64>(out, i, w)
    sum += w
  }
  for (let i = 0; i < n; i++) put<f64>(out, i, at<f64>(out, i) / sum)
}
