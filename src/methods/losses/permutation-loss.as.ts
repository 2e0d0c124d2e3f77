/**
 * Cross entropies of the rows of NeuralSort or SoftSort, row by row. i0: the mode of rows. i1: 0 permutation cross entropy, -sum over k of
 * log P_k,pi(k) with pi the order of decreasing labels; 1 top-k cross entropy, -sum over relevant items y of
 * log sum over k of p_k min(1, S_k), S_k the sum of the first k entries of column y, p_k the first i2 probabilities (table: those
 * of K >= k, then those of K = k). p0: tau, p1: -1. Terms weigh as much as their item. Logarithms are those of the logits: no entry is too small for its loss or gradient.
 */

import { argsort, argsortScratch } from '../../engine/library/argsort.as';
import { exp } from '../../engine/library/exp.as';
import { gradientOf } from './loss.as';
import { pullLogits } from '../kit/permutation-matrix.as';
import { at, num, ptr, put, Task } from '../../engine/library/task.as';
import { finishNeural, neural, openRow, Row, rowScratch, softmaxRow, squared, writeLogits } from '../kit/unimodal-row.as';

const floor: f64 = -708;
/** From here to 0 the logarithm of a sum of probabilities counts as that of 1. */
const certain: f64 = -9.094947017729282e-13;
const arrays: i32 = 5;
const chancesBytes: usize = 64;

@inline
function arrayBytes(n: i32): usize {
  return <usize>(n + 2) << 3;
}

export function permutationLossScratch(n: i32): usize {
  return rowScratch(n) + argsortScratch(n) + <usize>arrays * arrayBytes(n) + chancesBytes;
}

/** `places`: of the item that should stand k-th, where it stands; `ideal`: which item that is. */
@inline
function permutationCrossEntropy<T>(row: Row, places: usize, ideal: usize, weights: usize, logits: usize): f64 {
  let loss: f64 = 0;
  for (let k = 0; k < row.n; k++) {
    const total = softmaxRow<T>(row, k);
    writeLogits(row, k, logits);
    const target = at<i32>(places, k);
    const weight = num<T>(weights, <i32>at<u32>(ideal, k));
    if (weight == 0) continue;
    loss += weight * (Math.log(total) - at<f64>(logits, target));
    const low = row.low;
    const high = row.high;
    for (let j = low; j < high; j++) put<f64>(row.v, j, weight * at<f64>(row.e0, j));
    put<f64>(row.v, target, at<f64>(row.v, target) - weight);
    row.low = min(low, target);
    row.high = max(high, target + 1);
    pullLogits(row, k);
    memory.fill(ptr<f64>(row.v, row.low), 0, <usize>(row.high - row.low) << 3);
  }
  return loss;
}

/** log(e^a + e^b). */
@inline
function logAddExp(a: f64, b: f64): f64 {
  const top = max(a, b);
  return top == -Infinity ? top : top + Math.log(1 + exp(min(a, b) - top));
}

/** By item: its weight if it is relevant, else 0, log S so far (infinite from the rank c on that makes it certain), the log of its chance, and P(K >= c). */
@unmanaged
class Chances {
  relevant: usize;
  sums: usize;
  logs: usize;
  beyond: usize;
  logits: usize;
}

@inline
function readChances<T>(row: Row, rows: i32, tails: usize, shares: usize, list: Chances): void {
  const n = row.n;
  for (let y = 0; y < n; y++) {
    put<f64>(list.sums, y, -Infinity);
    put<f64>(list.logs, y, -Infinity);
    put<f64>(list.beyond, y, 0);
  }
  for (let k = 0; k < rows; k++) {
    const logTotal = Math.log(softmaxRow<T>(row, k));
    const logShare = Math.log(at<f64>(shares, k));
    const logTail = Math.log(at<f64>(tails, k));
    writeLogits(row, k, list.logits);
    for (let y = 0; y < n; y++) {
      if (!(at<f64>(list.relevant, y) > 0) || at<f64>(list.sums, y) == Infinity) continue;
      const sum = logAddExp(at<f64>(list.sums, y), at<f64>(list.logits, y) - logTotal);
      if (sum >= certain || k == n - 1) {
        put<f64>(list.sums, y, Infinity);
        put<f64>(list.beyond, y, at<f64>(tails, k));
        put<f64>(list.logs, y, logAddExp(at<f64>(list.logs, y), logTail));
      } else {
        put<f64>(list.sums, y, sum);
        put<f64>(list.logs, y, logAddExp(at<f64>(list.logs, y), logShare + sum));
      }
    }
  }
}

@inline
function topkCrossEntropy<T>(row: Row, rows: i32, tails: usize, shares: usize, list: Chances): f64 {
  const n = row.n;
  readChances<T>(row, rows, tails, shares, list);
  let loss: f64 = 0;
  for (let y = 0; y < n; y++) {
    const weight = at<f64>(list.relevant, y);
    if (weight > 0) loss -= weight * min<f64>(0, at<f64>(list.logs, y));
  }
  for (let k = 0; k < rows; k++) {
    const logTotal = Math.log(softmaxRow<T>(row, k));
    writeLogits(row, k, list.logits);
    let pulled: f64 = 0;
    for (let y = 0; y < n; y++) {
      const weight = at<f64>(tails, k) - at<f64>(list.beyond, y);
      const ofItem = at<f64>(list.relevant, y);
      const u = ofItem > 0 && weight > 0 ? -ofItem * weight * exp(at<f64>(list.logits, y) - logTotal - at<f64>(list.logs, y)) : 0;
      put<f64>(row.v, y, u);
      pulled += u;
    }
    for (let y = row.low; y < row.high; y++) put<f64>(row.v, y, at<f64>(row.v, y) - at<f64>(row.e0, y) * pulled);
    row.low = 0;
    row.high = n;
    put<f64>(row.v, n, 0);
    pullLogits(row, k);
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
      put<f64>(task.y, q, permutationCrossEntropy<T>(row, places, ideal, weights, ptr<f64>(ideal, 2 * (n + 2))));
      finish(row, gradient, order);
    } else {
      const row = open<T>(task, from, n, scratch);
      const chances = changetype<Chances>(ptr<f64>(free, 5 * (n + 2)));
      chances.relevant = free;
      chances.sums = ptr<f64>(free, n + 2);
      chances.logs = ptr<f64>(free, 2 * (n + 2));
      chances.beyond = ptr<f64>(free, 3 * (n + 2));
      chances.logits = ptr<f64>(free, 4 * (n + 2));
      for (let k = 0; k < n; k++) {
        const item = <i32>at<u32>(order, k);
        put<f64>(free, k, num<T>(labels, item) > 0 ? num<T>(weights, item) : 0);
      }
      const shares = ptr<f64>(task.table, task.i2);
      put<f64>(task.y, q, topkCrossEntropy<T>(row, min(n, task.i2), task.table, shares, chances));
      finish(row, gradient, order);
    }
  }
}
