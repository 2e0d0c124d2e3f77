/**
 * NDCG with gains sorted by NeuralSort P of the scores: -sum over i < cutoff of D_i (P g)_i (PiRank of one round, but for a
 * constant), and the same with P scaled to be doubly stochastic (NeuralNDCG).
 *
 * Scaling: b <- 1 / (P^T a), a <- 1 / (P b), a = 1 at first, until P^T a b is 1 to a tolerance. One pass over P does the row sums
 * of an iteration, and the column sums of the next one, which are also what the tolerance asks for. Its derivative likewise: a
 * pass backwards does the rows of an iteration and the columns of the one before it.
 */

import { argsortScratch } from '../../engine/library/argsort.as'
import { at, bytesOf, ptr, put } from '../../engine/library/task.as'
import { pullRow } from '../kit/permutation-matrix.as'
import {
  Band,
  bandScratch,
  finishNeural,
  openBand,
  PermutationTask,
  softmaxRow,
  sumLanes,
} from '../kit/unimodal-row.as'
import { itemGains } from './gains.as'

export const enum SortedGains {
  piRank,
  neuralNdcg,
}

@unmanaged
export class SortedGainsTask extends PermutationTask {
  loss: SortedGains
  /** Ranks that count; 0 all. */
  k: i32
  /** Discounts of ranks from 1 on. */
  discounts: usize
}

/** The gradient. */
export function sortedGainsState(_task: SortedGainsTask, n: i32): usize {
  return usize(n) * 8
}

const mostIterations: i32 = 50
const tolerance: f64 = 1e-6
/** Sums of columns that no row puts weight on. */
const smallest: f64 = 1e-30
/** Entries below exp of this are nothing, also next to the smallest column sum. */
const floor: f64 = -120

/** Entries from one row of a matrix to the next; lanes that hang over stay in their row. */
@inline
function strideOf(n: i32): i32 {
  return (n + 5) & ~1
}

/** PiRank keeps no matrix. */
export function sortedGainsScratch(task: SortedGainsTask, n: i32): usize {
  const own = bytesOf<Scaling>()
  const row = usize(strideOf(n)) << 3
  if (task.loss == SortedGains.piRank) return own + bandScratch(n) + argsortScratch(n) + 6 * row
  const scaling = usize(n + 4 * (mostIterations + 1)) * row + (usize(n + 4) << 3)
  return own + bandScratch(n) + max(argsortScratch(n) + 2 * row, scaling) + 4 * row
}

/** A list and the scaling of its P. */
@unmanaged
class Scaling {
  n: i32
  stride: i32
  /** P, its windows (two i32 a row), and histories of the scaling: row t belongs to iteration t. */
  P: usize
  windows: usize
  rowFactors: usize
  columnFactors: usize
  rowBars: usize
  columnBars: usize
  iterations: i32
}

@inline
function lineOf(scaling: Scaling, matrix: usize, t: i32): usize {
  return ptr<f64>(matrix, t * scaling.stride)
}

@inline
function lowOf(scaling: Scaling, i: i32): i32 {
  return at<i32>(scaling.windows, 2 * i)
}

@inline
function highOf(scaling: Scaling, i: i32): i32 {
  return at<i32>(scaling.windows, 2 * i + 1)
}

@inline
function dot(p: usize, v: usize, low: i32, high: i32): f64 {
  let sum = f64x2.splat(0)
  for (let j = low; j < high; j += 2) {
    sum = f64x2.add(sum, f64x2.mul(v128.load(ptr<f64>(p, j)), v128.load(ptr<f64>(v, j))))
  }
  return sumLanes(sum)
}

/** column += factor p. */
@inline
function add(column: usize, p: usize, factor: f64, low: i32, high: i32): void {
  const f = f64x2.splat(factor)
  for (let j = low; j < high; j += 2) {
    const to = ptr<f64>(column, j)
    v128.store(to, f64x2.add(v128.load(to), f64x2.mul(f, v128.load(ptr<f64>(p, j)))))
  }
}

@inline
function clear(scaling: Scaling, line: usize): void {
  memory.fill(line, 0, usize(scaling.stride) << 3)
}

/** P and its windows; to f64 in f32 too, or the iterations might end elsewhere. */
@inline
function writeMatrix(scaling: Scaling, band: Band): void {
  const n = scaling.n
  memory.fill(scaling.P, 0, usize(n * scaling.stride) << 3)
  for (let i = 0; i < n; i++) {
    softmaxRow<f64>(band, i)
    put<i32>(scaling.windows, 2 * i, band.low)
    put<i32>(scaling.windows, 2 * i + 1, band.high)
    memory.copy(
      ptr<f64>(lineOf(scaling, scaling.P, i), band.low),
      ptr<f64>(band.e0, band.low),
      usize(band.high - band.low) << 3,
    )
  }
}

