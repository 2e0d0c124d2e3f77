/** Soft ranks by pairwise sigmoids. p0: strength, p1: sign, i0: algorithm or -1. */

import { pullSigmoidRanksOf, sigmoidRanksOf, sigmoidScratch } from './kernel.as';
import { at, num, ptr, put, putNum, Task } from '../../engine/library/task.as';

export function sigmoidRankScratch(n: i32): usize {
  return (<usize>n + 8) * 16 + sigmoidScratch(n);
}

export function sigmoidRank<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const y = ptr<T>(task.y, from);
    const ranks = scratch;
    const chosen = sigmoidRanksOf<T>(
      ptr<T>(task.x, from), n, task.p0, task.p1, task.i0, task.table, ptr<u32>(task.order, from), ranks, ptr<f64>(scratch, n + 8),
    );
    put<u32>(task.choices, q, chosen);
    for (let i = 0; i < n; i++) putNum<T>(y, i, at<f64>(ranks, i));
  }
}

export function pullSigmoidRank<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const yBar = ptr<T>(task.yBar, from);
    const xBar = ptr<T>(task.xBar, from);
    const u = scratch;
    const g = ptr<f64>(u, n + 8);
    for (let i = 0; i < n; i++) put<f64>(u, i, num<T>(yBar, i));
    pullSigmoidRanksOf<T>(
      ptr<T>(task.x, from), n, task.p0, task.p1, <i32>at<u32>(task.choices, q), task.table, ptr<u32>(task.order, from), u, g, ptr<f64>(g, n + 8),
    );
    for (let i = 0; i < n; i++) putNum<T>(xBar, i, at<f64>(g, i));
  }
}
