/**
 * The matrix P of NeuralSort and SoftSort itself, row by row. Losses take its logarithm, so that entries are kept down to the
 * smallest number. Here rows are computed by their window in sorted order, and again in the backward pass: they are wanted in f64,
 * whatever the precision of the output is. In f32 most go by the order of the items instead (absolute-, neural-, squared-matrix.as.ts).
 */

import { argsortScratch } from '../../engine/library/argsort.as'
import { at, num, ptr, put, putNum } from '../../engine/library/task.as'
import { absoluteMatrix, factorises, pullAbsoluteMatrix } from './absolute-matrix.as'
import {
  gatherNeural,
  NeuralLines,
  neuralLinesScratch,
  openLines,
  openNeuralBlock,
  pullNeuralLines,
  writeNeuralBlock,
} from './neural-matrix.as'
import { finishSquares, openSquares, pullSquaredLine, squaredLine, squaresReachFar } from './squared-matrix.as'
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
  return bandScratch(n) + argsortScratch(n) + neuralLinesScratch(n)
}

@inline
function linesOf(scratch: usize, n: i32): usize {
  return (scratch + bandScratch(n) + argsortScratch(n) + 15) & ~15
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
  if (sizeof<T>() == 4 && factorises(band)) {
    absoluteMatrix(band, entries, order)
    return
  }
  band.floor = smallest<T>()
  if (sizeof<T>() == 4) {
    const lines = openLines(band, order, linesOf(scratch, n))
    if (lines != 0) {
      neuralMatrix(band, changetype<NeuralLines>(lines), entries, order)
      return
    }
  }
  const squares = sizeof<T>() == 4 && band.mode == PermutationRows.squared
  if (squares) openSquares(band, order)
  else memory.fill(entries, 0, usize(n * n) << alignof<T>())
  for (let k = 0; k < n; k++) {
    const line = ptr<T>(entries, k * n)
    if (squares) {
      if (squaresReachFar(band, k, 2)) {
        squaredLine(band, k, line)
        continue
      }
      memory.fill(line, 0, usize(n) << alignof<T>())
    }
    writeWindow<T>(band, k, line, order)
  }
}

/** Row k within its window; what is outside was 0 before. */
@inline
function writeWindow<T>(band: Band, k: i32, line: usize, order: usize): void {
  softmaxRow<T>(band, k)
  for (let j = band.low, high = band.high; j < high; j++) putNum<T>(line, i32(at<u32>(order, j)), at<f64>(band.e0, j))
}

/** Of the rows of a block whose window is small, one at a time. */
function neuralMatrix(band: Band, lines: NeuralLines, entries: usize, order: usize): void {
  const n = band.n
  for (let k = 0; k < n; ) {
    const rows = openNeuralBlock(band, lines, k, order, 0.2)
    if (rows > 0) writeNeuralBlock(lines, n, rows, ptr<f32>(entries, k * n))
    else memory.fill(ptr<f32>(entries, k * n), 0, usize(-rows * n) << 2)
    const next = k + (rows > 0 ? rows : -rows)
    for (; k < next; k++) if (rows < 0) writeWindow<f32>(band, k, ptr<f32>(entries, k * n), order)
  }
}

function pullNeuralMatrix(band: Band, lines: NeuralLines, entriesBar: usize, xBar: usize, order: usize): void {
  const n = band.n
  for (let k = 0; k < n; ) {
    const rows = openNeuralBlock(band, lines, k, order, 0.3)
    if (rows > 0) pullNeuralLines(lines, n, k, rows, ptr<f32>(entriesBar, k * n), order)
    const next = k + (rows > 0 ? rows : -rows)
    for (; k < next; k++) if (rows < 0) pullWindow<f32>(band, k, ptr<f32>(entriesBar, k * n), order)
  }
  gatherNeural(band, lines, order)
  finishNeural<f32>(band, xBar, order)
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

@inline
function pullWindow<T>(band: Band, k: i32, line: usize, order: usize): void {
  softmaxRow<T>(band, k)
  for (let j = band.low, high = band.high; j < high; j++) put<f64>(band.v, j, num<T>(line, i32(at<u32>(order, j))))
  put<f64>(band.v, band.high, 0)
  pullRow(band, k, 1)
}

export function pullPermutationMatrix<T>(
  task: PermutationTask,
  n: i32,
  x: usize,
  entries: usize,
  entriesBar: usize,
  xBar: usize,
  order: usize,
  scratch: usize,
): void {
  const band = openBand<T>(task, n, x, order, scratch, false)
  if (sizeof<T>() == 4 && factorises(band)) {
    pullAbsoluteMatrix(band, entriesBar, xBar, order)
    return
  }
  band.floor = smallest<T>()
  if (sizeof<T>() == 4) {
    const lines = openLines(band, order, linesOf(scratch, n))
    if (lines != 0) {
      pullNeuralMatrix(band, changetype<NeuralLines>(lines), entriesBar, xBar, order)
      return
    }
  }
  const squares = sizeof<T>() == 4 && band.mode == PermutationRows.squared
  if (squares) openSquares(band, order)
  for (let k = 0; k < n; k++) {
    const line = ptr<T>(entriesBar, k * n)
    if (squares && squaresReachFar(band, k, 4))
      pullSquaredLine(band, k, ptr<T>(entries, k * n), line, i32(at<u32>(order, k)))
    else pullWindow<T>(band, k, line, order)
  }
  if (squares) {
    finishSquares(band, xBar, order)
    return
  }
  if (band.mode == PermutationRows.neuralSort) {
    finishNeural<T>(band, xBar, order)
    return
  }
  const factor = (band.mode == PermutationRows.squared ? 2 : 1) / band.tau
  for (let j = 0; j < n; j++) putNum<T>(xBar, i32(at<u32>(order, j)), factor * at<f64>(band.column, j))
}
