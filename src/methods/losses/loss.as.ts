/**
 * What all losses share. Forward writes the loss of every list (f64, y) and its gradient (f64, state) in one go: each needs what
 * the other has at hand, and backward only scales.
 */

import { at, putNum, Task } from '../../engine/library/task.as'

/** A kernel answers the loss of its list. */
@unmanaged
export class LossTask extends Task {}

/** The gradient. */
export function lossState(_task: LossTask, n: i32): usize {
  return usize(n) * 8
}

export function scaleGradients<T>(task: LossTask, row: i32, n: i32, xBar: usize, gradient: usize): void {
  const scale = at<f64>(task.yBar, row)
  for (let i = 0; i < n; i++) putNum<T>(xBar, i, scale * at<f64>(gradient, i))
}