/** The largest distance of a sum of columns from 1. */
@inline
function residualOf(scaling: Scaling, columns: usize, factors: usize): f64 {
  const n = scaling.n
  let most: f64 = 0
  for (let j = 0; j < n; j++) most = max(most, Math.abs(at<f64>(columns, j) * at<f64>(factors, j) - 1))
  return most
}

/** Answers the residual. */
function scale(scaling: Scaling, columns: usize): f64 {
  const n = scaling.n
  clear(scaling, columns)
  for (let i = 0; i < n; i++) {
    put<f64>(scaling.rowFactors, i, 1)
    add(columns, lineOf(scaling, scaling.P, i), 1, lowOf(scaling, i), highOf(scaling, i))
  }
  scaling.iterations = 0
  let residual: f64 = 0
  while (scaling.iterations < mostIterations) {
    scaling.iterations++
    const b = lineOf(scaling, scaling.columnFactors, scaling.iterations)
    const a = lineOf(scaling, scaling.rowFactors, scaling.iterations)
    for (let j = 0; j < n; j++) put<f64>(b, j, 1 / max(at<f64>(columns, j), smallest))
    for (let j = n; j < scaling.stride; j++) put<f64>(b, j, 0)
    clear(scaling, columns)
    for (let i = 0; i < n; i++) {
      const p = lineOf(scaling, scaling.P, i)
      const factor = 1 / max(dot(p, b, lowOf(scaling, i), highOf(scaling, i)), smallest)
      put<f64>(a, i, factor)
      add(columns, p, factor, lowOf(scaling, i), highOf(scaling, i))
    }
    residual = residualOf(scaling, columns, b)
    if (residual <= tolerance) break
  }
  return residual
}

/** What pulling on every sum of the iterations adds to entries [j, j + 4) of row i. */
@inline
function pullSums(scaling: Scaling, i: i32, j: i32, out: usize): void {
  let first = f64x2.splat(0)
  let second = f64x2.splat(0)
  for (let t = 1; t <= scaling.iterations; t++) {
    const u = f64x2.splat(at<f64>(lineOf(scaling, scaling.rowBars, t), i))
    const a = f64x2.splat(at<f64>(lineOf(scaling, scaling.rowFactors, t - 1), i))
    const b = ptr<f64>(lineOf(scaling, scaling.columnFactors, t), j)
    const c = ptr<f64>(lineOf(scaling, scaling.columnBars, t), j)
    first = f64x2.add(first, f64x2.add(f64x2.mul(u, v128.load(b)), f64x2.mul(a, v128.load(c))))
    second = f64x2.add(second, f64x2.add(f64x2.mul(u, v128.load(b, 16)), f64x2.mul(a, v128.load(c, 16))))
  }
  v128.store(out, f64x2.add(v128.load(out), first))
  v128.store(out, f64x2.add(v128.load(out, 16), second), 16)
}

/** Gradient in the row and column factors of the last iteration, and from there to the first. */
@inline
function pullScaling(
  scaling: Scaling,
  gains: usize,
  discounts: usize,
  cutoff: i32,
  columns: usize,
  weighted: usize,
): void {
  const n = scaling.n
  const a = lineOf(scaling, scaling.rowFactors, scaling.iterations)
  clear(scaling, columns)
  for (let i = 0; i < n; i++) {
    const p = lineOf(scaling, scaling.P, i)
    const factor = at<f64>(a, i)
    const discount = i < cutoff ? at<f64>(discounts, i) : 0
    const u = discount * dot(p, weighted, lowOf(scaling, i), highOf(scaling, i)) * factor * factor
    put<f64>(lineOf(scaling, scaling.rowBars, scaling.iterations), i, u)
    const ofRow = f64x2.splat(u)
    const ofGain = f64x2.splat(discount * factor)
    for (let j = lowOf(scaling, i); j < highOf(scaling, i); j += 2) {
      const to = ptr<f64>(columns, j)
      const bar = f64x2.sub(ofRow, f64x2.mul(ofGain, v128.load(ptr<f64>(gains, j))))
      v128.store(to, f64x2.add(v128.load(to), f64x2.mul(v128.load(ptr<f64>(p, j)), bar)))
    }
  }
  for (let t = scaling.iterations; t > 0; t--) {
    const b = lineOf(scaling, scaling.columnFactors, t)
    const bars = lineOf(scaling, scaling.columnBars, t)
    clear(scaling, bars)
    for (let j = 0; j < n; j++) {
      const factor = at<f64>(b, j)
      put<f64>(bars, j, factor < 1 / smallest ? -at<f64>(columns, j) * factor * factor : 0)
    }
    if (t == 1) break
    clear(scaling, columns)
    for (let i = 0; i < n; i++) {
      const p = lineOf(scaling, scaling.P, i)
      const factor = at<f64>(lineOf(scaling, scaling.rowFactors, t - 1), i)
      const u = -dot(p, bars, lowOf(scaling, i), highOf(scaling, i)) * factor * factor
      put<f64>(lineOf(scaling, scaling.rowBars, t - 1), i, u)
      add(columns, p, u, lowOf(scaling, i), highOf(scaling, i))
    }
  }
}

