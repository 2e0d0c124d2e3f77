/**
 * What all losses share. Forward writes the loss of every list (f64, y) and its gradient (f64, state) in one go: each needs what
 * the other has at hand, and backward only scales.
 */

import { at, ptr, putNum, Task } from '../../engine/library/task.as';

/** Where forward leaves the gradient of the list that starts at item `from`. */
@inline
export function gradientOf(task: Task, from: i32): usize {
  return ptr<f64>(task.state, from);
}

export function lossBackwardScratch(_n: i32): usize {
  return 0;
}

export function scaleGradients<T>(task: Task, first: i32, end: i32, _scratch: usize): void {
  for (let q = first; q < end; q++) {
    const scale = at<f64>(task.yBar, q);
    const stop = <i32>at<u32>(task.offsets, q + 1);
    for (let i = <i32>at<u32>(task.offsets, q); i < stop; i++) putNum<T>(task.xBar, i, scale * at<f64>(task.state, i));
  }
}
