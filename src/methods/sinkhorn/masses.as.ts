/** Masses of the items of a row. */

import { at, num, put } from '../../engine/library/task.as';

/** Weights over their sum; alike when they are all 0. */
@inline
export function readMasses<T>(weights: usize, n: i32, out: usize): void {
  let top: f64 = 0;
  for (let i = 0; i < n; i++) top = max(top, num<T>(weights, i));
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) {
    const w = top > 0 ? num<T>(weights, i) / top : 1;
    put<f64>(out, i, w);
    sum += w;
  }
  for (let i = 0; i < n; i++) put<f64>(out, i, at<f64>(out, i) / sum);
}
