/** The hard sort and ranks: the floor of what every operator that sorts can do. p1: sign, +1 ascending. */

import { argsort, argsortScratch } from '../../engine/library/argsort.as';
import { at, num, ptr, put, putNum, Task } from '../../engine/library/task.as';

export function hardScratch(n: i32): usize {
  return argsortScratch(n);
}

export function hardSort<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const x = ptr<T>(task.x, from);
    const y = ptr<T>(task.y, from);
    const order = ptr<u32>(task.order, from);
    argsort<T>(x, n, task.p1 < 0, order, scratch);
    for (let i = 0; i < n; i++) put<T>(y, i, at<T>(x, <i32>at<u32>(order, i)));
  }
}

export function pullHardSort<T>(task: Task, first: i32, end: i32, _scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const yBar = ptr<T>(task.yBar, from);
    const xBar = ptr<T>(task.xBar, from);
    const order = ptr<u32>(task.order, from);
    for (let i = 0; i < n; i++) put<T>(xBar, <i32>at<u32>(order, i), at<T>(yBar, i));
  }
}

/** Tied values share their mean rank. */
export function hardRank<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const x = ptr<T>(task.x, from);
    const y = ptr<T>(task.y, from);
    const order = ptr<u32>(task.order, from);
    argsort<T>(x, n, task.p1 < 0, order, scratch);
    for (let start = 0, stop = 0; start < n; start = stop) {
      const value = num<T>(x, <i32>at<u32>(order, start));
      for (stop = start + 1; stop < n && num<T>(x, <i32>at<u32>(order, stop)) == value; ) stop++;
      for (let i = start; i < stop; i++) putNum<T>(y, <i32>at<u32>(order, i), 0.5 * <f64>(start + stop + 1));
    }
  }
}

/** Ranks are constant almost everywhere. */
export function pullHardRank<T>(task: Task, first: i32, end: i32, _scratch: usize): void {
  const from = <i32>at<u32>(task.offsets, first);
  const stop = <i32>at<u32>(task.offsets, end);
  for (let i = from; i < stop; i++) putNum<T>(task.xBar, i, 0);
}
