/**
 * NDCG with gains sorted by NeuralSort P of the scores: -sum over i < cutoff of D_i (P g)_i (PiRank of one round, but for a
 * constant), and the same with P scaled to be doubly stochastic (NeuralNDCG). i0: the mode of rows, NeuralSort. i1: 0 PiRank, 1
 * NeuralNDCG. i2: ranks that count, 0 all. p0: tau, p1: -1, table: discounts.
 *
 * Scaling: b <- 1 / (P^T a), a <- 1 / (P b), a = 1 at first, until P^T a b is 1 to a tolerance. One pass over P does the row sums
 * of an iteration, and the column sums of the next one, which are also what the tolerance asks for. Its derivative likewise: a
 * pass backwards does the rows of an iteration and the columns of the one before it.
 */

import { argsortScratch } from '../../engine/library/argsort.as';
import { itemGains } from './gains.as';
import { gradientOf } from './loss.as';
import { pullRow } from '../kit/permutation-matrix.as';
import { at, num, ptr, put, Task } from '../../engine/library/task.as';
import { finishNeural, openRow, Row, rowScratch, softmaxRow, sumLanes } from '../kit/unimodal-row.as';

const mostIterations: i32 = 50;
const tolerance: f64 = 1e-6;
/** Sums of columns that no row puts weight on. */
const smallest: f64 = 1e-30;
/** Entries below exp of this are nothing, also next to the smallest column sum. */
const floor: f64 = -120;

/** Entries from one row of a matrix to the next; lanes that hang over stay in their row. */
@inline
function strideOf(n: i32): i32 {
  return (n + 5) & ~1;
}

/** Of PiRank, which keeps no matrix. */
export function piRankScratch(n: i32): usize {
  return rowScratch(n) + argsortScratch(n) + 6 * (<usize>strideOf(n) << 3);
}

export function sortedGainsScratch(n: i32): usize {
  const row = <usize>strideOf(n) << 3;
  const scaling = <usize>(n + 4 * (mostIterations + 1)) * row + (<usize>(n + 4) << 3);
  return rowScratch(n) + max(argsortScratch(n) + 2 * row, scaling) + 4 * row;
}

let n: i32 = 0;
let stride: i32 = 0;
/** P, its windows (two i32 a row), and histories of the scaling: row t belongs to iteration t. */
let P: usize = 0;
let windows: usize = 0;
let rowFactors: usize = 0;
let columnFactors: usize = 0;
let rowBars: usize = 0;
let columnBars: usize = 0;
let iterations: i32 = 0;

@inline
function lineOf(matrix: usize, t: i32): usize {
  return ptr<f64>(matrix, t * stride);
}

@inline
function lowOf(i: i32): i32 {
  return at<i32>(windows, 2 * i);
}

@inline
function highOf(i: i32): i32 {
  return at<i32>(windows, 2 * i + 1);
}

@inline
function dot(p: usize, v: usize, low: i32, high: i32): f64 {
  let sum = f64x2.splat(0);
  for (let j = low; j < high; j += 2) {
    sum = f64x2.add(sum, f64x2.mul(v128.load(ptr<f64>(p, j)), v128.load(ptr<f64>(v, j))));
  }
  return sumLanes(sum);
}

/** column += factor p. */
@inline
function add(column: usize, p: usize, factor: f64, low: i32, high: i32): void {
  const f = f64x2.splat(factor);
  for (let j = low; j < high; j += 2) {
    const to = ptr<f64>(column, j);
    v128.store(to, f64x2.add(v128.load(to), f64x2.mul(f, v128.load(ptr<f64>(p, j)))));
  }
}

@inline
function clear(line: usize): void {
  memory.fill(line, 0, <usize>stride << 3);
}

/** P and its windows; to f64 in f32 too, or the iterations might end elsewhere. */
@inline
function writeMatrix(row: Row): void {
  memory.fill(P, 0, <usize>(n * stride) << 3);
  for (let i = 0; i < n; i++) {
    softmaxRow<f64>(row, i);
    put<i32>(windows, 2 * i, row.low);
    put<i32>(windows, 2 * i + 1, row.high);
    memory.copy(ptr<f64>(lineOf(P, i), row.low), ptr<f64>(row.e0, row.low), <usize>(row.high - row.low) << 3);
  }
}