/** Answers -NDCG, and writes the residual of the scaling; band.v holds the gains, in the order of the scores. */
@inline
function neuralNdcg(
  scaling: Scaling,
  band: Band,
  discounts: usize,
  cutoff: i32,
  gains: usize,
  weighted: usize,
  columns: usize,
  fact: usize,
): f64 {
  const n = scaling.n
  writeMatrix(scaling, band)
  store<f64>(fact, scale(scaling, columns))
  const a = lineOf(scaling, scaling.rowFactors, scaling.iterations)
  const b = lineOf(scaling, scaling.columnFactors, scaling.iterations)
  clear(scaling, weighted)
  for (let j = 0; j < n; j++) put<f64>(weighted, j, at<f64>(b, j) * at<f64>(gains, j))
  let loss: f64 = 0
  for (let i = 0; i < cutoff; i++) {
    loss -=
      at<f64>(discounts, i) *
      at<f64>(a, i) *
      dot(lineOf(scaling, scaling.P, i), weighted, lowOf(scaling, i), highOf(scaling, i))
  }
  pullScaling(scaling, gains, discounts, cutoff, columns, weighted)
  for (let i = 0; i < n; i++) {
    band.low = lowOf(scaling, i)
    band.high = highOf(scaling, i)
    memory.copy(
      ptr<f64>(band.e0, band.low),
      ptr<f64>(lineOf(scaling, scaling.P, i), band.low),
      usize(band.high - band.low) << 3,
    )
    put<f64>(band.e0, band.high, 0)
    const factor = i < cutoff ? -at<f64>(discounts, i) * at<f64>(a, i) : 0
    for (let j = band.low; j < band.high; j++) put<f64>(band.v, j, factor * at<f64>(weighted, j))
    let j = band.low
    for (; j + 4 <= band.high; j += 4) pullSums(scaling, i, j, ptr<f64>(band.v, j))
    if (j < band.high) pullSums(scaling, i, j, ptr<f64>(band.v, j))
    put<f64>(band.v, band.high, 0)
    pullRow(band, i, 1)
  }
  return loss
}

/** Answers -NDCG of the first rows. */
@inline
function piRank<T>(band: Band, discounts: usize, cutoff: i32): f64 {
  let loss: f64 = 0
  for (let i = 0; i < cutoff; i++) {
    const discount = at<f64>(discounts, i)
    softmaxRow<T>(band, i)
    loss -= discount * dot(band.e0, band.v, band.low, band.high)
    pullRow(band, i, -discount)
  }
  return loss
}

export function sortedGains<T>(
  task: SortedGainsTask,
  row: i32,
  n: i32,
  x: usize,
  labels: usize,
  weights: usize,
  order: usize,
  gradient: usize,
  scratch: usize,
): f64 {
  const scaling = changetype<Scaling>(scratch)
  put<f64>(task.facts, row, 0)
  scaling.n = n
  scaling.stride = strideOf(n)
  const cutoff = task.k == 0 ? n : min(n, task.k)
  const line = usize(scaling.stride) << 3
  const gains = scratch + bytesOf<Scaling>()
  const columns = gains + line
  const weighted = columns + line
  const rowAt = weighted + line
  const free = rowAt + bandScratch(n)
  if (!itemGains<T>(labels, weights, n, task.discounts, cutoff, weighted, order, free)) {
    for (let i = 0; i < n; i++) put<f64>(gradient, i, 0)
    return 0
  }
  const band = openBand<T>(task, n, x, order, rowAt, true)
  band.floor = floor
  let loss: f64 = 0
  clear(scaling, gains)
  for (let j = 0; j < n; j++) put<f64>(gains, j, at<f64>(weighted, i32(at<u32>(order, j))))
  if (task.loss == SortedGains.piRank) {
    band.v = gains
    loss = 1 + piRank<T>(band, task.discounts, cutoff)
  } else {
    scaling.windows = free
    scaling.P = scaling.windows + (usize(n + 4) << 3)
    scaling.rowFactors = scaling.P + usize(n) * line
    scaling.columnFactors = scaling.rowFactors + usize(mostIterations + 1) * line
    scaling.rowBars = scaling.columnFactors + usize(mostIterations + 1) * line
    scaling.columnBars = scaling.rowBars + usize(mostIterations + 1) * line
    loss = neuralNdcg(scaling, band, task.discounts, cutoff, gains, weighted, columns, ptr<f64>(task.facts, row))
  }
  finishNeural<f64>(band, gradient, order)
  return loss
}
