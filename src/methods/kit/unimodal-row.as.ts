/**
 * One row in sorted order and what its passes read: shared by the operators that stream the rows of P (unimodal.ts), by those
 * that keep them (permutation-matrix.ts) and by NeuralNDCG.
 */

import { argsortValues, gather } from '../../engine/library/argsort.as';
import { exp64x2, exp64x2Short } from '../../engine/library/exp.as';
import { at, num, ptr, put, putNum, Task } from '../../engine/library/task.as';

/** Modes: what the logits of a row are made of. */
export const neural: i32 = 0;
export const squared: i32 = 1;
export const absolute: i32 = 2;

/** Room after a row for lanes that hang over. */
const pad: i32 = 4;

@inline
export function expOf<T>(x: v128): v128 {
  return sizeof<T>() == 4 ? exp64x2Short(x) : exp64x2(x);
}

@inline
export function sumLanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** Everything about a row; arrays are f64, in sorted order. */
@unmanaged
export class Row {
  n: i32;
  mode: i32;
  tau: f64;
  sign: f64;
  /** What v is taken relative to, block by block: in sort the value of its first row, so that no outlier takes digits. */
  base: f64;
  s: usize;
  /** v of the passes; in sort s itself. */
  v: usize;
  /** Row weights. */
  w: usize;
  /** What columns collect. */
  column: usize;
  columnB: usize;
  columnD: usize;
  /** Exponentials of the rows of a block. */
  e0: usize;
  e1: usize;
  e2: usize;
  e3: usize;
  /** Of the block: Z and m of its rows, f64[4]. */
  Z: usize;
  m: usize;
  /** Logits below it are left out of the block. */
  floor: f64;
  /** Columns [low, high). */
  low: i32;
  high: i32;
}

const rowBytes: usize = 256;
const arrays: i32 = 10;

@inline
function arrayBytes(n: i32): usize {
  return <usize>(n + pad) << 3;
}

/** Bytes of a row; the scratch of its sort comes after. */
@inline
export function rowScratch(n: i32): usize {
  return rowBytes + <usize>arrays * arrayBytes(n);
}

/** Sorts a row and lays out what the passes read. */
@inline
export function openRow<T>(task: Task, from: i32, n: i32, scratch: usize, sorting: bool): Row {
  const row = changetype<Row>(scratch);
  const bytes = arrayBytes(n);
  let free = scratch + rowBytes;
  memory.fill(free, 0, <usize>arrays * bytes);
  row.n = n;
  row.mode = task.i0;
  row.tau = task.p0;
  row.sign = task.p1;
  row.Z = scratch + 160;
  row.m = scratch + 192;
  row.s = free;
  row.v = (free += bytes);
  row.w = free += bytes;
  row.column = free += bytes;
  row.columnB = free += bytes;
  row.columnD = free += bytes;
  row.e0 = free += bytes;
  row.e1 = free += bytes;
  row.e2 = free += bytes;
  row.e3 = free += bytes;
  free += bytes;
  const x = ptr<T>(task.x, from);
  const order = ptr<u32>(task.order, from);
  if (sorting) argsortValues<T>(x, n, row.sign < 0, 1, order, row.s, free);
  else gather<T>(x, order, n, 1, row.s);
  return row;
}

/** l_k in e0 and the window that rows k to last need: left by row k, right by the last. */
@inline
export function neuralLogits<T>(row: Row, k: i32, last: i32): void {
  const s = row.s;
  const inverse = 1 / row.tau;
  const bound = row.floor;
  put<f64>(row.e0, k, 0);
  let l: f64 = 0;
  let j = k - 1;
  for (let odd: f64 = 1; j >= 0; j--, odd += 2) {
    l -= Math.abs(at<f64>(s, j + 1) - at<f64>(s, j)) * (odd * inverse);
    if (l < bound) break;
    put<f64>(row.e0, j, l);
  }
  row.low = j + 1;
  l = 0;
  let lastL: f64 = 0;
  j = k + 1;
  for (let odd: f64 = 1; j < row.n; j++, odd += 2) {
    const gap = Math.abs(at<f64>(s, j) - at<f64>(s, j - 1)) * inverse;
    l -= gap * odd;
    if (j > last) {
      lastL -= gap * (odd - <f64>(2 * (last - k)));
      if (lastL < bound) break;
    }
    put<f64>(row.e0, j, l);
  }
  row.high = j;
}

