/**
 * NeuralSort, and SoftSort with squared distances, without their matrix. With s sorted in the operator's direction, row k
 * of P is a softmax whose logits fall on both sides of the diagonal, so that a row is what is near it. Relative to the diagonal,
 *
 *   NeuralSort   l_k(k + d) = -sum over m < d of (2 m + 1) gap_(k + m) / tau,   gap_j = |s_(j+1) - s_j|,
 *                and likewise to the left: sums of terms of one sign, that neither offset nor n takes digits from;
 *                the next row differs by a factor a column, l_(k+1)(j) = l_k(j) + 2 |s_j - s_k| / tau + constant (with the
 *                sign of j - k), so that four rows cost two exponentials a column
 *   SoftSort     l_k(j) = -(s_k - s_j)^2 / tau, one exponential a pair
 *
 *   sort   y_k = P_k . s          VJP  w_k = u_k,        v = s
 *   rank   r_j = sum_k w_k P_kj   VJP  w_k = k + 1,      v = u
 *   topk   the same                    w_k = the share of row k
 *
 * with logit gradients t_kj = w_k P_kj (v_j - m_k) / tau, m_k = P_k . v. All sums are in f64.
 *
 * NeuralSort's logits c_k s_j - B_j have c_k = n - 1 - 2 k and dB_j/ds_j of size n, whose parts cancel: c_k = c_j + 2 (j - k)
 * leaves the gradient 2 sum_k (j - k) t_kj + sum_(i < j) t_i - sum_(i > j) t_i, t_i = sum_k t_ki, and ties apart nothing else.
 */

import { argsortScratch, gather } from '../../engine/library/argsort.as'
import { at, num, Operator, ptr, put, putNum } from '../../engine/library/task.as'
import {
  Band,
  bandScratch,
  expOf,
  finishNeural,
  neuralLogits,
  openBand,
  PermutationRows,
  PermutationTask,
  squaredRow,
  sumLanes,
} from './unimodal-row.as'

@unmanaged
export class UnimodalTask extends PermutationTask {
  operator: Operator
  /** topk: how many items. */
  k: f64
}

/** Rows of a block. */
const blockRows: i32 = 4
/** Factors of a block's last row stay below exp of this. */
const mostGrowth: f64 = 200
/** Logits below it are nothing, however many: the next ones fall at least as fast. */
@inline
function floorOf<T>(): f64 {
  return sizeof<T>() == 4 ? -24 : -44
}

/**
 * Gradients count relative to the largest of them. Where the nearest neighbour of a row is itself far away, what is farther still
 * counts next to it: the floor moves down with the nearest logit, up to this much.
 */
const mostIsolation: f64 = 30

export function unimodalScratch(_task: UnimodalTask, n: i32): usize {
  return bandScratch(n) + argsortScratch(n)
}

/** Logit of the item next to row k at distance gap. */
@inline
function nearest(band: Band, gap: f64): f64 {
  return band.mode == PermutationRows.neuralSort ? -gap / band.tau : (-gap * gap) / band.tau
}

@inline
function setFloor<T>(band: Band, k: i32, pulling: bool): void {
  const n = band.n
  const s = band.s
  band.floor = floorOf<T>()
  if (!pulling) return
  let isolation: f64 = 0
  for (let r = k; r < min(k + blockRows, n); r++) {
    let gap: f64 = Infinity
    if (r > 0) gap = Math.abs(at<f64>(s, r) - at<f64>(s, r - 1))
    if (r + 1 < n) gap = min(gap, Math.abs(at<f64>(s, r + 1) - at<f64>(s, r)))
    isolation = max(isolation, -nearest(band, gap))
  }
  band.floor -= min(isolation, mostIsolation)
}

/** Exponentials of rows k, ..., k + 3 over their window; a block that would overflow is cut to one row. Answers its rows. */
@inline
function neuralBlock<T>(band: Band, k: i32): i32 {
  const e3 = band.e3
  const e2 = band.e2
  const e1 = band.e1
  const e0 = band.e0
  const s = band.s
  const here = at<f64>(s, k)
  const twice = 2 / band.tau
  let rows = min(blockRows, band.n - k)
  if (Math.abs(at<f64>(s, k + rows - 1) - here) * twice * f64(rows) > mostGrowth) rows = 1
  neuralLogits<T>(band, k, k + rows - 1)
  const hereV = f64x2.splat(here)
  // Sorted in either direction, columns after k have the positive distance.
  const scale = f64x2.splat(band.sign * twice)
  for (let j = band.low, high = band.high; j < high; j += 2) {
    let e = expOf<T>(v128.load(ptr<f64>(e0, j)))
    v128.store(ptr<f64>(e0, j), e)
    if (rows == 1) continue
    const f = expOf<T>(f64x2.mul(f64x2.sub(v128.load(ptr<f64>(s, j)), hereV), scale))
    e = f64x2.mul(e, f)
    v128.store(ptr<f64>(e1, j), e)
    e = f64x2.mul(e, f)
    v128.store(ptr<f64>(e2, j), e)
    e = f64x2.mul(e, f)
    v128.store(ptr<f64>(e3, j), e)
  }
  return rows
}

