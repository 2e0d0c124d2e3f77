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

import { argsortScratch, gather } from '../../engine/library/argsort.as';
import { at, num, ptr, put, putNum, Row, Task } from '../../engine/library/task.as';
import { expOf, finishNeural, neural, neuralLogits, openRow, Row, rowScratch, squaredRow, sumLanes } from './unimodal-row.as';

const sortOperator: i32 = 0;
const rankOperator: i32 = 1;

/** Rows of a block. */
const blockRows: i32 = 4;
/** Factors of a block's last row stay below exp of this. */
const mostGrowth: f64 = 200;
/** Logits below it are nothing, however many: the next ones fall at least as fast. */
@inline
function floorOf<T>(): f64 {
  return sizeof<T>() == 4 ? -24 : -44;
}

/**
 * Gradients count relative to the largest of them. Where the nearest neighbour of a row is itself far away, what is farther still
 * counts next to it: the floor moves down with the nearest logit, up to this much.
 */
const mostIsolation: f64 = 30;

export function unimodalScratch(n: i32): usize {
  return rowScratch(n) + argsortScratch(n);
}

/** Logit of the item next to row k at distance gap. */
@inline
function nearest(row: Row, gap: f64): f64 {
  return row.mode == neural ? -gap / row.tau : (-gap * gap) / row.tau;
}

@inline
function setFloor<T>(row: Row, k: i32, pulling: bool): void {
  row.floor = floorOf<T>();
  if (!pulling) return;
  let isolation: f64 = 0;
  for (let r = k; r < min(k + blockRows, row.n); r++) {
    let gap: f64 = Infinity;
    if (r > 0) gap = Math.abs(at<f64>(row.s, r) - at<f64>(row.s, r - 1));
    if (r + 1 < row.n) gap = min(gap, Math.abs(at<f64>(row.s, r + 1) - at<f64>(row.s, r)));
    isolation = max(isolation, -nearest(row, gap));
  }
  row.floor -= min(isolation, mostIsolation);
}

/** Exponentials of rows k, ..., k + 3 over their window; a block that would overflow is cut to one row. Answers its rows. */
@inline
function neuralBlock<T>(row: Row, k: i32): i32 {
  const s = row.s;
  const here = at<f64>(s, k);
  const twice = 2 / row.tau;
  let rows = min(blockRows, row.n - k);
  if (Math.abs(at<f64>(s, k + rows - 1) - here) * twice * <f64>rows > mostGrowth) rows = 1;
  neuralLogits<T>(row, k, k + rows - 1);
  const hereV = f64x2.splat(here);
  // Sorted in either direction, columns after k have the positive distance.
  const scale = f64x2.splat(row.sign * twice);
  for (let j = row.low; j < row.high; j += 2) {
    let e = expOf<T>(v128.load(ptr<f64>(row.e0, j)));
    v128.store(ptr<f64>(row.e0, j), e);
    if (rows == 1) continue;
    const f = expOf<T>(f64x2.mul(f64x2.sub(v128.load(ptr<f64>(s, j)), hereV), scale));
    e = f64x2.mul(e, f);
    v128.store(ptr<f64>(row.e1, j), e);
    e = f64x2.mul(e, f);
    v128.store(ptr<f64>(row.e2, j), e);
    e = f64x2.mul(e, f);
    v128.store(ptr<f64>(row.e3, j), e);
  }
  return rows;
}

/** The same for squared distances; the window is looked for from the last block's on. */
@inline
function squaredBlock<T>(row: Row, k: i32): i32 {
  const rows = min(blockRows, row.n - k);
  const reach = Math.sqrt(-row.floor * row.tau);
  const s = row.s;
  // Floors differ from block to block, so that a window may also start earlier than the last one.
  let low = k == 0 ? 0 : min(row.low, k);
  while (low > 0 && Math.abs(at<f64>(s, low - 1) - at<f64>(s, k)) <= reach) low--;
  while (low < k && Math.abs(at<f64>(s, low) - at<f64>(s, k)) > reach) low++;
  let high = k + rows;
  if (k > 0) high = max(high, row.high);
  while (high > k + rows && Math.abs(at<f64>(s, high - 1) - at<f64>(s, k + rows - 1)) > reach) high--;
  while (high < row.n && Math.abs(at<f64>(s, high) - at<f64>(s, k + rows - 1)) <= reach) high++;
  row.low = low;
  row.high = high;
  squaredRow<T>(row, k, row.e0);
  if (rows > 1) squaredRow<T>(row, k + 1, row.e1);
  if (rows > 2) squaredRow<T>(row, k + 2, row.e2);
  if (rows > 3) squaredRow<T>(row, k + 3, row.e3);
  return rows;
}

