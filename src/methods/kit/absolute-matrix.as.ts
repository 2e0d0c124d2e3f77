/**
 * The matrix of SoftSort with absolute distances in f32, in the order of the items. With u_j = exp((x_j - c) / tau),
 *
 *   K_kj = exp(-|s_k - x_j| / tau) = min(u_j / u_k, u_k / u_j),
 *
 * so that an entry is two products, and an item one exponential. Its sums over sorted columns are those of softsort/kernel.as.ts:
 * Z_k = 1 + L_k + R_k, and since K is symmetric, its columns have the same recurrence. The backward pass reads the cotangent g
 * once: with a_kj = +1 left of the diagonal and -1 right of it, and m_k = sum_j P_kj g_kj,
 *
 *   tau xBar_j = sum_k a_kj P_kj g_kj - sum_k a_kj P_kj m_k - (sum_i a_ji P_ji g_ji - m_j sum_i a_ji P_ji)
 *
 * has two sums over the entries; the other two are recurrences. All is f64 but for what is read and written.
 */

import { exp64x2 } from '../../engine/library/exp.as'
import { at, num, num2, ptr, put, putNum } from '../../engine/library/task.as'
import { put1, put4, scatter } from './item-lanes.as'
import { Band, PermutationRows, sumLanes } from './unimodal-row.as'

/** Where u and 1 / u are numbers. Rows that are wider than that in units of tau have few entries that are not 0. */
const widest: f64 = 1300

/** Not where a value is NaN. */
@inline
export function factorises(band: Band): bool {
  if (band.mode != PermutationRows.absolute) return false
  return Math.abs(at<f64>(band.s, band.n - 1) - at<f64>(band.s, 0)) <= widest * band.tau
}

/** Decays between neighbours to e0, L to e1, R to e2, u and 1 / u of the items to columnB and columnD. */
@inline
function factors(band: Band, order: usize): void {
  const n = band.n
  const s = band.s
  const decays = band.e0
  const scale = f64x2.splat(1 / band.tau)
  // Half of each: no sum of two values overflows.
  const centre = f64x2.splat(0.5 * at<f64>(s, 0) + 0.5 * at<f64>(s, n - 1))
  const ups = band.e1
  const downs = band.e2
  for (let k = 0; k < n; k += 2) {
    const here = v128.load(ptr<f64>(s, k))
    const gap = f64x2.abs(f64x2.sub(v128.load(ptr<f64>(s, k + 1)), here))
    v128.store(ptr<f64>(decays, k + 1), exp64x2(f64x2.neg(f64x2.mul(gap, scale))))
    const up = exp64x2(f64x2.mul(f64x2.sub(here, centre), scale))
    v128.store(ptr<f64>(ups, k), up)
    v128.store(ptr<f64>(downs, k), f64x2.div(f64x2.splat(1), up))
  }
  scatter(ups, order, 0, n, band.columnB)
  scatter(downs, order, 0, n, band.columnD)
  put<f64>(decays, 0, 0)
  put<f64>(decays, n, 0)
  const L = band.e1
  const R = band.e2
  let l: f64 = 0
  let r: f64 = 0
  put<f64>(L, 0, 0)
  put<f64>(R, n - 1, 0)
  for (let k = 1; k < n; k++) {
    l = at<f64>(decays, k) * (1 + l)
    put<f64>(L, k, l)
    r = at<f64>(decays, n - k) * (1 + r)
    put<f64>(R, n - 1 - k, r)
  }
}

/** Entries j and j + 1 of the row that a and b belong to: u_k / Z_k, and 1 / (u_k Z_k). */
@inline
function entry2(ups: usize, downs: usize, j: i32, a: v128, b: v128): v128 {
  return f64x2.pmin(f64x2.mul(v128.load(ptr<f64>(ups, j)), b), f64x2.mul(v128.load(ptr<f64>(downs, j)), a))
}

