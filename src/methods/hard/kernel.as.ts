/** The hard sort and ranks: the floor of what every operator that sorts can do. */

import { argsort, argsortScratch } from '../../engine/library/argsort.as'
import { at, num, put, putNum, Task } from '../../engine/library/task.as'

@unmanaged
export class HardTask extends Task {
  /** +1 ascending, -1 descending. */
  sign: f64
}

export function hardScratch(_task: HardTask, n: i32): usize {
  return argsortScratch(n)
}

export function hardSort<T>(task: HardTask, n: i32, x: usize, y: usize, order: usize, scratch: usize): void {
  argsort<T>(x, n, task.sign < 0, order, scratch)
  for (let i = 0; i < n; i++) put<T>(y, i, at<T>(x, i32(at<u32>(order, i))))
}

export function pullHardSort<T>(_task: HardTask, n: i32, yBar: usize, xBar: usize, order: usize): void {
  for (let i = 0; i < n; i++) put<T>(xBar, i32(at<u32>(order, i)), at<T>(yBar, i))
}

/** Tied values share their mean rank. */
export function hardRank<T>(task: HardTask, n: i32, x: usize, y: usize, order: usize, scratch: usize): void {
  argsort<T>(x, n, task.sign < 0, order, scratch)
  for (let start = 0, stop = 0; start < n; start = stop) {
    const value = num<T>(x, i32(at<u32>(order, start)))
    for (stop = start + 1; stop < n && num<T>(x, i32(at<u32>(order, stop))) == value; ) stop++
    for (let i = start; i < stop; i++) putNum<T>(y, i32(at<u32>(order, i)), 0.5 * f64(start + stop + 1))
  }
}

/** Ranks are constant almost everywhere. */
export function pullHardRank<T>(_task: HardTask, n: i32, xBar: usize): void {
  for (let i = 0; i < n; i++) putNum<T>(xBar, i, 0)
}
