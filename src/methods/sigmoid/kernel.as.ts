/**
 * Sums of pairwise sigmoids over a row, z_i = sign x_i / strength:
 *
 *   ranks     r_i = 1/2 + sum over j of s(z_i - z_j),               s(v) = 1 / (1 + exp(-v)), j = i counted as 1/2
 *   VJP       g_i = sum over j of s'(z_i - z_j) (u_i - u_j),        s'(v) = s(v) s(-v)
 *
 * Ratio trick: s(z_i - z_j) = e_i / (e_i + e_j) with e = exp(z - c), one exponential an item instead of one a pair, and two
 * divisions merged into one: 1/a + 1/b = (a + b) / (a b).
 *
 *   dense     all pairs, while exp spans the range of the row
 *   window    sorted; blocks of a few strengths of items against what is near enough to be neither 0 nor 1
 *   fast-sum  sorted, cut into cells of 2 strengths; within a pair of cells s is a short Chebyshev series in both places,
 *             so that cells exchange moments: near-linear. s has its nearest pole at distance pi, so that a series of p terms
 *             errs by 6.4^-p: 20 terms for f64, 10 for f32. Greengard, Rokhlin, J. Comput. Phys. 73, 1987, on a line.
 */

import { argsortScratch, argsortValues, gather } from '../../engine/library/argsort.as'
import { exp } from '../../engine/library/exp.as'
import { at, bytesOf, num, ptr, put, putNum } from '../../engine/library/task.as'

/** What a row is given to; auto takes what it predicts to be quickest. */
export const enum Algorithm {
  dense,
  window,
  fastSum,
  auto,
}

/** Spread of z that exponentials of one centre carry, with room for products of two sums. */
@inline
function denseSpan<T>(): f64 {
  return sizeof<T>() == 4 ? 78 : 600
}

/** Beyond it s is 0 or 1 to rounding. */
@inline
function cutoff<T>(): f64 {
  return sizeof<T>() == 4 ? 20 : 40
}

@inline
export function terms<T>(): i32 {
  return sizeof<T>() == 4 ? 10 : 20
}

/** Cells on either side that interact: two cells 2 (reach + 1) strengths apart are beyond the cutoff. */
@inline
export function reach<T>(): i32 {
  return i32(cutoff<T>() / 2)
}

const blockSpan: f64 = 8
const cellWidth: f64 = 2
const shortLength: i32 = 48

@inline
function sumLanes32(v: v128): f64 {
  return (
    f64(f32x4.extract_lane(v, 0)) +
    f64(f32x4.extract_lane(v, 1)) +
    f64(f32x4.extract_lane(v, 2)) +
    f64(f32x4.extract_lane(v, 3))
  )
}

@inline
function sumLanes64(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1)
}

/** sum over j in [from, to) of 1 / (a + e_j). */
@inline
function sumReciprocals<T>(e: usize, from: i32, to: i32, a: f64): f64 {
  let sum: f64 = 0
  let j = from
  if (sizeof<T>() == 4) {
    const av = f32x4.splat(f32(a))
    while (j + 8 <= to) {
      // Lanes hold few terms before they join the f64 sum, so that rounding does not grow with n.
      const stop = min(to - 7, j + 256)
      let acc = f32x4.splat(0)
      for (; j < stop; j += 8) {
        const d1 = f32x4.add(av, v128.load(ptr<f32>(e, j)))
        const d2 = f32x4.add(av, v128.load(ptr<f32>(e, j + 4)))
        acc = f32x4.add(acc, f32x4.div(f32x4.add(d1, d2), f32x4.mul(d1, d2)))
      }
      sum += sumLanes32(acc)
    }
  } else {
    const av = f64x2.splat(a)
    let acc = f64x2.splat(0)
    for (; j + 4 <= to; j += 4) {
      const d1 = f64x2.add(av, v128.load(ptr<f64>(e, j)))
      const d2 = f64x2.add(av, v128.load(ptr<f64>(e, j + 2)))
      acc = f64x2.add(acc, f64x2.div(f64x2.add(d1, d2), f64x2.mul(d1, d2)))
    }
    sum += sumLanes64(acc)
  }
  for (; j < to; j++) sum += 1 / (a + num<T>(e, j))
  return sum
}

