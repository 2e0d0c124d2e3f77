/** Soft ranks by pairwise sigmoids. */

import { at, num, ptr, put, putNum, Row, Task } from '../../engine/library/task.as'
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

export function sigmoidRank<T>(task: SigmoidRankTask, row: Row, scratch: usize): void {
  const n = row.n
  const y = row.y
  const ranks = scratch
  const chosen = sigmoidRanksOf<T>(
    row.x,
    n,
    task.strength,
    task.sign,
    task.algorithm,
    task.series,
    row.order,
    ranks,
    ptr<f64>(scratch, n + 8),
  )
  put<u32>(task.choices, row.index, chosen)
  for (let i = 0; i < n; i++) putNum<T>(y, i, at<f64>(ranks, i))
}

export function pullSigmoidRank<T>(task: SigmoidRankTask, row: Row, scratch: usize): void {
  const n = row.n
  const yBar = row.yBar
  const xBar = row.xBar
  const u = scratch
  const g = ptr<f64>(u, n + 8)
  for (let i = 0; i < n; i++) put<f64>(u, i, num<T>(yBar, i))
  pullSigmoidRanksOf<T>(
    row.x,
    n,
    task.strength,
    task.sign,
    i32(at<u32>(task.choices, row.index)),
    task.series,
    row.order,
    u,
    g,
    ptr<f64>(g, n + 8),
  )
  for (let i = 0; i < n; i++) putNum<T>(xBar, i, at<f64>(g, i))
}
