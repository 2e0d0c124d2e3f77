/**
 * Cross entropies of the rows of NeuralSort or SoftSort, row by row. i0: the mode of rows. i1: 0 permutation cross entropy, -sum over k of
 * log P_k,pi(k) with pi the order of decreasing labels; 1 top-k cross entropy, -sum over relevant items y of log sum over k of
 * W_k P_ky with weights W of the first i2 rows (table). p0: tau, p1: -1. Terms weigh as much as their
 * item. Below 1e-290 a probability counts as that, with gradient 0.
 */

import { argsort, argsortScratch } from '../../engine/library/argsort.as';
import { gradientOf } from './loss.as';
import { pullRow } from '../kit/permutation-matrix.as';
import { at, num, ptr, put, Row, Task } from '../../engine/library/task.as';
import { finishNeural, neural, openRow, Row, rowScratch, softmaxRow, squared } from '../kit/unimodal-row.as';

const smallest: f64 = 1e-290;
const floor: f64 = -708;

export function permutationLossScratch(n: i32): usize {
  return rowScratch(n) + argsortScratch(n) + 2 * (<usize>(n + 2) << 3);
}

/** `places`: of the item that should stand k-th, where it stands; `ideal`: which item that is. */
@inline
function permutationCrossEntropy<T>(row: Row, places: usize, ideal: usize, weights: usize): f64 {
  let loss: f64 = 0;
  for (let k = 0; k < row.n; k++) {
    softmaxRow<T>(row, k);
    const target = at<i32>(places, k);
    const p: f64 = target >= row.low && target < row.high ? at<f64>(row.e0, target) : 0;
    const weight = num<T>(weights, <i32>at<u32>(ideal, k));
    loss -= weight * Math.log(max(smallest, p));
    if (p <= smallest) continue;
    put<f64>(row.v, target, -weight / p);
    pullRow(row, k, 1);
    put<f64>(row.v, target, 0);
  }
  return loss;
}

/** `relevant`: the weight of an item that is, else 0, in the order of the scores. */
@inline
function topkCrossEntropy<T>(row: Row, rows: i32, weights: usize, relevant: usize, chance: usize): f64 {
  memory.fill(chance, 0, <usize>row.n << 3);
  for (let k = 0; k < rows; k++) {
    softmaxRow<T>(row, k);
    for (let j = row.low; j < row.high; j++) {
      put<f64>(chance, j, at<f64>(chance, j) + at<f64>(weights, k) * at<f64>(row.e0, j));
    }
  }
  let loss: f64 = 0;
  for (let j = 0; j < row.n; j++) {
    const p = at<f64>(chance, j);
    const weight = at<f64>(relevant, j);
    if (weight > 0) loss -= weight * Math.log(max(smallest, p));
    put<f64>(row.v, j, weight > 0 && p > smallest ? -weight / p : 0);
  }
  for (let k = 0; k < rows; k++) {
    // The last row is still there when it is the only one.
    if (rows > 1) softmaxRow<T>(row, k);
    pullRow(row, k, at<f64>(weights, k));
  }
  return loss;
}

@inline
function open<T>(task: Task, from: i32, n: i32, scratch: usize): Row {
  const row = openRow<T>(task, from, n, scratch, true);
  row.floor = floor;
  return row;
}

/** From columns to the gradient. */
@inline
function finish(row: Row, gradient: usize, order: usize): void {
  if (row.mode == neural) {
    finishNeural<f64>(row, gradient, order);
    return;
  }
  const factor = (row.mode == squared ? 2 : 1) / row.tau;
  for (let j = 0; j < row.n; j++) put<f64>(gradient, <i32>at<u32>(order, j), factor * at<f64>(row.column, j));
}

export function permutationLoss<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const labels = ptr<T>(task.labels, from);
    const weights = ptr<T>(task.weights, from);
    const order = ptr<u32>(task.order, from);
    const gradient = gradientOf(task, from);
    const sortScratch = scratch + rowScratch(n);
    const free = sortScratch + argsortScratch(n);
    if (task.i1 == 0) {
      const ideal = free;
      const places = ptr<u32>(ideal, n + 2);
      argsort<T>(labels, n, true, order, sortScratch);
      memory.copy(ideal, order, <usize>n << 2);
      const row = open<T>(task, from, n, scratch);
      const standing = row.w;
      for (let k = 0; k < n; k++) put<i32>(standing, <i32>at<u32>(order, k), k);
      for (let k = 0; k < n; k++) put<i32>(places, k, at<i32>(standing, <i32>at<u32>(ideal, k)));
      put<f64>(task.y, q, permutationCrossEntropy<T>(row, places, ideal, weights));
      finish(row, gradient, order);
    } else {
      const relevant = free;
      const chance = ptr<f64>(relevant, n + 2);
      const row = open<T>(task, from, n, scratch);
      for (let k = 0; k < n; k++) {
        const item = <i32>at<u32>(order, k);
        put<f64>(relevant, k, num<T>(labels, item) > 0 ? num<T>(weights, item) : 0);
      }
      put<f64>(task.y, q, topkCrossEntropy<T>(row, min(n, task.i2), task.table, relevant, chance));
      finish(row, gradient, order);
    }
  }
}