/** sum over j in [from, to) of e_j / (a + e_j)^2 (ui - u_j). */
@inline
function sumSlopes<T>(e: usize, u: usize, from: i32, to: i32, a: f64, ui: f64): f64 {
  let sum: f64 = 0
  let j = from
  if (sizeof<T>() == 4) {
    const av = f32x4.splat(f32(a))
    const uv = f32x4.splat(f32(ui))
    const one = f32x4.splat(1)
    while (j + 4 <= to) {
      const stop = min(to - 3, j + 128)
      let acc = f32x4.splat(0)
      for (; j < stop; j += 4) {
        const ej = v128.load(ptr<f32>(e, j))
        const q = f32x4.div(one, f32x4.add(av, ej))
        const w = f32x4.mul(f32x4.mul(ej, q), q)
        acc = f32x4.add(acc, f32x4.mul(w, f32x4.sub(uv, v128.load(ptr<f32>(u, j)))))
      }
      sum += sumLanes32(acc)
    }
  } else {
    const av = f64x2.splat(a)
    const uv = f64x2.splat(ui)
    const one = f64x2.splat(1)
    let acc = f64x2.splat(0)
    for (; j + 2 <= to; j += 2) {
      const ej = v128.load(ptr<f64>(e, j))
      const q = f64x2.div(one, f64x2.add(av, ej))
      const w = f64x2.mul(f64x2.mul(ej, q), q)
      acc = f64x2.add(acc, f64x2.mul(w, f64x2.sub(uv, v128.load(ptr<f64>(u, j)))))
    }
    sum += sumLanes64(acc)
  }
  for (; j < to; j++) {
    const ej = num<T>(e, j)
    const q = 1 / (a + ej)
    sum += ej * q * q * (ui - num<T>(u, j))
  }
  return sum
}

/** e_j = exp((v_j - c) / tau) for j in [from, to), v of f64 and e of T. */
@inline
function exponentials<T>(v: usize, from: i32, to: i32, c: f64, tau: f64, e: usize): void {
  for (let j = from; j < to; j++) putNum<T>(e, j, exp((at<f64>(v, j) - c) / tau))
}

/** Sorted v: the first place at or after `from` with v >= bound. */
@inline
function firstAtLeast(v: usize, from: i32, n: i32, bound: f64): i32 {
  let i = from
  while (i < n && at<f64>(v, i) < bound) i++
  return i
}

/** The first place with v > bound: equal values stay together even where adding a strength to them changes nothing. */
@inline
function firstAbove(v: usize, from: i32, n: i32, bound: f64): i32 {
  let i = from
  while (i < n && at<f64>(v, i) <= bound) i++
  return i
}

/** What is near the block of items that is looked at, and the range of the row. */
@unmanaged
class Window {
  /** Items [first, end) of a block share one centre; [low, high) is near enough to count. */
  blockEnd: i32
  windowLow: i32
  windowHigh: i32
  low: f64
  high: f64
}

/** The block that starts at i; windows only move up, so that all of them cost one pass over the row. */
@inline
function nextBlock(window: Window, v: usize, i: i32, n: i32, tau: f64, cut: f64): void {
  const start = at<f64>(v, i)
  window.blockEnd = firstAbove(v, i + 1, n, start + blockSpan * tau)
  window.windowLow = firstAtLeast(v, i == 0 ? 0 : window.windowLow, n, start - cut * tau)
  window.windowHigh = firstAbove(
    v,
    i == 0 ? window.blockEnd : max(window.windowHigh, window.blockEnd),
    n,
    at<f64>(v, window.blockEnd - 1) + cut * tau,
  )
}

/** Pairs that the window visits, and exponentials in units of pairs. */
function windowCost<T>(window: Window, v: usize, n: i32, tau: f64): f64 {
  let cost: f64 = 0
  for (let i = 0; i < n; i = window.blockEnd) {
    nextBlock(window, v, i, n, tau, cutoff<T>())
    cost += f64(window.windowHigh - window.windowLow) * f64(window.blockEnd - i + 12)
  }
  return cost
}

/** In units of a pair: an occupied cell with its neighbours, and an item. */
@inline
function fastSumCost<T>(span: f64, n: i32): f64 {
  const cells = span / cellWidth + 1
  if (cells > f64(n) || cells > 65536) return Infinity
  const p = f64(terms<T>())
  const near = min<f64>(cells, f64(2 * reach<T>() + 1))
  return cells * near * p * p * 1.6 + f64(n) * p * 6
}

