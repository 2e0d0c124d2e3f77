/**
 * The matrix of SoftSort with squared distances in f32, in the order of the items: an exponential an entry in the forward pass,
 * whose entries the backward pass reads, and nothing is moved.
 * Differences are formed in f64, so that no offset takes digits. A row that has few entries which are not 0 is left to its window
 * (permutation-matrix.as.ts).
 */

import { log2e, power2Short } from '../../engine/library/exp.as'
import { at, num, num2, ptr, put, putNum } from '../../engine/library/task.as'
import { put1, put4, scatter } from './item-lanes.as'
import { Band, sumLanes } from './unimodal-row.as'

/** Items to e1, what their columns collect to e2. */
@inline
export function openSquares(band: Band, order: usize): void {
  band.low = 0
  band.high = 0
  scatter(band.s, order, 0, band.n, band.e1)
}

/** Whether one in `most` columns or more are within reach of row k, so that all are worth a look. Rows are asked in order. */
@inline
export function squaresReachFar(band: Band, k: i32, most: i32): bool {
  const n = band.n
  const s = band.s
  const reach = Math.sqrt(-band.floor * band.tau)
  const here = at<f64>(s, k)
  let low = band.low
  let high = max(band.high, k + 1)
  while (low < k && !(Math.abs(at<f64>(s, low) - here) <= reach)) low++
  while (high < n && Math.abs(at<f64>(s, high) - here) <= reach) high++
  band.low = low
  band.high = high
  return most * (high - low) >= n
}

@inline
function kernel2(items: usize, j: i32, here: v128, scale: v128): v128 {
  const d = f64x2.sub(v128.load(ptr<f64>(items, j)), here)
  return power2Short(f64x2.mul(f64x2.mul(d, d), scale))
}

/** Row k, by way of e3. */
@inline
export function squaredLine(band: Band, k: i32, line: usize): void {
  const n = band.n
  const items = band.e1
  const e = band.e3
  const here = f64x2.splat(at<f64>(band.s, k))
  const scale = f64x2.splat(-log2e / band.tau)
  let sum = f64x2.splat(0)
  let j = 0
  for (; j + 3 < n; j += 4) {
    const p = kernel2(items, j, here, scale)
    const q = kernel2(items, j + 2, here, scale)
    v128.store(ptr<f64>(e, j), p)
    v128.store(ptr<f64>(e, j + 2), q)
    sum = f64x2.add(sum, f64x2.add(p, q))
  }
  let total = sumLanes(sum)
  for (; j < n; j++) {
    const p = f64x2.extract_lane(kernel2(items, j, here, scale), 0)
    put<f64>(e, j, p)
    total += p
  }
  const inverse = f64x2.splat(1 / total)
  for (j = 0; j + 3 < n; j += 4) {
    const low = f64x2.mul(v128.load(ptr<f64>(e, j)), inverse)
    put4(line, j, low, f64x2.mul(v128.load(ptr<f64>(e, j + 2)), inverse))
  }
  for (; j < n; j++) put1(line, j, f64x2.mul(v128.load64_splat(ptr<f64>(e, j)), inverse))
}

/**
 * Adds the gradient of row k to e2, by the order of the items. It takes P as the forward pass wrote it; since it was rounded, what it
 * sums to is summed, so that a cotangent that is the same for all pulls nothing.
 */
@inline
export function pullSquaredLine(band: Band, k: i32, line: usize, lineBar: usize, own: i32): void {
  const n = band.n
  const items = band.e1
  const columns = band.e2
  let sum = f64x2.splat(0)
  let met = f64x2.splat(0)
  let j = 0
  for (; j + 1 < n; j += 2) {
    const p = num2<f32>(line, j)
    sum = f64x2.add(sum, p)
    met = f64x2.add(met, f64x2.mul(p, num2<f32>(lineBar, j)))
  }
  const p = j < n ? num<f32>(line, j) : 0
  const last = j < n ? num<f32>(lineBar, j) : 0
  const mean = (sumLanes(met) + p * last) / (sumLanes(sum) + p)
  const means = f64x2.splat(mean)
  const pivot = at<f64>(band.s, k)
  const here = f64x2.splat(pivot)
  let pulled = f64x2.splat(0)
  for (j = 0; j + 1 < n; j += 2) {
    const t = f64x2.mul(num2<f32>(line, j), f64x2.sub(num2<f32>(lineBar, j), means))
    const slope = f64x2.mul(t, f64x2.sub(here, v128.load(ptr<f64>(items, j))))
    pulled = f64x2.add(pulled, slope)
    const column = ptr<f64>(columns, j)
    v128.store(column, f64x2.add(v128.load(column), slope))
  }
  const slope = j < n ? p * (last - mean) * (pivot - at<f64>(items, j)) : 0
  if (j < n) put<f64>(columns, j, at<f64>(columns, j) + slope)
  put<f64>(columns, own, at<f64>(columns, own) - sumLanes(pulled) - slope)
}

/** The gradient: what the rows in the order of the items left, and those in sorted order. */
export function finishSquares(band: Band, xBar: usize, order: usize): void {
  const factor = 2 / band.tau
  for (let k = 0; k < band.n; k++) {
    const item = i32(at<u32>(order, k))
    putNum<f32>(xBar, item, factor * (at<f64>(band.e2, item) + at<f64>(band.column, k)))
  }
}