/** The same for squared distances, a block of far rows being cut to one; the window is looked for from the last block's on. */
@inline
function squaredBlock<T>(band: Band, k: i32): i32 {
  const n = band.n
  const reach = Math.sqrt(-band.floor * band.tau)
  const s = band.s
  let rows = min(blockRows, n - k)
  // Rows that are farther apart than any of them reaches have nothing in common, and the base of one would take the digits of another.
  if (Math.abs(at<f64>(s, k + rows - 1) - at<f64>(s, k)) > reach) rows = 1
  // Floors differ from block to block, so that a window may also start earlier than the last one.
  let low = k == 0 ? 0 : min(band.low, k)
  while (low > 0 && Math.abs(at<f64>(s, low - 1) - at<f64>(s, k)) <= reach) low--
  while (low < k && Math.abs(at<f64>(s, low) - at<f64>(s, k)) > reach) low++
  let high = k + rows
  if (k > 0) high = max(high, band.high)
  while (high > k + rows && Math.abs(at<f64>(s, high - 1) - at<f64>(s, k + rows - 1)) > reach) high--
  while (high < n && Math.abs(at<f64>(s, high) - at<f64>(s, k + rows - 1)) <= reach) high++
  band.low = low
  band.high = high
  squaredRow<T>(band, k, band.e0)
  if (rows > 1) squaredRow<T>(band, k + 1, band.e1)
  if (rows > 2) squaredRow<T>(band, k + 2, band.e2)
  if (rows > 3) squaredRow<T>(band, k + 3, band.e3)
  return rows
}

@inline
function sumRow(band: Band, e: usize, r: i32): void {
  const v = band.v
  const base = f64x2.splat(band.base)
  let Z = f64x2.splat(0)
  let M = f64x2.splat(0)
  let j = band.low
  for (; j + 1 < band.high; j += 2) {
    const p = v128.load(ptr<f64>(e, j))
    Z = f64x2.add(Z, p)
    M = f64x2.add(M, f64x2.mul(p, f64x2.sub(v128.load(ptr<f64>(v, j)), base)))
  }
  let z = sumLanes(Z)
  let m = sumLanes(M)
  if (j < band.high) {
    z += at<f64>(e, j)
    m += at<f64>(e, j) * (at<f64>(v, j) - band.base)
    // The lane that hangs over belongs to no column.
    put<f64>(e, j + 1, 0)
  }
  put<f64>(band.Z, r, z)
  put<f64>(band.m, r, m / z)
}

/** Exponentials, sums and means of the next rows from k on. Rows that are not there weigh nothing. */
@inline
function openBlock<T>(band: Band, k: i32, relative: bool, pulling: bool): i32 {
  setFloor<T>(band, k, pulling)
  band.base = relative ? at<f64>(band.v, k) : 0
  const rows = band.mode == PermutationRows.neuralSort ? neuralBlock<T>(band, k) : squaredBlock<T>(band, k)
  sumRow(band, band.e0, 0)
  if (rows > 1) sumRow(band, band.e1, 1)
  if (rows > 2) sumRow(band, band.e2, 2)
  if (rows > 3) sumRow(band, band.e3, 3)
  return rows
}

@inline
function coefficient(band: Band, k: i32, r: i32): v128 {
  return f64x2.splat(at<f64>(band.w, k + r) / at<f64>(band.Z, r))
}