/** Ranks of sorted v into r (f64, sorted). */
function windowRanks<T>(window: Window, v: usize, n: i32, tau: f64, e: usize, r: usize): void {
  for (let i = 0; i < n; ) {
    nextBlock(window, v, i, n, tau, cutoff<T>())
    const low = window.windowLow
    const high = window.windowHigh
    const end = window.blockEnd
    exponentials<T>(v, low, high, 0.5 * at<f64>(v, i) + 0.5 * at<f64>(v, end - 1), tau, e)
    for (; i < end; i++) {
      const a = num<T>(e, i)
      put<f64>(r, i, 0.5 + f64(low) + a * sumReciprocals<T>(e, low, high, a))
    }
  }
}

/**
 * Slopes count relative to the largest of them, that of the closest pair: where all are small, the smaller of them still
 * count. At most what exponentials of one centre carry.
 */
function slopeCutoff<T>(v: usize, n: i32, tau: f64): f64 {
  let gap: f64 = Infinity
  for (let i = 1; i < n; i++) gap = min(gap, at<f64>(v, i) - at<f64>(v, i - 1))
  return min(cutoff<T>() + gap / tau, denseSpan<T>() * 0.5 - blockSpan * 0.5)
}

/** The VJP of sorted v and u (T) into g (f64, sorted). */
function windowPull<T>(window: Window, v: usize, n: i32, tau: f64, e: usize, u: usize, g: usize): void {
  const cut = slopeCutoff<T>(v, n, tau)
  for (let i = 0; i < n; ) {
    nextBlock(window, v, i, n, tau, cut)
    const low = window.windowLow
    const high = window.windowHigh
    const end = window.blockEnd
    exponentials<T>(v, low, high, 0.5 * at<f64>(v, i) + 0.5 * at<f64>(v, end - 1), tau, e)
    for (; i < end; i++) {
      const a = num<T>(e, i)
      put<f64>(g, i, a * sumSlopes<T>(e, u, low, high, a, num<T>(u, i)))
    }
  }
}

/** Adds w T_b(t) to m[b] for b < p. */
@inline
function addMoments(t: f64, w: f64, m: usize, p: i32): void {
  let before = w
  let current = w * t
  const twice = 2 * t
  for (let b = 0; b < p; b += 2) {
    put<f64>(m, b, at<f64>(m, b) + before)
    put<f64>(m, b + 1, at<f64>(m, b + 1) + current)
    before = twice * current - before
    current = twice * before - current
  }
}

/** sum over a of c[a] T_a(s), by Clenshaw's recurrence. */
@inline
function series(c: usize, p: i32, s: f64): f64 {
  let b1: f64 = 0
  let b2: f64 = 0
  const twice = 2 * s
  for (let a = p - 1; a > 0; a--) {
    const b0 = at<f64>(c, a) + twice * b1 - b2
    b2 = b1
    b1 = b0
  }
  return at<f64>(c, 0) + s * b1 - b2
}

/** out[a] += sum over b of C[a][b] m[b]. */
@inline
function addProduct(C: usize, m: usize, p: i32, out: usize): void {
  for (let a = 0; a < p; a++) {
    let acc = f64x2.splat(0)
    const row = ptr<f64>(C, a * p)
    for (let b = 0; b < p; b += 2) {
      acc = f64x2.add(acc, f64x2.mul(v128.load(ptr<f64>(row, b)), v128.load(ptr<f64>(m, b))))
    }
    put<f64>(out, a, at<f64>(out, a) + sumLanes64(acc))
  }
}

@inline
function cellOf(z: f64): i32 {
  return i32(z * (1 / cellWidth))
}

/** Place within a cell, -1 to 1. */
@inline
function placeIn(z: f64, cell: i32): f64 {
  return z - cellWidth * f64(cell) - 1
}

/** First item of every cell of sorted z, and n after the last. Answers the number of cells. */
function cutCells(z: usize, n: i32, starts: usize): i32 {
  const cells = cellOf(at<f64>(z, n - 1)) + 1
  let i = 0
  for (let c = 0; c < cells; c++) {
    put<u32>(starts, c, i)
    while (i < n && cellOf(at<f64>(z, i)) == c) i++
  }
  put<u32>(starts, cells, n)
  return cells
}

/** Moments of every cell, weighted by u (T, or all 1 when u is 0). */
function takeMoments<T>(z: usize, starts: usize, cells: i32, u: usize, m: usize, p: i32): void {
  memory.fill(m, 0, usize(cells * p) << 3)
  for (let c = 0; c < cells; c++) {
    const end = i32(at<u32>(starts, c + 1))
    for (let i = i32(at<u32>(starts, c)); i < end; i++) {
      addMoments(placeIn(at<f64>(z, i), c), u ? num<T>(u, i) : 1, ptr<f64>(m, c * p), p)
    }
  }
}