/** The largest distance of a sum of columns from 1. */
@inline
function residualOf(columns: usize, factors: usize): f64 {
  let most: f64 = 0;
  for (let j = 0; j < n; j++) most = max(most, Math.abs(at<f64>(columns, j) * at<f64>(factors, j) - 1));
  return most;
}

/** Answers the residual. */
function scale(columns: usize): f64 {
  clear(columns);
  for (let i = 0; i < n; i++) {
    put<f64>(rowFactors, i, 1);
    add(columns, lineOf(P, i), 1, lowOf(i), highOf(i));
  }
  iterations = 0;
  let residual: f64 = 0;
  while (iterations < mostIterations) {
    iterations++;
    const b = lineOf(columnFactors, iterations);
    const a = lineOf(rowFactors, iterations);
    for (let j = 0; j < n; j++) put<f64>(b, j, 1 / max(at<f64>(columns, j), smallest));
    for (let j = n; j < stride; j++) put<f64>(b, j, 0);
    clear(columns);
    for (let i = 0; i < n; i++) {
      const p = lineOf(P, i);
      const factor = 1 / max(dot(p, b, lowOf(i), highOf(i)), smallest);
      put<f64>(a, i, factor);
      add(columns, p, factor, lowOf(i), highOf(i));
    }
    residual = residualOf(columns, b);
    if (residual <= tolerance) break;
  }
  return residual;
}

/** What pulling on every sum of the iterations adds to entries [j, j + 4) of row i. */
@inline
function pullSums(i: i32, j: i32, out: usize): void {
  let first = f64x2.splat(0);
  let second = f64x2.splat(0);
  for (let t = 1; t <= iterations; t++) {
    const u = f64x2.splat(at<f64>(lineOf(rowBars, t), i));
    const a = f64x2.splat(at<f64>(lineOf(rowFactors, t - 1), i));
    const b = ptr<f64>(lineOf(columnFactors, t), j);
    const c = ptr<f64>(lineOf(columnBars, t), j);
    first = f64x2.add(first, f64x2.add(f64x2.mul(u, v128.load(b)), f64x2.mul(a, v128.load(c))));
    second = f64x2.add(second, f64x2.add(f64x2.mul(u, v128.load(b, 16)), f64x2.mul(a, v128.load(c, 16))));
  }
  v128.store(out, f64x2.add(v128.load(out), first));
  v128.store(out, f64x2.add(v128.load(out, 16), second), 16);
}

/** Gradient in the row and column factors of the last iteration, and from there to the first. */
@inline
function pullScaling(gains: usize, discounts: usize, cutoff: i32, columns: usize, weighted: usize): void {
  const a = lineOf(rowFactors, iterations);
  clear(columns);
  for (let i = 0; i < n; i++) {
    const p = lineOf(P, i);
    const factor = at<f64>(a, i);
    const discount = i < cutoff ? at<f64>(discounts, i) : 0;
    const u = discount * dot(p, weighted, lowOf(i), highOf(i)) * factor * factor;
    put<f64>(lineOf(rowBars, iterations), i, u);
    const ofRow = f64x2.splat(u);
    const ofGain = f64x2.splat(discount * factor);
    for (let j = lowOf(i); j < highOf(i); j += 2) {
      const to = ptr<f64>(columns, j);
      const bar = f64x2.sub(ofRow, f64x2.mul(ofGain, v128.load(ptr<f64>(gains, j))));
      v128.store(to, f64x2.add(v128.load(to), f64x2.mul(v128.load(ptr<f64>(p, j)), bar)));
    }
  }
  for (let t = iterations; t > 0; t--) {
    const b = lineOf(columnFactors, t);
    const bars = lineOf(columnBars, t);
    clear(bars);
    for (let j = 0; j < n; j++) {
      const factor = at<f64>(b, j);
      put<f64>(bars, j, factor < 1 / smallest ? -at<f64>(columns, j) * factor * factor : 0);
    }
    if (t == 1) break;
    clear(columns);
    for (let i = 0; i < n; i++) {
      const p = lineOf(P, i);
      const factor = at<f64>(lineOf(rowFactors, t - 1), i);
      const u = -dot(p, bars, lowOf(i), highOf(i)) * factor * factor;
      put<f64>(lineOf(rowBars, t - 1), i, u);
      add(columns, p, u, lowOf(i), highOf(i));
    }
  }
}

