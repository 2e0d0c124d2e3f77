/** Soft ranks by pairwise sigmoids. */

import { at, num, ptr, put, putNum, Task } from '../../engine/library/task.as'
import { Algorithm, pullSigmoidRanksOf, sigmoidRanksOf, sigmoidScratch } from './kernel.as'

@unmanaged
export class SigmoidRankTask extends Task {
  strength: f64
  /** +1 ascending, -1 descending. */
  sign: f64
  algorithm: Algorithm
  /** Series of the fast sum, or 0: then no row is given to it. */
  series: usize
}

export function sigmoidRankScratch(_task: SigmoidRankTask, n: i32): usize {
  return (usize(n) + 8) * 16 + sigmoidScratch(n)
}

export function sigmoidRank<T>(
  task: SigmoidRankTask,
  row: i32,
  n: i32,
  x: usize,
  y: usize,
  order: usize,
  scratch: usize,
): void {
  const ranks = scratch
  const chosen = sigmoidRanksOf<T>(
    x,
    n,
    task.strength,
    task.sign,
    task.algorithm,
    task.series,
    order,
    ranks,
    ptr<f64>(scratch, n + 8),
  )
  put<u32>(task.choices, row, chosen)
  for (let i = 0; i < n; i++) putNum<T>(y, i, at<f64>(ranks, i))
}

export function pullSigmoidRank<T>(
  task: SigmoidRankTask,
  row: i32,
  n: i32,
  x: usize,
  yBar: usize,
  xBar: usize,
  order: usize,
  scratch: usize,
): void {
  const u = scratch
  const g = ptr<f64>(u, n + 8)
  for (let i = 0; i < n; i++) put<f64>(u, i, num<T>(yBar, i))
  pullSigmoidRanksOf<T>(
    x,
    n,
    task.strength,
    task.sign,
    i32(at<u32>(task.choices, row)),
    task.series,
    order,
    u,
    g,
    ptr<f64>(g, n + 8),
  )
  for (let i = 0; i < n; i++) putNum<T>(xBar, i, at<f64>(g, i))
}