@inline
function sumRow(row: Row, e: usize, r: i32): void {
  const base = f64x2.splat(row.base);
  let Z = f64x2.splat(0);
  let M = f64x2.splat(0);
  let j = row.low;
  for (; j + 1 < row.high; j += 2) {
    const p = v128.load(ptr<f64>(e, j));
    Z = f64x2.add(Z, p);
    M = f64x2.add(M, f64x2.mul(p, f64x2.sub(v128.load(ptr<f64>(row.v, j)), base)));
  }
  let z = sumLanes(Z);
  let m = sumLanes(M);
  if (j < row.high) {
    z += at<f64>(e, j);
    m += at<f64>(e, j) * (at<f64>(row.v, j) - row.base);
    // The lane that hangs over belongs to no column.
    put<f64>(e, j + 1, 0);
  }
  put<f64>(row.Z, r, z);
  put<f64>(row.m, r, m / z);
}

/** Exponentials, sums and means of the next rows from k on. Rows that are not there weigh nothing. */
@inline
function openBlock<T>(row: Row, k: i32, relative: bool, pulling: bool): i32 {
  setFloor<T>(row, k, pulling);
  row.base = relative ? at<f64>(row.v, k) : 0;
  const rows = row.mode == neural ? neuralBlock<T>(row, k) : squaredBlock<T>(row, k);
  sumRow(row, row.e0, 0);
  if (rows > 1) sumRow(row, row.e1, 1);
  if (rows > 2) sumRow(row, row.e2, 2);
  if (rows > 3) sumRow(row, row.e3, 3);
  return rows;
}

@inline
function coefficient(row: Row, k: i32, r: i32): v128 {
  return f64x2.splat(at<f64>(row.w, k + r) / at<f64>(row.Z, r));
}

/** Adds w P of the block to the columns. */
@inline
function spread(row: Row, k: i32, rows: i32): void {
  const c0 = coefficient(row, k, 0);
  if (rows < blockRows) {
    for (let r = 0; r < rows; r++) {
      const e = r == 0 ? row.e0 : r == 1 ? row.e1 : row.e2;
      const c = coefficient(row, k, r);
      for (let j = row.low; j < row.high; j += 2) {
        const to = ptr<f64>(row.column, j);
        v128.store(to, f64x2.add(v128.load(to), f64x2.mul(v128.load(ptr<f64>(e, j)), c)));
      }
    }
    return;
  }
  const c1 = coefficient(row, k, 1);
  const c2 = coefficient(row, k, 2);
  const c3 = coefficient(row, k, 3);
  for (let j = row.low; j < row.high; j += 2) {
    const a = f64x2.add(f64x2.mul(v128.load(ptr<f64>(row.e0, j)), c0), f64x2.mul(v128.load(ptr<f64>(row.e1, j)), c1));
    const b = f64x2.add(f64x2.mul(v128.load(ptr<f64>(row.e2, j)), c2), f64x2.mul(v128.load(ptr<f64>(row.e3, j)), c3));
    const to = ptr<f64>(row.column, j);
    v128.store(to, f64x2.add(v128.load(to), f64x2.add(a, b)));
  }
}

/** Logit gradients of one row, times tau: t to columnB and (j - k) t to column (NeuralSort), or the slope of the squares. */
@inline
function pullRow(row: Row, k: i32, r: i32, e: usize, direct: bool): void {
  const w = coefficient(row, k, r);
  const m = f64x2.splat(at<f64>(row.m, r));
  const base = f64x2.splat(row.base);
  const gaps = row.mode == neural;
  const here = f64x2.splat(at<f64>(row.s, k + r));
  const two = f64x2.splat(2);
  let apart = f64x2(<f64>(row.low - k - r), <f64>(row.low - k - r + 1));
  let own = f64x2.splat(0);
  for (let j = row.low; j < row.high; j += 2) {
    const p = f64x2.mul(v128.load(ptr<f64>(e, j)), w);
    const t = f64x2.mul(p, f64x2.sub(f64x2.sub(v128.load(ptr<f64>(row.v, j)), base), m));
    const column = ptr<f64>(row.column, j);
    if (gaps) {
      v128.store(column, f64x2.add(v128.load(column), f64x2.mul(t, apart)));
      const columnB = ptr<f64>(row.columnB, j);
      v128.store(columnB, f64x2.add(v128.load(columnB), t));
      apart = f64x2.add(apart, two);
    } else {
      const slope = f64x2.mul(t, f64x2.sub(here, v128.load(ptr<f64>(row.s, j))));
      own = f64x2.add(own, slope);
      v128.store(column, f64x2.add(v128.load(column), slope));
    }
    if (direct) {
      const columnD = ptr<f64>(row.columnD, j);
      v128.store(columnD, f64x2.add(v128.load(columnD), p));
    }
  }
  // The pivot of a row moves against its columns.
  if (!gaps) put<f64>(row.column, k + r, at<f64>(row.column, k + r) - sumLanes(own));
}