/** local[a] = series of what cells within reach of `cell` send it. */
@inline
function gatherCells(
  table: usize,
  starts: usize,
  m: usize,
  cell: i32,
  low: i32,
  high: i32,
  p: i32,
  near: i32,
  local: usize,
): void {
  memory.fill(local, 0, usize(p) << 3)
  for (let c = low; c < high; c++) {
    if (at<u32>(starts, c) == at<u32>(starts, c + 1)) continue
    addProduct(ptr<f64>(table, (cell - c + near) * p * p), ptr<f64>(m, c * p), p, local)
  }
}

/** `table`: series of s for cell offsets -reach..reach, then those of s'. */
function fastRanks<T>(z: usize, n: i32, table: usize, starts: usize, m: usize, r: usize): void {
  const p = terms<T>()
  const near = reach<T>()
  const cells = cutCells(z, n, starts)
  takeMoments<T>(z, starts, cells, 0, m, p)
  const local = ptr<f64>(m, cells * p)
  for (let c = 0; c < cells; c++) {
    const end = i32(at<u32>(starts, c + 1))
    let i = i32(at<u32>(starts, c))
    if (i == end) continue
    const low = max(0, c - near)
    gatherCells(table, starts, m, c, low, min(cells, c + near + 1), p, near, local)
    const below = f64(at<u32>(starts, low)) + 0.5
    for (; i < end; i++) put<f64>(r, i, below + series(local, p, placeIn(at<f64>(z, i), c)))
  }
}

function fastPull<T>(z: usize, n: i32, table: usize, starts: usize, m: usize, u: usize, g: usize): void {
  const p = terms<T>()
  const near = reach<T>()
  const slopes = ptr<f64>(table, (2 * near + 1) * p * p)
  const cells = cutCells(z, n, starts)
  const weighted = ptr<f64>(m, (cells + 1) * p)
  takeMoments<T>(z, starts, cells, 0, m, p)
  takeMoments<T>(z, starts, cells, u, weighted, p)
  const local = ptr<f64>(m, cells * p)
  const localWeighted = ptr<f64>(weighted, cells * p)
  for (let c = 0; c < cells; c++) {
    const end = i32(at<u32>(starts, c + 1))
    let i = i32(at<u32>(starts, c))
    if (i == end) continue
    const low = max(0, c - near)
    const high = min(cells, c + near + 1)
    gatherCells(slopes, starts, m, c, low, high, p, near, local)
    gatherCells(slopes, starts, weighted, c, low, high, p, near, localWeighted)
    for (; i < end; i++) {
      const s = placeIn(at<f64>(z, i), c)
      put<f64>(g, i, num<T>(u, i) * series(local, p, s) - series(localWeighted, p, s))
    }
  }
}

/** Places of sorted v in units of the strength, from 0; in place. */
@inline
function toPlaces(v: usize, n: i32, tau: f64): void {
  const origin = at<f64>(v, 0)
  for (let i = 0; i < n; i++) put<f64>(v, i, (at<f64>(v, i) - origin) / tau)
}

/** Bytes: z, result, e, u, starts, moments of two weightings; argsort shares what is not in use yet. */
export function sigmoidScratch(n: i32): usize {
  const items = usize(n) + 8
  return bytesOf<Window>() + items * (8 + 8 + 8 + 8 + 4) + (items + 2) * 2 * 20 * 8 + argsortScratch(n)
}

/** e = exp(sign (x - c) / strength) of a row as it comes. */
@inline
function denseExponentials<T>(x: usize, n: i32, tau: f64, sign: f64, c: f64, e: usize): void {
  for (let j = 0; j < n; j++) putNum<T>(e, j, exp((sign * (num<T>(x, j) - c)) / tau))
}

function readRange<T>(window: Window, x: usize, n: i32): void {
  window.low = Infinity
  window.high = -Infinity
  for (let i = 0; i < n; i++) {
    const value = num<T>(x, i)
    window.low = min(window.low, value)
    window.high = max(window.high, value)
  }
}

/** Keeps z finite: of values 1e290 strengths apart nothing but the order matters. */
@inline
function usableStrength(window: Window, tau: f64): f64 {
  return max(tau, (window.high * 0.5 - window.low * 0.5) * 1e-290)
}

/**
 * Ranks of a row into r (f64, in the order of x). `wanted` is an algorithm; answers what was done, for the VJP. dense is
 * done only where it can be.
 */
