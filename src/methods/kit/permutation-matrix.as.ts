/**
 * The matrix P of NeuralSort and SoftSort itself, row by row. Losses take its logarithm, so that entries are kept down to the
 * smallest number. The backward pass computes the rows again: they are
 * wanted in f64, whatever the precision of the output is.
 */

import { argsortScratch } from '../../engine/library/argsort.as'
import { at, num, ptr, put, putNum } from '../../engine/library/task.as'
import {
  Band,
  bandScratch,
  finishNeural,
  openBand,
  PermutationRows,
  PermutationTask,
  softmaxRow,
  sumLanes,
} from './unimodal-row.as'

/** Logits of numbers that T cannot tell from 0. */
@inline
function smallest<T>(): f64 {
  return sizeof<T>() == 4 ? -104 : -708
}

export function permutationMatrixScratch(_task: PermutationTask, n: i32): usize {
  return bandScratch(n) + argsortScratch(n)
}

export function permutationMatrix<T>(
  task: PermutationTask,
  n: i32,
  x: usize,
  entries: usize,
  order: usize,
  scratch: usize,
): void {
  const band = openBand<T>(task, n, x, order, scratch, true)
  band.floor = smallest<T>()
  memory.fill(entries, 0, usize(n * n) << alignof<T>())
  for (let k = 0; k < n; k++) {
    softmaxRow<T>(band, k)
    const line = ptr<T>(entries, k * n)
    for (let j = band.low, high = band.high; j < high; j++) putNum<T>(line, i32(at<u32>(order, j)), at<f64>(band.e0, j))
  }
}

/** Adds w times the gradient of v . P_k in the logits of row k to the columns, and for distances in its pivot. */
@inline
export function pullRow(band: Band, k: i32, w: f64): void {
  const e0 = band.e0
  const v = band.v
  let met = f64x2.splat(0)
  for (let j = band.low, high = band.high; j < high; j += 2) {
    met = f64x2.add(met, f64x2.mul(v128.load(ptr<f64>(e0, j)), v128.load(ptr<f64>(v, j))))
  }
  pullEntries(band, k, w, sumLanes(met), false)
}

/** The same for a gradient in the logits themselves, held in v over the window, and 0 in the lane that hangs over. */
@inline
export function pullLogits(band: Band, k: i32): void {
  pullEntries(band, k, 1, 0, true)
}

@inline
function pullEntries(band: Band, k: i32, w: f64, met: f64, ofLogits: bool): void {
  const e0 = band.e0
  const s = band.s
  const values = band.v
  const columns = band.column
  const columnsB = band.columnB
  const mean = f64x2.splat(met)
  const here = f64x2.splat(at<f64>(s, k))
  const weight = f64x2.splat(w)
  const squares = band.mode == PermutationRows.squared
  const sign = f64x2.splat(band.sign)
  let own = f64x2.splat(0)
  let apart = f64x2(f64(band.low - k), f64(band.low - k + 1))
  for (let j = band.low, high = band.high; j < high; j += 2) {
    const v = v128.load(ptr<f64>(values, j))
    const t = ofLogits ? v : f64x2.mul(f64x2.mul(v128.load(ptr<f64>(e0, j)), weight), f64x2.sub(v, mean))
    const column = ptr<f64>(columns, j)
    if (band.mode == PermutationRows.neuralSort) {
      v128.store(column, f64x2.add(v128.load(column), f64x2.mul(t, apart)))
      const columnB = ptr<f64>(columnsB, j)
      v128.store(columnB, f64x2.add(v128.load(columnB), t))
    } else {
      // Towards the pivot: of tied items the later one counts as beyond it.
      const ahead = f64x2.max(f64x2.min(apart, f64x2.splat(1)), f64x2.splat(-1))
      const slope = squares
        ? f64x2.mul(t, f64x2.sub(here, v128.load(ptr<f64>(s, j))))
        : f64x2.neg(f64x2.mul(t, f64x2.mul(sign, ahead)))
      own = f64x2.add(own, slope)
      v128.store(column, f64x2.add(v128.load(column), slope))
    }
    apart = f64x2.add(apart, f64x2.splat(2))
  }
  if (band.mode != PermutationRows.neuralSort) put<f64>(columns, k, at<f64>(columns, k) - sumLanes(own))
}

export function pullPermutationMatrix<T>(
  task: PermutationTask,
  n: i32,
  x: usize,
  entriesBar: usize,
  xBar: usize,
  order: usize,
  scratch: usize,
): void {
  const band = openBand<T>(task, n, x, order, scratch, false)
  band.floor = smallest<T>()
  for (let k = 0; k < n; k++) {
    softmaxRow<T>(band, k)
    const line = ptr<T>(entriesBar, k * n)
    for (let j = band.low, high = band.high; j < high; j++) put<f64>(band.v, j, num<T>(line, i32(at<u32>(order, j))))
    put<f64>(band.v, band.high, 0)
    pullRow(band, k, 1)
  }
  if (band.mode == PermutationRows.neuralSort) {
    finishNeural<T>(band, xBar, order)
    return
  }
  const factor = (band.mode == PermutationRows.squared ? 2 : 1) / band.tau
  for (let j = 0; j < n; j++) putNum<T>(xBar, i32(at<u32>(order, j)), factor * at<f64>(band.column, j))
}