export function absoluteMatrix(band: Band, entries: usize, order: usize): void {
  factors(band, order)
  const n = band.n
  const ups = band.columnB
  const downs = band.columnD
  for (let k = 0; k < n; k++) {
    const own = i32(at<u32>(order, k))
    const inverse = 1 / (1 + at<f64>(band.e1, k) + at<f64>(band.e2, k))
    const a = f64x2.splat(at<f64>(ups, own) * inverse)
    const b = f64x2.splat(at<f64>(downs, own) * inverse)
    const line = ptr<f32>(entries, k * n)
    let j = 0
    for (; j + 3 < n; j += 4) put4(line, j, entry2(ups, downs, j, a, b), entry2(ups, downs, j + 2, a, b))
    for (; j < n; j++) put1(line, j, entry2(ups, downs, j, a, b))
  }
}

/** Sums over the entries: a P g of the columns to column, of row k to w, and P g of row k to v. */
@inline
function sumEntries(band: Band, entriesBar: usize, order: usize): void {
  const n = band.n
  const ups = band.columnB
  const downs = band.columnD
  const columns = band.column
  const ahead = band.e3
  for (let i = 0; i < n; i++) put<f64>(ahead, i, -1)
  for (let k = 0; k < n; k++) {
    const own = i32(at<u32>(order, k))
    const inverse = 1 / (1 + at<f64>(band.e1, k) + at<f64>(band.e2, k))
    const a = f64x2.splat(at<f64>(ups, own) * inverse)
    const b = f64x2.splat(at<f64>(downs, own) * inverse)
    const line = ptr<f32>(entriesBar, k * n)
    put<f64>(ahead, own, 0)
    let met = f64x2.splat(0)
    let pull = f64x2.splat(0)
    let j = 0
    for (; j + 1 < n; j += 2) {
      const weighed = f64x2.mul(entry2(ups, downs, j, a, b), num2<f32>(line, j))
      const signed = f64x2.mul(weighed, v128.load(ptr<f64>(ahead, j)))
      met = f64x2.add(met, weighed)
      pull = f64x2.add(pull, signed)
      const column = ptr<f64>(columns, j)
      v128.store(column, f64x2.add(v128.load(column), signed))
    }
    let metAll = sumLanes(met)
    let pullAll = sumLanes(pull)
    if (j < n) {
      const weighed = f64x2.extract_lane(entry2(ups, downs, j, a, b), 0) * num<f32>(line, j)
      const signed = weighed * at<f64>(ahead, j)
      metAll += weighed
      pullAll += signed
      put<f64>(columns, j, at<f64>(columns, j) + signed)
    }
    put<f64>(band.v, k, metAll)
    put<f64>(band.w, k, pullAll)
    put<f64>(ahead, own, 1)
  }
}

export function pullAbsoluteMatrix(band: Band, entriesBar: usize, xBar: usize, order: usize): void {
  factors(band, order)
  sumEntries(band, entriesBar, order)
  const n = band.n
  const decays = band.e0
  const met = band.v
  const pulls = band.w
  const L = band.e1
  const R = band.e2
  // Of row k: w to what is still pulled, v to m / Z.
  for (let k = 0; k < n; k++) {
    const share = at<f64>(met, k) / (1 + at<f64>(L, k) + at<f64>(R, k))
    put<f64>(met, k, share)
    put<f64>(pulls, k, at<f64>(pulls, k) - share * (at<f64>(L, k) - at<f64>(R, k)))
  }
  // sum_k a_kj K_kj m_k / Z_k: rows that come later count, those before count against it.
  let before: f64 = 0
  let after: f64 = 0
  for (let k = 1; k < n; k++) {
    before = at<f64>(decays, k) * (before + at<f64>(met, k - 1))
    put<f64>(pulls, k, at<f64>(pulls, k) - before)
    const j = n - 1 - k
    after = at<f64>(decays, j + 1) * (after + at<f64>(met, j + 1))
    put<f64>(pulls, j, at<f64>(pulls, j) + after)
  }
  const factor = band.sign / band.tau
  for (let k = 0; k < n; k++) {
    const item = i32(at<u32>(order, k))
    putNum<f32>(xBar, item, factor * (at<f64>(band.column, item) - at<f64>(pulls, k)))
  }
}
