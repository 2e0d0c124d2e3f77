/**
 * One row in sorted order and what its passes read: shared by the operators that stream the rows of P (unimodal.ts), by those
 * that keep them (permutation-matrix.ts) and by NeuralNDCG.
 */

import { argsortValues, gather } from '../../engine/library/argsort.as'
import { exp64x2, exp64x2Short } from '../../engine/library/exp.as'
import { at, bytesOf, ptr, put, putNum, Task } from '../../engine/library/task.as'

/** What the logits of a row are made of: NeuralSort's gaps, or squares or absolute values of distances. */
export const enum PermutationRows {
  neuralSort,
  squared,
  absolute,
}

/** A relaxed permutation, row by row. */
@unmanaged
export class PermutationTask extends Task {
  rows: PermutationRows
  tau: f64
  /** +1 ascending, -1 descending. */
  sign: f64
}

/** Room after a row for lanes that hang over. */
const pad: i32 = 4

@inline
export function expOf<T>(x: v128): v128 {
  return sizeof<T>() == 4 ? exp64x2Short(x) : exp64x2(x)
}

@inline
export function sumLanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1)
}

/** The band of P that is looked at, and what all of P shares; arrays are f64, in sorted order. */
@unmanaged
export class Band {
  n: i32
  mode: PermutationRows
  tau: f64
  sign: f64
  /** What v is taken relative to, block by block: in sort the value of its first row, so that no outlier takes digits. */
  base: f64
  s: usize
  /** v of the passes; in sort s itself. */
  v: usize
  /** Row weights. */
  w: usize
  /** What columns collect. */
  column: usize
  columnB: usize
  columnD: usize
  /** Exponentials of the rows of a block. */
  e0: usize
  e1: usize
  e2: usize
  e3: usize
  /** Z and m of the rows of a block, f64[4]. */
  Z: usize
  m: usize
  /** Logits below it are left out of the block. */
  floor: f64
  /** Columns [low, high). */
  low: i32
  high: i32
}

const arrays: i32 = 10

/** A band, and Z and m of its rows. */
@inline
function roomBytes(): usize {
  return bytesOf<Band>() + 64
}

@inline
function arrayBytes(n: i32): usize {
  return usize(n + pad) << 3
}

/** Bytes of a band; the scratch of its sort comes after. */
@inline
export function bandScratch(n: i32): usize {
  return roomBytes() + usize(arrays) * arrayBytes(n)
}

/** Sorts a row and lays out what the passes read. */
@inline
export function openBand<T>(
  task: PermutationTask,
  n: i32,
  x: usize,
  order: usize,
  scratch: usize,
  sorting: bool,
): Band {
  const band = changetype<Band>(scratch)
  const bytes = arrayBytes(n)
  let free = scratch + roomBytes()
  memory.fill(free, 0, usize(arrays) * bytes)
  band.n = n
  band.mode = task.rows
  band.tau = task.tau
  band.sign = task.sign
  band.Z = scratch + bytesOf<Band>()
  band.m = band.Z + 32
  band.s = free
  band.v = free += bytes
  band.w = free += bytes
  band.column = free += bytes
  band.columnB = free += bytes
  band.columnD = free += bytes
  band.e0 = free += bytes
  band.e1 = free += bytes
  band.e2 = free += bytes
  band.e3 = free += bytes
  free += bytes
  if (sorting) argsortValues<T>(x, n, band.sign < 0, 1, order, band.s, free)
  else gather<T>(x, order, n, 1, band.s)
  return band
}

/** l_k in e0 and the window that rows k to last need: left by row k, right by the last. */
@inline
export function neuralLogits<_T>(band: Band, k: i32, last: i32): void {
  const n = band.n
  const e0 = band.e0
  const s = band.s
  const inverse = 1 / band.tau
  const bound = band.floor
  put<f64>(e0, k, 0)
  let l: f64 = 0
  let j = k - 1
  for (let odd: f64 = 1; j >= 0; j--, odd += 2) {
    l -= Math.abs(at<f64>(s, j + 1) - at<f64>(s, j)) * (odd * inverse)
    if (l < bound) break
    put<f64>(e0, j, l)
  }
  band.low = j + 1
  l = 0
  let lastL: f64 = 0
  j = k + 1
  for (let odd: f64 = 1; j < n; j++, odd += 2) {
    const gap = Math.abs(at<f64>(s, j) - at<f64>(s, j - 1)) * inverse
    l -= gap * odd
    if (j > last) {
      lastL -= gap * (odd - f64(2 * (last - k)))
      if (lastL < bound) break
    }
    put<f64>(e0, j, l)
  }
  band.high = j
}