/** Four rows of NeuralSort at once: columns are read and written once a block. */
@inline
function pullNeuralBlock(row: Row, k: i32, direct: bool): void {
  const w0 = coefficient(row, k, 0);
  const w1 = coefficient(row, k, 1);
  const w2 = coefficient(row, k, 2);
  const w3 = coefficient(row, k, 3);
  const m0 = f64x2.splat(at<f64>(row.m, 0));
  const m1 = f64x2.splat(at<f64>(row.m, 1));
  const m2 = f64x2.splat(at<f64>(row.m, 2));
  const m3 = f64x2.splat(at<f64>(row.m, 3));
  const base = f64x2.splat(row.base);
  let apart = f64x2(<f64>(row.low - k), <f64>(row.low - k + 1));
  for (let j = row.low; j < row.high; j += 2) {
    const v = f64x2.sub(v128.load(ptr<f64>(row.v, j)), base);
    const p0 = f64x2.mul(v128.load(ptr<f64>(row.e0, j)), w0);
    const p1 = f64x2.mul(v128.load(ptr<f64>(row.e1, j)), w1);
    const p2 = f64x2.mul(v128.load(ptr<f64>(row.e2, j)), w2);
    const p3 = f64x2.mul(v128.load(ptr<f64>(row.e3, j)), w3);
    const t0 = f64x2.mul(p0, f64x2.sub(v, m0));
    const t1 = f64x2.mul(p1, f64x2.sub(v, m1));
    const t2 = f64x2.mul(p2, f64x2.sub(v, m2));
    const t3 = f64x2.mul(p3, f64x2.sub(v, m3));
    const later = f64x2.add(t2, t3);
    const t = f64x2.add(f64x2.add(t0, t1), later);
    // sum over r of (j - k - r) t_r.
    const steps = f64x2.add(f64x2.add(t1, later), f64x2.add(later, t3));
    const column = ptr<f64>(row.column, j);
    v128.store(column, f64x2.add(v128.load(column), f64x2.sub(f64x2.mul(t, apart), steps)));
    const columnB = ptr<f64>(row.columnB, j);
    v128.store(columnB, f64x2.add(v128.load(columnB), t));
    if (direct) {
      const columnD = ptr<f64>(row.columnD, j);
      v128.store(columnD, f64x2.add(v128.load(columnD), f64x2.add(f64x2.add(p0, p1), f64x2.add(p2, p3))));
    }
    apart = f64x2.add(apart, f64x2.splat(2));
  }
}

@inline
function pullBlock(row: Row, k: i32, rows: i32, direct: bool): void {
  if (row.mode == neural && rows == blockRows) {
    pullNeuralBlock(row, k, direct);
    return;
  }
  for (let r = 0; r < rows; r++) {
    pullRow(row, k, r, r == 0 ? row.e0 : r == 1 ? row.e1 : r == 2 ? row.e2 : row.e3, direct);
  }
}

/** Row weights of rank and topk; answers how many rows have any. */
@inline
function weighRows(task: Task, row: Row): i32 {
  if (task.i1 == rankOperator) {
    for (let k = 0; k < row.n; k++) put<f64>(row.w, k, <f64>(k + 1));
    return row.n;
  }
  const count = min(<i32>Math.ceil(task.p2), row.n);
  for (let k = 0; k < count; k++) put<f64>(row.w, k, min<f64>(1, task.p2 - <f64>k));
  return count;
}

/** topk of all items: nothing depends on their order. */
@inline
function takesAll(task: Task, n: i32): bool {
  return task.i1 > rankOperator && task.p2 >= <f64>n;
}

export function unimodal<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const y = ptr<T>(task.y, from);
    if (takesAll(task, n)) {
      for (let i = 0; i < n; i++) putNum<T>(y, i, 1);
      continue;
    }
    const row = openRow<T>(task, from, n, scratch, true);
    if (task.i1 == sortOperator) {
      row.v = row.s;
      for (let k = 0; k < n; ) {
        const rows = openBlock<T>(row, k, true, false);
        for (let r = 0; r < rows; r++) putNum<T>(y, k + r, row.base + at<f64>(row.m, r));
        k += rows;
      }
      continue;
    }
    const count = weighRows(task, row);
    for (let k = 0; k < count; ) {
      const rows = openBlock<T>(row, k, false, false);
      spread(row, k, rows);
      k += rows;
    }
    const order = ptr<u32>(task.order, from);
    for (let i = 0; i < n; i++) putNum<T>(y, <i32>at<u32>(order, i), at<f64>(row.column, i));
  }
}

export function pullUnimodal<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const xBar = ptr<T>(task.xBar, from);
    const yBar = ptr<T>(task.yBar, from);
    const order = ptr<u32>(task.order, from);
    if (takesAll(task, n)) {
      for (let i = 0; i < n; i++) putNum<T>(xBar, i, 0);
      continue;
    }
    const row = openRow<T>(task, from, n, scratch, false);
    const direct = task.i1 == sortOperator;
    let count = n;
    if (direct) {
      row.v = row.s;
      for (let k = 0; k < n; k++) put<f64>(row.w, k, num<T>(yBar, k));
    } else {
      count = weighRows(task, row);
      gather<T>(yBar, order, n, 1, row.v);
    }
    for (let k = 0; k < count; ) {
      const rows = openBlock<T>(row, k, direct, true);
      pullBlock(row, k, rows, direct);
      k += rows;
    }
    if (row.mode == neural) {
      finishNeural<T>(row, xBar, order);
      continue;
    }
    for (let j = 0; j < n; j++) {
      const g = (2 * at<f64>(row.column, j)) / row.tau + at<f64>(row.columnD, j);
      putNum<T>(xBar, <i32>at<u32>(order, j), g);
    }
  }
}
