/**
 * NeuralSort's matrix in f32, in the order of the items. As in unimodal.as.ts the next row is the last one times a factor a
 * column, and constants are lost in the normalisation: with E_j = exp(l_k(j)) and F_j = exp(2 |x_j - s_k| / tau), signed as
 * j - k, row k + r is E_j F_j^r / Z. F is one number an item, u_j^2 with u_j = exp(x_j / tau), times one a block, so that a block of up
 * to 16 rows costs one exponential a column. It is halved where its numbers would leave the range of f64.
 */

import { exp64x2, exp64x2Short } from '../../engine/library/exp.as'
import { at, num, ptr, put } from '../../engine/library/task.as'
import { get2, put1, put4, scatter } from './item-lanes.as'
import { Band, neuralLogits, PermutationRows, sumLanes } from './unimodal-row.as'

const mostRows: i32 = 16
/** Rows of a block grow by less than exp of this. */
const mostGrowth: f64 = 400
/** Logits of its first row are above this. */
const lowest: f64 = -600
/** Where F is a number, in units of tau, from whichever row: no column is 0 times infinity. */
const widest: f64 = 350

/** What blocks read and leave besides the band; f64 by the order of the items. */
@unmanaged
export class NeuralLines {
  /** exp of the logits of a block's first row. */
  E: usize
  /** F of all, but for what belongs to the block. */
  F: usize
  /** Where an item stands. */
  position: usize
  /** What columns collect of (j - k) t and t. */
  column: usize
  columnB: usize
  /** Of the rows of a block: what F is multiplied by; 1 / Z; two lanes of sums, and what is summed relative to. */
  step: f64
  Z: usize
  met: usize
  own: usize
}

const arrays: i32 = 5

@inline
function lineBytes(n: i32): usize {
  return usize(n + 4) << 3
}

export function neuralLinesScratch(n: i32): usize {
  return 16 + 64 + 4 * usize(mostRows) * 8 + usize(arrays) * lineBytes(n)
}

/** Answers 0 where a block has no such factors: another matrix, or values that are too far apart. */
@inline
export function openLines(band: Band, order: usize, scratch: usize): usize {
  const n = band.n
  const s = band.s
  const first = at<f64>(s, 0)
  if (band.mode != PermutationRows.neuralSort) return 0
  if (!(Math.abs(at<f64>(s, n - 1) - first) <= widest * band.tau)) return 0
  const lines = changetype<NeuralLines>(scratch)
  const bytes = lineBytes(n)
  lines.Z = scratch + 64
  lines.met = lines.Z + 8 * mostRows
  lines.own = lines.met + 16 * mostRows
  let free = lines.own + 8 * mostRows
  memory.fill(free, 0, usize(arrays) * bytes)
  lines.E = free
  lines.F = free += bytes
  lines.position = free += bytes
  lines.column = free += bytes
  lines.columnB = free + bytes
  const centre = f64x2.splat(0.5 * first + 0.5 * at<f64>(s, n - 1))
  const scale = f64x2.splat((2 * band.sign) / band.tau)
  const e = band.e0
  for (let j = 0; j < n; j += 2) {
    v128.store(ptr<f64>(e, j), exp64x2(f64x2.mul(f64x2.sub(v128.load(ptr<f64>(s, j)), centre), scale)))
  }
  scatter(e, order, 0, n, lines.F)
  for (let j = 0; j < n; j++) put<f64>(lines.position, i32(at<u32>(order, j)), f64(j))
  return scratch
}

/** Window and logits of as many rows from k on as stay in range; answers how many. */
@inline
function fit(band: Band, k: i32): i32 {
  const s = band.s
  const here = at<f64>(s, k)
  let rows = min(mostRows, band.n - k)
  const unit = 2 / band.tau
  while (rows > 1 && Math.abs(at<f64>(s, k + rows - 1) - here) * unit * f64(rows) > mostGrowth) rows >>= 1
  while (true) {
    neuralLogits<f32>(band, k, k + rows - 1)
    if (rows == 1 || at<f64>(band.e0, band.high - 1) > lowest) return rows
    rows >>= 1
  }
}

/** Exponentials and sums of a block from row k on. Answers its rows; less than 0 where their window is a smaller share of the columns. */
@inline
export function openNeuralBlock(band: Band, lines: NeuralLines, k: i32, order: usize, share: f64): i32 {
  const rows = fit(band, k)
  const low = band.low
  const high = band.high
  if (f64(high - low) < share * f64(band.n)) return -rows
  const n = band.n
  const e0 = band.e0
  const s = band.s
  const Z = lines.Z
  const F = lines.F
  const step = 1 / at<f64>(F, i32(at<u32>(order, k)))
  lines.step = step
  put<f64>(e0, high, -Infinity)
  memory.fill(lines.E, 0, usize(n) << 3)
  const sums = lines.met
  memory.fill(sums, 0, usize(rows) << 4)
  const steps = f64x2.splat(step)
  const f1 = band.e1
  // F by sorted order: gathered once a block and not kept, as the window moves.
  for (let j = low; j < high; j++) put<f64>(f1, j, at<f64>(F, i32(at<u32>(order, j))))
  put<f64>(f1, high, 0)
  for (let j = low; j < high; j += 2) {
    let e = exp64x2Short(v128.load(ptr<f64>(e0, j)))
    if (j + 1 == high) e = f64x2.replace_lane(e, 1, 0)
    v128.store(ptr<f64>(e0, j), e)
    const f = f64x2.mul(v128.load(ptr<f64>(f1, j)), steps)
    for (let r = 0; r < rows; r++) {
      const sum = sums + (usize(r) << 4)
      v128.store(sum, f64x2.add(v128.load(sum), e))
      e = f64x2.mul(e, f)
    }
  }
  for (let r = 0; r < rows; r++) put<f64>(Z, r, 1 / sumLanes(v128.load(sums + (usize(r) << 4))))
  scatter(e0, order, low, high, lines.E)
  return rows
}