@inline
export function squaredRow<T>(row: Row, k: i32, e: usize): void {
  const here = f64x2.splat(at<f64>(row.s, k));
  const scale = f64x2.splat(-1 / row.tau);
  for (let j = row.low; j < row.high; j += 2) {
    const d = f64x2.sub(v128.load(ptr<f64>(row.s, j)), here);
    v128.store(ptr<f64>(e, j), expOf<T>(f64x2.mul(f64x2.mul(d, d), scale)));
  }
}

/** From columns to NeuralSort's gradient; tied values do not pull each other's distances. */
@inline
export function finishNeural<T>(row: Row, xBar: usize, order: usize): void {
  const n = row.n;
  const B = row.columnB;
  let total: f64 = 0;
  for (let i = 0; i < n; i++) total += at<f64>(B, i);
  let before: f64 = 0;
  for (let i = 0; i < n; ) {
    let stop = i;
    let tied: f64 = 0;
    do {
      tied += at<f64>(B, stop);
      stop++;
    } while (stop < n && at<f64>(row.s, stop) == at<f64>(row.s, stop - 1));
    const difference = before - (total - before - tied);
    for (let j = i; j < stop; j++) {
      const own = <f64>(i + stop - 1 - 2 * j) * at<f64>(B, j);
      const g = (-row.sign * (2 * at<f64>(row.column, j) + own + difference)) / row.tau + at<f64>(row.columnD, j);
      putNum<T>(xBar, <i32>at<u32>(order, j), g);
    }
    before += tied;
    i = stop;
  }
}

/** Logits of row k of distances to s_k, in e0, and their window. */
@inline
function distanceLogits(row: Row, k: i32): void {
  const s = row.s;
  const here = at<f64>(s, k);
  const scale = -1 / row.tau;
  const squares = row.mode == squared;
  let j = k;
  for (; j >= 0; j--) {
    const d = Math.abs(at<f64>(s, j) - here);
    const l = (squares ? d * d : d) * scale;
    if (l < row.floor) break;
    put<f64>(row.e0, j, l);
  }
  row.low = j + 1;
  for (j = k + 1; j < row.n; j++) {
    const d = Math.abs(at<f64>(s, j) - here);
    const l = (squares ? d * d : d) * scale;
    if (l < row.floor) break;
    put<f64>(row.e0, j, l);
  }
  row.high = j;
}

/** Row k of P alone: e0 over its window, and 0 in the lane that hangs over. Answers what the exponentials summed to, 1 or more. */
@inline
export function softmaxRow<T>(row: Row, k: i32): f64 {
  if (row.mode == neural) neuralLogits<T>(row, k, k);
  else distanceLogits(row, k);
  const e = row.e0;
  put<f64>(e, row.high, -Infinity);
  let sum = f64x2.splat(0);
  for (let j = row.low; j < row.high; j += 2) {
    const p = expOf<T>(v128.load(ptr<f64>(e, j)));
    v128.store(ptr<f64>(e, j), p);
    sum = f64x2.add(sum, p);
  }
  const total = sumLanes(sum);
  const inverse = f64x2.splat(1 / total);
  for (let j = row.low; j < row.high; j += 2) {
    v128.store(ptr<f64>(e, j), f64x2.mul(v128.load(ptr<f64>(e, j)), inverse));
  }
  put<f64>(e, row.high, 0);
  return total;
}

/** Logits of row k, all of them, relative to that of its own item: however far below any exponential. */
export function writeLogits(row: Row, k: i32, logits: usize): void {
  const s = row.s;
  const inverse = 1 / row.tau;
  if (row.mode != neural) {
    const here = at<f64>(s, k);
    for (let j = 0; j < row.n; j++) {
      const d = Math.abs(at<f64>(s, j) - here);
      put<f64>(logits, j, -(row.mode == squared ? d * d : d) * inverse);
    }
    return;
  }
  put<f64>(logits, k, 0);
  let l: f64 = 0;
  for (let j = k - 1, odd: f64 = 1; j >= 0; j--, odd += 2) {
    l -= Math.abs(at<f64>(s, j + 1) - at<f64>(s, j)) * (odd * inverse);
    put<f64>(logits, j, l);
  }
  l = 0;
  for (let j = k + 1, odd: f64 = 1; j < row.n; j++, odd += 2) {
    l -= Math.abs(at<f64>(s, j) - at<f64>(s, j - 1)) * (odd * inverse);
    put<f64>(logits, j, l);
  }
}