/** Adds w P of the block to the columns. */
@inline
function spread(band: Band, k: i32, rows: i32): void {
  const column = band.column
  const e3 = band.e3
  const e2 = band.e2
  const e1 = band.e1
  const e0 = band.e0
  const c0 = coefficient(band, k, 0)
  if (rows < blockRows) {
    for (let r = 0; r < rows; r++) {
      const e = r == 0 ? e0 : r == 1 ? e1 : e2
      const c = coefficient(band, k, r)
      for (let j = band.low, high = band.high; j < high; j += 2) {
        const to = ptr<f64>(column, j)
        v128.store(to, f64x2.add(v128.load(to), f64x2.mul(v128.load(ptr<f64>(e, j)), c)))
      }
    }
    return
  }
  const c1 = coefficient(band, k, 1)
  const c2 = coefficient(band, k, 2)
  const c3 = coefficient(band, k, 3)
  for (let j = band.low, high = band.high; j < high; j += 2) {
    const a = f64x2.add(f64x2.mul(v128.load(ptr<f64>(e0, j)), c0), f64x2.mul(v128.load(ptr<f64>(e1, j)), c1))
    const b = f64x2.add(f64x2.mul(v128.load(ptr<f64>(e2, j)), c2), f64x2.mul(v128.load(ptr<f64>(e3, j)), c3))
    const to = ptr<f64>(column, j)
    v128.store(to, f64x2.add(v128.load(to), f64x2.add(a, b)))
  }
}

/** Logit gradients of one row, times tau: t to columnB and (j - k) t to column (NeuralSort), or the slope of the squares. */
@inline
function pullRow(band: Band, k: i32, r: i32, e: usize, direct: bool): void {
  const columns = band.column
  const columnsB = band.columnB
  const columnsD = band.columnD
  const v = band.v
  const s = band.s
  const w = coefficient(band, k, r)
  const m = f64x2.splat(at<f64>(band.m, r))
  const base = f64x2.splat(band.base)
  const gaps = band.mode == PermutationRows.neuralSort
  const here = f64x2.splat(at<f64>(s, k + r))
  const two = f64x2.splat(2)
  let apart = f64x2(f64(band.low - k - r), f64(band.low - k - r + 1))
  let own = f64x2.splat(0)
  for (let j = band.low, high = band.high; j < high; j += 2) {
    const p = f64x2.mul(v128.load(ptr<f64>(e, j)), w)
    const t = f64x2.mul(p, f64x2.sub(f64x2.sub(v128.load(ptr<f64>(v, j)), base), m))
    const column = ptr<f64>(columns, j)
    if (gaps) {
      v128.store(column, f64x2.add(v128.load(column), f64x2.mul(t, apart)))
      const columnB = ptr<f64>(columnsB, j)
      v128.store(columnB, f64x2.add(v128.load(columnB), t))
      apart = f64x2.add(apart, two)
    } else {
      const slope = f64x2.mul(t, f64x2.sub(here, v128.load(ptr<f64>(s, j))))
      own = f64x2.add(own, slope)
      v128.store(column, f64x2.add(v128.load(column), slope))
    }
    if (direct) {
      const columnD = ptr<f64>(columnsD, j)
      v128.store(columnD, f64x2.add(v128.load(columnD), p))
    }
  }
  // The pivot of a row moves against its columns.
  if (!gaps) put<f64>(band.column, k + r, at<f64>(band.column, k + r) - sumLanes(own))
}

/** Four rows of NeuralSort at once: columns are read and written once a block. */
@inline
function pullNeuralBlock(band: Band, k: i32, direct: bool): void {
  const values = band.v
  const columns = band.column
  const columnsB = band.columnB
  const columnsD = band.columnD
  const e3 = band.e3
  const e2 = band.e2
  const e1 = band.e1
  const e0 = band.e0
  const w0 = coefficient(band, k, 0)
  const w1 = coefficient(band, k, 1)
  const w2 = coefficient(band, k, 2)
  const w3 = coefficient(band, k, 3)
  const m0 = f64x2.splat(at<f64>(band.m, 0))
  const m1 = f64x2.splat(at<f64>(band.m, 1))
  const m2 = f64x2.splat(at<f64>(band.m, 2))
  const m3 = f64x2.splat(at<f64>(band.m, 3))
  const base = f64x2.splat(band.base)
  let apart = f64x2(f64(band.low - k), f64(band.low - k + 1))
  for (let j = band.low, high = band.high; j < high; j += 2) {
    const v = f64x2.sub(v128.load(ptr<f64>(values, j)), base)
    const p0 = f64x2.mul(v128.load(ptr<f64>(e0, j)), w0)
    const p1 = f64x2.mul(v128.load(ptr<f64>(e1, j)), w1)
    const p2 = f64x2.mul(v128.load(ptr<f64>(e2, j)), w2)
    const p3 = f64x2.mul(v128.load(ptr<f64>(e3, j)), w3)
    const t0 = f64x2.mul(p0, f64x2.sub(v, m0))
    const t1 = f64x2.mul(p1, f64x2.sub(v, m1))
    const t2 = f64x2.mul(p2, f64x2.sub(v, m2))
    const t3 = f64x2.mul(p3, f64x2.sub(v, m3))
    const later = f64x2.add(t2, t3)
    const t = f64x2.add(f64x2.add(t0, t1), later)
    // sum over r of (j - k - r) t_r.
    const steps = f64x2.add(f64x2.add(t1, later), f64x2.add(later, t3))
    const column = ptr<f64>(columns, j)
    v128.store(column, f64x2.add(v128.load(column), f64x2.sub(f64x2.mul(t, apart), steps)))
    const columnB = ptr<f64>(columnsB, j)
    v128.store(columnB, f64x2.add(v128.load(columnB), t))
    if (direct) {
      const columnD = ptr<f64>(columnsD, j)
      v128.store(columnD, f64x2.add(v128.load(columnD), f64x2.add(f64x2.add(p0, p1), f64x2.add(p2, p3))))
    }
    apart = f64x2.add(apart, f64x2.splat(2))
  }
}