/** Rows of a block, from the line of the first on. */
@inline
export function writeNeuralBlock(lines: NeuralLines, n: i32, rows: i32, first: usize): void {
  const E = lines.E
  const F = lines.F
  const Z = lines.Z
  const step = f64x2.splat(lines.step)
  const length = usize(n) << 2
  let j = 0
  for (; j + 3 < n; j += 4) {
    let low = v128.load(ptr<f64>(E, j))
    let high = v128.load(ptr<f64>(E, j + 2))
    const f0 = f64x2.mul(v128.load(ptr<f64>(F, j)), step)
    const f1 = f64x2.mul(v128.load(ptr<f64>(F, j + 2)), step)
    let line = first
    for (let r = 0; r < rows; r++) {
      const inverse = v128.load64_splat(ptr<f64>(Z, r))
      put4(line, j, f64x2.mul(low, inverse), f64x2.mul(high, inverse))
      low = f64x2.mul(low, f0)
      high = f64x2.mul(high, f1)
      line += length
    }
  }
  for (; j < n; j++) {
    let e = v128.load64_splat(ptr<f64>(E, j))
    const f = f64x2.mul(v128.load64_splat(ptr<f64>(F, j)), step)
    let line = first
    for (let r = 0; r < rows; r++) {
      put1(line, j, f64x2.mul(e, v128.load64_splat(ptr<f64>(Z, r))))
      e = f64x2.mul(e, f)
      line += length
    }
  }
}

/**
 * Adds what the rows of a block pull to the columns. The cotangent is taken relative to that of the diagonal: where P is nearly hard,
 * g - m is nothing there, and what else a row pulls is small.
 */
@inline
export function pullNeuralLines(lines: NeuralLines, n: i32, k: i32, rows: i32, first: usize, order: usize): void {
  const E = lines.E
  const F = lines.F
  const Z = lines.Z
  const mets = lines.met
  const owns = lines.own
  const step = f64x2.splat(lines.step)
  const length = usize(n) << 2
  memory.fill(mets, 0, usize(rows) << 4)
  for (let r = 0; r < rows; r++) {
    put<f64>(owns, r, num<f32>(first + usize(r) * length, i32(at<u32>(order, k + r))))
  }
  for (let j = 0; j < n; j += 2) {
    let e = v128.load(ptr<f64>(E, j))
    const f = f64x2.mul(v128.load(ptr<f64>(F, j)), step)
    let line = first
    for (let r = 0; r < rows; r++) {
      const met = mets + (usize(r) << 4)
      const g = f64x2.sub(get2(line, j, n), v128.load64_splat(ptr<f64>(owns, r)))
      v128.store(met, f64x2.add(v128.load(met), f64x2.mul(e, g)))
      e = f64x2.mul(e, f)
      line += length
    }
  }
  for (let r = 0; r < rows; r++) {
    const met = mets + (usize(r) << 4)
    v128.store(met, f64x2.splat(sumLanes(v128.load(met)) * at<f64>(Z, r)))
  }
  const one = f64x2.splat(1)
  for (let j = 0; j < n; j += 2) {
    let e = v128.load(ptr<f64>(E, j))
    const f = f64x2.mul(v128.load(ptr<f64>(F, j)), step)
    const column = ptr<f64>(lines.column, j)
    const columnB = ptr<f64>(lines.columnB, j)
    let apart = f64x2.sub(v128.load(ptr<f64>(lines.position, j)), f64x2.splat(f64(k)))
    let t = f64x2.splat(0)
    let far = t
    let line = first
    for (let r = 0; r < rows; r++) {
      const g = f64x2.sub(get2(line, j, n), v128.load64_splat(ptr<f64>(owns, r)))
      const p = f64x2.mul(e, v128.load64_splat(ptr<f64>(Z, r)))
      const own = f64x2.mul(p, f64x2.sub(g, v128.load(mets + (usize(r) << 4))))
      t = f64x2.add(t, own)
      far = f64x2.add(far, f64x2.mul(own, apart))
      apart = f64x2.sub(apart, one)
      e = f64x2.mul(e, f)
      line += length
    }
    v128.store(column, f64x2.add(v128.load(column), far))
    v128.store(columnB, f64x2.add(v128.load(columnB), t))
  }
}

/** What blocks collected, added to the columns in sorted order. */
@inline
export function gatherNeural(band: Band, lines: NeuralLines, order: usize): void {
  for (let j = 0; j < band.n; j++) {
    const item = i32(at<u32>(order, j))
    put<f64>(band.column, j, at<f64>(band.column, j) + at<f64>(lines.column, item))
    put<f64>(band.columnB, j, at<f64>(band.columnB, j) + at<f64>(lines.columnB, item))
  }
}
