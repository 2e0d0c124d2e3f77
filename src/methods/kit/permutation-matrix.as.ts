/**
 * The matrix P of NeuralSort and SoftSort itself, row by row: i0 the mode of its rows, p0 tau, p1 +1 ascending. Losses take its
 * logarithm, so that entries are kept down to the smallest number. The backward pass computes the rows again: they are
 * wanted in f64, whatever the precision of the output is.
 */

import { argsortScratch } from '../../engine/library/argsort.as';
import { at, num, ptr, put, putNum, Task } from '../../engine/library/task.as';
import { finishNeural, neural, openRow, Row, rowScratch, softmaxRow, squared, sumLanes } from './unimodal-row.as';

/** Logits of numbers that T cannot tell from 0. */
@inline
function smallest<T>(): f64 {
  return sizeof<T>() == 4 ? -104 : -708;
}

export function permutationMatrixScratch(n: i32): usize {
  return rowScratch(n) + argsortScratch(n);
}

export function permutationMatrix<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const y = ptr<T>(task.y, <i32>at<u32>(task.outputs, q));
    const row = openRow<T>(task, from, n, scratch, true);
    row.floor = smallest<T>();
    const order = ptr<u32>(task.order, from);
    memory.fill(y, 0, <usize>(n * n) << alignof<T>());
    for (let k = 0; k < n; k++) {
      softmaxRow<T>(row, k);
      const entries = ptr<T>(y, k * n);
      for (let j = row.low; j < row.high; j++) putNum<T>(entries, <i32>at<u32>(order, j), at<f64>(row.e0, j));
    }
  }
}

/** Adds w times the gradient of v . P_k in the logits of row k to the columns, and for distances in its pivot. */
@inline
export function pullRow(row: Row, k: i32, w: f64): void {
  let met = f64x2.splat(0);
  for (let j = row.low; j < row.high; j += 2) {
    met = f64x2.add(met, f64x2.mul(v128.load(ptr<f64>(row.e0, j)), v128.load(ptr<f64>(row.v, j))));
  }
  pullEntries(row, k, w, sumLanes(met), false);
}

/** The same for a gradient in the logits themselves, held in v over the window, and 0 in the lane that hangs over. */
@inline
export function pullLogits(row: Row, k: i32): void {
  pullEntries(row, k, 1, 0, true);
}

@inline
function pullEntries(row: Row, k: i32, w: f64, met: f64, ofLogits: bool): void {
  const mean = f64x2.splat(met);
  const here = f64x2.splat(at<f64>(row.s, k));
  const weight = f64x2.splat(w);
  const squares = row.mode == squared;
  const sign = f64x2.splat(row.sign);
  let own = f64x2.splat(0);
  let apart = f64x2(<f64>(row.low - k), <f64>(row.low - k + 1));
  for (let j = row.low; j < row.high; j += 2) {
    const v = v128.load(ptr<f64>(row.v, j));
    const t = ofLogits ? v : f64x2.mul(f64x2.mul(v128.load(ptr<f64>(row.e0, j)), weight), f64x2.sub(v, mean));
    const column = ptr<f64>(row.column, j);
    if (row.mode == neural) {
      v128.store(column, f64x2.add(v128.load(column), f64x2.mul(t, apart)));
      const columnB = ptr<f64>(row.columnB, j);
      v128.store(columnB, f64x2.add(v128.load(columnB), t));
    } else {
      // Towards the pivot: of tied items the later one counts as beyond it.
      const ahead = f64x2.max(f64x2.min(apart, f64x2.splat(1)), f64x2.splat(-1));
      const slope = squares
        ? f64x2.mul(t, f64x2.sub(here, v128.load(ptr<f64>(row.s, j))))
        : f64x2.neg(f64x2.mul(t, f64x2.mul(sign, ahead)));
      own = f64x2.add(own, slope);
      v128.store(column, f64x2.add(v128.load(column), slope));
    }
    apart = f64x2.add(apart, f64x2.splat(2));
  }
  if (row.mode != neural) put<f64>(row.column, k, at<f64>(row.column, k) - sumLanes(own));
}

export function pullPermutationMatrix<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const yBar = ptr<T>(task.yBar, <i32>at<u32>(task.outputs, q));
    const xBar = ptr<T>(task.xBar, from);
    const order = ptr<u32>(task.order, from);
    const row = openRow<T>(task, from, n, scratch, false);
    row.floor = smallest<T>();
    for (let k = 0; k < n; k++) {
      softmaxRow<T>(row, k);
      const entries = ptr<T>(yBar, k * n);
      for (let j = row.low; j < row.high; j++) put<f64>(row.v, j, num<T>(entries, <i32>at<u32>(order, j)));
      put<f64>(row.v, row.high, 0);
      pullRow(row, k, 1);
    }
    if (row.mode == neural) {
      finishNeural<T>(row, xBar, order);
      continue;
    }
    const factor = (row.mode == squared ? 2 : 1) / row.tau;
    for (let j = 0; j < n; j++) putNum<T>(xBar, <i32>at<u32>(order, j), factor * at<f64>(row.column, j));
  }
}