@inline
function pullBlock(band: Band, k: i32, rows: i32, direct: bool): void {
  const e3 = band.e3
  const e2 = band.e2
  const e1 = band.e1
  const e0 = band.e0
  if (band.mode == PermutationRows.neuralSort && rows == blockRows) {
    pullNeuralBlock(band, k, direct)
    return
  }
  for (let r = 0; r < rows; r++) {
    pullRow(band, k, r, r == 0 ? e0 : r == 1 ? e1 : r == 2 ? e2 : e3, direct)
  }
}

/** Row weights of rank and topk; answers how many rows have any. */
@inline
function weighRows(task: UnimodalTask, band: Band): i32 {
  const w = band.w
  const n = band.n
  if (task.operator == Operator.rank) {
    for (let k = 0; k < n; k++) put<f64>(w, k, f64(k + 1))
    return n
  }
  const count = min(i32(Math.ceil(task.k)), n)
  for (let k = 0; k < count; k++) put<f64>(w, k, min<f64>(1, task.k - f64(k)))
  return count
}

/** topk of all items: nothing depends on their order. */
@inline
function takesAll(task: UnimodalTask, n: i32): bool {
  return task.operator == Operator.topk && task.k >= f64(n)
}

export function unimodal<T>(task: UnimodalTask, n: i32, x: usize, y: usize, order: usize, scratch: usize): void {
  if (takesAll(task, n)) {
    for (let i = 0; i < n; i++) putNum<T>(y, i, 1)
    return
  }
  const band = openBand<T>(task, n, x, order, scratch, true)
  if (task.operator == Operator.sort) {
    band.v = band.s
    for (let k = 0; k < n; ) {
      const rows = openBlock<T>(band, k, true, false)
      for (let r = 0; r < rows; r++) putNum<T>(y, k + r, band.base + at<f64>(band.m, r))
      k += rows
    }
    return
  }
  const count = weighRows(task, band)
  for (let k = 0; k < count; ) {
    const rows = openBlock<T>(band, k, false, false)
    spread(band, k, rows)
    k += rows
  }
  for (let i = 0; i < n; i++) putNum<T>(y, i32(at<u32>(order, i)), at<f64>(band.column, i))
}

export function pullUnimodal<T>(
  task: UnimodalTask,
  n: i32,
  x: usize,
  yBar: usize,
  xBar: usize,
  order: usize,
  scratch: usize,
): void {
  if (takesAll(task, n)) {
    for (let i = 0; i < n; i++) putNum<T>(xBar, i, 0)
    return
  }
  const band = openBand<T>(task, n, x, order, scratch, false)
  const direct = task.operator == Operator.sort
  let count = n
  if (direct) {
    band.v = band.s
    for (let k = 0; k < n; k++) put<f64>(band.w, k, num<T>(yBar, k))
  } else {
    count = weighRows(task, band)
    gather<T>(yBar, order, n, 1, band.v)
  }
  for (let k = 0; k < count; ) {
    const rows = openBlock<T>(band, k, direct, true)
    pullBlock(band, k, rows, direct)
    k += rows
  }
  if (band.mode == PermutationRows.neuralSort) {
    finishNeural<T>(band, xBar, order)
    return
  }
  for (let j = 0; j < n; j++) {
    const g = (2 * at<f64>(band.column, j)) / band.tau + at<f64>(band.columnD, j)
    putNum<T>(xBar, i32(at<u32>(order, j)), g)
  }
}