@inline
export function squaredRow<T>(band: Band, k: i32, e: usize): void {
  const s = band.s
  const here = f64x2.splat(at<f64>(s, k))
  const scale = f64x2.splat(-1 / band.tau)
  for (let j = band.low, high = band.high; j < high; j += 2) {
    const d = f64x2.sub(v128.load(ptr<f64>(s, j)), here)
    v128.store(ptr<f64>(e, j), expOf<T>(f64x2.mul(f64x2.mul(d, d), scale)))
  }
}

/** From columns to NeuralSort's gradient; tied values do not pull each other's distances. */
@inline
export function finishNeural<T>(band: Band, xBar: usize, order: usize): void {
  const tau = band.tau
  const columnD = band.columnD
  const column = band.column
  const s = band.s
  const n = band.n
  const B = band.columnB
  let total: f64 = 0
  for (let i = 0; i < n; i++) total += at<f64>(B, i)
  let before: f64 = 0
  for (let i = 0; i < n; ) {
    let stop = i
    let tied: f64 = 0
    do {
      tied += at<f64>(B, stop)
      stop++
    } while (stop < n && at<f64>(s, stop) == at<f64>(s, stop - 1))
    const difference = before - (total - before - tied)
    for (let j = i; j < stop; j++) {
      const own = f64(i + stop - 1 - 2 * j) * at<f64>(B, j)
      const g = (-band.sign * (2 * at<f64>(column, j) + own + difference)) / tau + at<f64>(columnD, j)
      putNum<T>(xBar, i32(at<u32>(order, j)), g)
    }
    before += tied
    i = stop
  }
}

/** Logits of row k of distances to s_k, in e0, and their window. */
@inline
function distanceLogits(band: Band, k: i32): void {
  const n = band.n
  const e0 = band.e0
  const s = band.s
  const here = at<f64>(s, k)
  const scale = -1 / band.tau
  const squares = band.mode == PermutationRows.squared
  let j = k
  for (; j >= 0; j--) {
    const d = Math.abs(at<f64>(s, j) - here)
    const l = (squares ? d * d : d) * scale
    if (l < band.floor) break
    put<f64>(e0, j, l)
  }
  band.low = j + 1
  for (j = k + 1; j < n; j++) {
    const d = Math.abs(at<f64>(s, j) - here)
    const l = (squares ? d * d : d) * scale
    if (l < band.floor) break
    put<f64>(e0, j, l)
  }
  band.high = j
}

/** Row k of P alone: e0 over its window, and 0 in the lane that hangs over. Answers what the exponentials summed to, 1 or more. */
@inline
export function softmaxRow<T>(band: Band, k: i32): f64 {
  if (band.mode == PermutationRows.neuralSort) neuralLogits<T>(band, k, k)
  else distanceLogits(band, k)
  const e = band.e0
  put<f64>(e, band.high, -Infinity)
  let sum = f64x2.splat(0)
  for (let j = band.low, high = band.high; j < high; j += 2) {
    const p = expOf<T>(v128.load(ptr<f64>(e, j)))
    v128.store(ptr<f64>(e, j), p)
    sum = f64x2.add(sum, p)
  }
  const total = sumLanes(sum)
  const inverse = f64x2.splat(1 / total)
  for (let j = band.low, high = band.high; j < high; j += 2) {
    v128.store(ptr<f64>(e, j), f64x2.mul(v128.load(ptr<f64>(e, j)), inverse))
  }
  put<f64>(e, band.high, 0)
  return total
}

/** Logits of row k, all of them, relative to that of its own item: however far below any exponential. */
export function writeLogits(band: Band, k: i32, logits: usize): void {
  const s = band.s
  const n = band.n
  const inverse = 1 / band.tau
  if (band.mode != PermutationRows.neuralSort) {
    const here = at<f64>(s, k)
    for (let j = 0; j < n; j++) {
      const d = Math.abs(at<f64>(s, j) - here)
      put<f64>(logits, j, -(band.mode == PermutationRows.squared ? d * d : d) * inverse)
    }
    return
  }
  put<f64>(logits, k, 0)
  let l: f64 = 0
  for (let j = k - 1, odd: f64 = 1; j >= 0; j--, odd += 2) {
    l -= Math.abs(at<f64>(s, j + 1) - at<f64>(s, j)) * (odd * inverse)
    put<f64>(logits, j, l)
  }
  l = 0
  for (let j = k + 1, odd: f64 = 1; j < n; j++, odd += 2) {
    l -= Math.abs(at<f64>(s, j) - at<f64>(s, j - 1)) * (odd * inverse)
    put<f64>(logits, j, l)
  }
}
