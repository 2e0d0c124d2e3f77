/** The argsort alone: what every operator that sorts pays at least. */

import { argsort, argsortScratch } from './argsort';
import { at, ptr, Task } from './task';

export function argsortRows<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    argsort<T>(ptr<T>(task.x, from), n, task.i0 != 0, ptr<u32>(task.order, from), scratch);
  }
}

export function argsortRowsScratch(n: i32): usize {
  return argsortScratch(n);
}