/** Answers -NDCG, and writes the residual of the scaling; row.v holds the gains, in the order of the scores. */
@inline
function neuralNdcg(row: Row, discounts: usize, cutoff: i32, gains: usize, weighted: usize, columns: usize, fact: usize): f64 {
  writeMatrix(row);
  store<f64>(fact, scale(columns));
  const a = lineOf(rowFactors, iterations);
  const b = lineOf(columnFactors, iterations);
  clear(weighted);
  for (let j = 0; j < n; j++) put<f64>(weighted, j, at<f64>(b, j) * at<f64>(gains, j));
  let loss: f64 = 0;
  for (let i = 0; i < cutoff; i++) {
    loss -= at<f64>(discounts, i) * at<f64>(a, i) * dot(lineOf(P, i), weighted, lowOf(i), highOf(i));
  }
  pullScaling(gains, discounts, cutoff, columns, weighted);
  for (let i = 0; i < n; i++) {
    row.low = lowOf(i);
    row.high = highOf(i);
    memory.copy(ptr<f64>(row.e0, row.low), ptr<f64>(lineOf(P, i), row.low), <usize>(row.high - row.low) << 3);
    put<f64>(row.e0, row.high, 0);
    const factor = i < cutoff ? -at<f64>(discounts, i) * at<f64>(a, i) : 0;
    for (let j = row.low; j < row.high; j++) put<f64>(row.v, j, factor * at<f64>(weighted, j));
    let j = row.low;
    for (; j + 4 <= row.high; j += 4) pullSums(i, j, ptr<f64>(row.v, j));
    if (j < row.high) pullSums(i, j, ptr<f64>(row.v, j));
    put<f64>(row.v, row.high, 0);
    pullRow(row, i, 1);
  }
  return loss;
}

/** Answers -NDCG of the first rows. */
@inline
function piRank<T>(row: Row, discounts: usize, cutoff: i32): f64 {
  let loss: f64 = 0;
  for (let i = 0; i < cutoff; i++) {
    const discount = at<f64>(discounts, i);
    softmaxRow<T>(row, i);
    loss -= discount * dot(row.e0, row.v, row.low, row.high);
    pullRow(row, i, -discount);
  }
  return loss;
}

export function sortedGains<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    n = <i32>at<u32>(task.offsets, q + 1) - from;
    stride = strideOf(n);
    const gradient = gradientOf(task, from);
    const order = ptr<u32>(task.order, from);
    const cutoff = task.i2 == 0 ? n : min(n, task.i2);
    const line = <usize>stride << 3;
    const gains = scratch;
    const columns = gains + line;
    const weighted = columns + line;
    const rowAt = weighted + line;
    const free = rowAt + rowScratch(n);
    put<f64>(task.y, q, 0);
    put<f64>(task.facts, q, 0);
    const weights = ptr<T>(task.weights, from);
    if (!itemGains<T>(ptr<T>(task.labels, from), weights, n, task.table, cutoff, weighted, order, free)) {
      for (let i = 0; i < n; i++) put<f64>(gradient, i, 0);
      continue;
    }
    const row = openRow<T>(task, from, n, rowAt, true);
    row.floor = floor;
    clear(gains);
    for (let j = 0; j < n; j++) put<f64>(gains, j, at<f64>(weighted, <i32>at<u32>(order, j)));
    if (task.i1 == 0) {
      row.v = gains;
      put<f64>(task.y, q, 1 + piRank<T>(row, task.table, cutoff));
    } else {
      windows = free;
      P = windows + (<usize>(n + 4) << 3);
      rowFactors = P + <usize>n * line;
      columnFactors = rowFactors + <usize>(mostIterations + 1) * line;
      rowBars = columnFactors + <usize>(mostIterations + 1) * line;
      columnBars = rowBars + <usize>(mostIterations + 1) * line;
      put<f64>(task.y, q, neuralNdcg(row, task.table, cutoff, gains, weighted, columns, ptr<f64>(task.facts, q)));
    }
    finishNeural<f64>(row, gradient, order);
  }
}