export function sigmoidRanksOf<T>(
  x: usize,
  n: i32,
  strength: f64,
  sign: f64,
  wanted: i32,
  table: usize,
  order: usize,
  r: usize,
  scratch: usize,
): i32 {
  const window = changetype<Window>(scratch)
  if (n == 0) return Algorithm.dense
  readRange<T>(window, x, n)
  const tau = usableStrength(window, strength)
  const v = scratch + bytesOf<Window>()
  const sorted = ptr<f64>(v, n + 8)
  const e = ptr<f64>(sorted, n + 8)
  const u = ptr<f64>(e, n + 8)
  const starts = ptr<f64>(u, n + 8)
  const moments = ptr<u32>(starts, n + 8 + (n & 1))
  const span = window.high / tau - window.low / tau
  const allPairs = f64(n) * f64(n)
  if (span <= denseSpan<T>() && (wanted == Algorithm.dense || (wanted == Algorithm.auto && n <= shortLength))) {
    return denseRanks<T>(window, x, n, tau, sign, e, r)
  }
  argsortValues<T>(x, n, sign < 0, sign, order, v, moments)
  let chosen = wanted
  if (wanted == Algorithm.dense || wanted == Algorithm.auto) {
    const windowed = windowCost<T>(window, v, n, tau)
    const fast = table ? fastSumCost<T>(span, n) : Infinity
    chosen = fast < windowed ? Algorithm.fastSum : Algorithm.window
    if (span <= denseSpan<T>() && allPairs < min(fast, windowed)) return denseRanks<T>(window, x, n, tau, sign, e, r)
  }
  if (chosen == Algorithm.fastSum && !(table && fastSumCost<T>(span, n) < Infinity)) chosen = Algorithm.window
  if (chosen == Algorithm.fastSum) {
    toPlaces(v, n, tau)
    fastRanks<T>(v, n, table, starts, moments, sorted)
  } else windowRanks<T>(window, v, n, tau, e, sorted)
  for (let i = 0; i < n; i++) put<f64>(r, i32(at<u32>(order, i)), at<f64>(sorted, i))
  return chosen
}

@inline
function denseRanks<T>(window: Window, x: usize, n: i32, tau: f64, sign: f64, e: usize, r: usize): i32 {
  denseExponentials<T>(x, n, tau, sign, 0.5 * (window.low + window.high), e)
  for (let i = 0; i < n; i++) {
    const a = num<T>(e, i)
    put<f64>(r, i, 0.5 + a * sumReciprocals<T>(e, 0, n, a))
  }
  return Algorithm.dense
}

/** xBar (f64, in the order of x) from u (f64), at the x, order and choice of the last ranks. */
export function pullSigmoidRanksOf<T>(
  x: usize,
  n: i32,
  strength: f64,
  sign: f64,
  chosen: i32,
  table: usize,
  order: usize,
  uBar: usize,
  xBar: usize,
  scratch: usize,
): void {
  const window = changetype<Window>(scratch)
  if (n == 0) return
  readRange<T>(window, x, n)
  const tau = usableStrength(window, strength)
  const v = scratch + bytesOf<Window>()
  const g = ptr<f64>(v, n + 8)
  const e = ptr<f64>(g, n + 8)
  const u = ptr<f64>(e, n + 8)
  const starts = ptr<f64>(u, n + 8)
  const moments = ptr<u32>(starts, n + 8 + (n & 1))
  const factor = sign / tau
  // Only differences of u count; their digits are kept by taking off what all have in common before rounding to T.
  let mean: f64 = 0
  for (let i = 0; i < n; i++) mean += at<f64>(uBar, i)
  mean /= f64(n)
  if (chosen == Algorithm.dense) {
    denseExponentials<T>(x, n, tau, sign, 0.5 * (window.low + window.high), e)
    for (let i = 0; i < n; i++) putNum<T>(u, i, at<f64>(uBar, i) - mean)
    for (let i = 0; i < n; i++) {
      const a = num<T>(e, i)
      put<f64>(xBar, i, factor * a * sumSlopes<T>(e, u, 0, n, a, num<T>(u, i)))
    }
    return
  }
  gather<T>(x, order, n, sign, v)
  for (let i = 0; i < n; i++) putNum<T>(u, i, at<f64>(uBar, i32(at<u32>(order, i))) - mean)
  if (chosen == Algorithm.fastSum) {
    toPlaces(v, n, tau)
    fastPull<T>(v, n, table, starts, moments, u, g)
  } else windowPull<T>(window, v, n, tau, e, u, g)
  for (let i = 0; i < n; i++) put<f64>(xBar, i32(at<u32>(order, i)), factor * at<f64>(g, i))
}
