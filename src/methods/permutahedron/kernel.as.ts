/**
 * Projection on the permutahedron (Blondel et al. 2020), O(n) after the sort.
 *
 * Pool adjacent violators as a stack of blocks. Everything is kept relative to the first item of a block, so that
 * an offset costs no digits, and blocks are compared by cross products, so that nothing is divided:
 *
 *   l2   S = sum of (d_i - d_start), d = a - eps b; p and q merge when S_p c_q - S_q c_p <= (d_q - d_p) c_p c_q
 *   kl   E = sum of exp((a_i - a_start) / eps), W the same of b; p and q merge when
 *        E_p W_q exp(b_q - b_p) <= E_q W_p exp((a_q - a_p) / eps),
 *
 * where the exponentials between starts are running products of those between neighbours: one exponential an item, in sort
 * only for items that meet a neighbour. Where both sides may underflow (sort) their logarithms are compared.
 *
 * State of a row: how many blocks, their starts, and f64 p[n] (kl: softmax weights within the block).
 */

import { argsortScratch, argsortValues } from '../../engine/library/argsort.as'
import { exp, exp64x2, exp64x2Short } from '../../engine/library/exp.as'
import { at, num, ptr, put, putNum, Task } from '../../engine/library/task.as'

@unmanaged
export class PermutahedronTask extends Task {
  strength: f64
  /** +1 where values are sorted from the largest down, -1 where they are turned around first. */
  sign: f64
}

export function permutahedronState(_task: PermutahedronTask, n: i32): usize {
  return blockBytes(n) + usize(n) * 8
}

/** Blocks in the state of a row: how many, then where each starts, and the end of the last. */
@inline
function countAt(state: usize): usize {
  return state
}

@inline
function startsOf(state: usize): usize {
  return state + 4
}

@inline
function weightsOf(n: i32, state: usize): usize {
  return state + blockBytes(n)
}

@inline
function blockBytes(n: i32): usize {
  return (usize(n + 2) * 4 + 7) & ~7
}

/** exp((v_i - v_(i-1)) * scale) for i = 1, ..., n - 1; entry 0 is 1. */
function neighbourExponentials<T>(v: usize, n: i32, scale: f64, out: usize): void {
  if (n == 0) return
  put<f64>(out, 0, 1)
  let i = 1
  const factor = f64x2.splat(scale)
  for (; i + 1 < n; i += 2) {
    const gap = f64x2.sub(v128.load(ptr<f64>(v, i)), v128.load(ptr<f64>(v, i - 1)))
    const power = f64x2.mul(gap, factor)
    v128.store(ptr<f64>(out, i), sizeof<T>() == 4 ? exp64x2Short(power) : exp64x2(power))
  }
  for (; i < n; i++) put<f64>(out, i, exp((at<f64>(v, i) - at<f64>(v, i - 1)) * scale))
}

/**
 * Pools the differences d_i = v_i * vScale + i * slope, v descending: sort and rank differ in which of a, b is the ramp.
 * Answers the number of blocks. `sums`: f64[n] of scratch.
 */
@inline
function poolL2(v: usize, n: i32, vScale: f64, slope: f64, starts: usize, sums: usize): i32 {
  put<u32>(starts, 0, 0)
  if (n == 0) return 0
  // The block on top of the stack stays in registers; `below` are the blocks under it.
  let below = 0
  let start = 0
  let first = at<f64>(v, 0)
  let count: f64 = 1
  let sum: f64 = 0
  for (let i = 1; i < n; i++) {
    const value = at<f64>(v, i)
    const gap = (value - first) * vScale + count * slope
    if (sum > gap * count) {
      put<u32>(starts, below, start)
      put<f64>(sums, below, sum)
      below++
      start = i
      first = value
      count = 1
      sum = 0
      continue
    }
    sum += gap
    count += 1
    while (below > 0) {
      const p = i32(at<u32>(starts, below - 1))
      const before = f64(start - p)
      const other = at<f64>(v, p)
      const apart = (first - other) * vScale + before * slope
      const sumBefore = at<f64>(sums, below - 1)
      if (sumBefore * count - sum * before > apart * before * count) break
      sum += sumBefore + count * apart
      count += before
      first = other
      start = p
      below--
    }
  }
  put<u32>(starts, below, start)
  put<u32>(starts, below + 1, n)
  return below + 1
}

export function rankL2<T>(
  task: PermutahedronTask,
  n: i32,
  x: usize,
  y: usize,
  order: usize,
  state: usize,
  scratch: usize,
): void {
  const eps = task.strength
  const sign = task.sign
  const starts = startsOf(state)
  const a = scratch
  const sums = ptr<f64>(a, n)
  argsortValues<T>(x, n, sign > 0, sign, order, a, sums)
  const count = poolL2(a, n, 1, eps, starts, sums)
  store<u32>(countAt(state), count)
  for (let k = 0; k < count; k++) {
    const s = i32(at<u32>(starts, k))
    const e = i32(at<u32>(starts, k + 1))
    const mean = f64(n) - f64(s + e - 1) * 0.5
    if (e - s == 1 || eps == 0) {
      for (let i = s; i < e; i++) putNum<T>(y, i32(at<u32>(order, i)), mean)
      continue
    }
    const base = at<f64>(a, s)
    let sum: f64 = 0
    for (let i = s + 1; i < e; i++) sum += at<f64>(a, i) - base
    const middle = sum / f64(e - s)
    for (let i = s; i < e; i++) putNum<T>(y, i32(at<u32>(order, i)), mean + (at<f64>(a, i) - base - middle) / eps)
  }
}

export function pullRankL2<T>(task: PermutahedronTask, yBar: usize, xBar: usize, order: usize, state: usize): void {
  const eps = task.strength
  const factor = task.sign / eps
  const starts = startsOf(state)
  const count = i32(load<u32>(countAt(state)))
  for (let k = 0; k < count; k++) {
    const s = i32(at<u32>(starts, k))
    const e = i32(at<u32>(starts, k + 1))
    if (e - s == 1 || eps == 0) {
      for (let i = s; i < e; i++) putNum<T>(xBar, i32(at<u32>(order, i)), 0)
      continue
    }
    let sum: f64 = 0
    for (let i = s; i < e; i++) sum += num<T>(yBar, i32(at<u32>(order, i)))
    const mean = sum / f64(e - s)
    for (let i = s; i < e; i++) {
      const j = i32(at<u32>(order, i))
      putNum<T>(xBar, j, factor * (num<T>(yBar, j) - mean))
    }
  }
}

export function sortL2<T>(
  task: PermutahedronTask,
  n: i32,
  x: usize,
  y: usize,
  order: usize,
  state: usize,
  scratch: usize,
): void {
  const eps = task.strength
  const sign = task.sign
  const starts = startsOf(state)
  const b = scratch
  const sums = ptr<f64>(b, n)
  argsortValues<T>(x, n, sign > 0, sign, order, b, sums)
  const count = poolL2(b, n, -eps, -1, starts, sums)
  store<u32>(countAt(state), count)
  for (let k = 0; k < count; k++) {
    const s = i32(at<u32>(starts, k))
    const e = i32(at<u32>(starts, k + 1))
    const base = at<f64>(b, s)
    if (e - s == 1) {
      putNum<T>(y, s, sign * base)
      continue
    }
    let sum: f64 = 0
    for (let i = s + 1; i < e; i++) sum += at<f64>(b, i) - base
    const mean = base + sum / f64(e - s)
    const middle = f64(s + e - 1) * 0.5
    const step = eps == 0 ? 0 : 1 / eps
    for (let i = s; i < e; i++) putNum<T>(y, i, sign * (mean + (middle - f64(i)) * step))
  }
}

export function pullSortL2<T>(_task: PermutahedronTask, yBar: usize, xBar: usize, order: usize, state: usize): void {
  const starts = startsOf(state)
  const count = i32(load<u32>(countAt(state)))
  for (let k = 0; k < count; k++) {
    const s = i32(at<u32>(starts, k))
    const e = i32(at<u32>(starts, k + 1))
    let sum: f64 = 0
    for (let i = s; i < e; i++) sum += num<T>(yBar, i)
    const mean = sum / f64(e - s)
    for (let i = s; i < e; i++) putNum<T>(xBar, i32(at<u32>(order, i)), mean)
  }
}

/** Below it a product may have lost digits to underflow. */
const tiny: f64 = 1e-280

/** r_i = W_B p_i, p = softmax(a_B / eps), W_B the sum of the ranks n - i of block B. */
export function rankKl<T>(
  task: PermutahedronTask,
  n: i32,
  x: usize,
  y: usize,
  order: usize,
  state: usize,
  scratch: usize,
): void {
  const eps = task.strength
  const sign = task.sign
  const inverse = 1 / eps
  const starts = startsOf(state)
  const p = weightsOf(n, state)
  const a = scratch
  const E = ptr<f64>(a, n)
  const links = ptr<f64>(E, n)
  const totals = ptr<f64>(links, n)
  if (n == 0) {
    store<u32>(countAt(state), 0)
    return
  }
  argsortValues<T>(x, n, sign > 0, sign, order, a, E)
  // For now p holds the exponentials between neighbours.
  neighbourExponentials<T>(a, n, inverse, p)
  let last = 0
  // The block on top stays in registers: its start, sum, ranks, exp((a at its last item - a at its start) / eps) and the
  // exponential between its start and that of the block below.
  let start = 0
  let sum: f64 = 1
  let span: f64 = 1
  let link: f64 = 1
  let ranks = f64(n)
  for (let i = 1; i < n; i++) {
    const next = span * at<f64>(p, i)
    const rank = f64(n - i)
    if (sum * rank > next * ranks) {
      put<u32>(starts, last, start)
      put<f64>(E, last, sum)
      put<f64>(links, last, link)
      put<f64>(totals, last, ranks)
      last++
      start = i
      sum = 1
      span = 1
      link = next
      ranks = rank
      continue
    }
    sum += next
    span = next
    ranks += rank
    while (last > 0) {
      const sumBefore = at<f64>(E, last - 1)
      const ranksBefore = at<f64>(totals, last - 1)
      if (sumBefore * ranks > link * sum * ranksBefore) break
      last--
      sum = sumBefore + link * sum
      span = link * span
      ranks += ranksBefore
      link = at<f64>(links, last)
      start = i32(at<u32>(starts, last))
    }
  }
  put<u32>(starts, last, start)
  put<f64>(E, last, sum)
  put<u32>(starts, last + 1, n)
  store<u32>(countAt(state), last + 1)
  for (let k = 0; k <= last; k++) {
    const s = i32(at<u32>(starts, k))
    const e = i32(at<u32>(starts, k + 1))
    const ranks = f64(e - s) * (f64(n) - f64(s + e - 1) * 0.5)
    let weight = 1 / at<f64>(E, k)
    for (let i = s; i < e; i++) {
      if (i > s) weight *= at<f64>(p, i)
      put<f64>(p, i, weight)
      putNum<T>(y, i32(at<u32>(order, i)), ranks * weight)
    }
  }
}

/** The VJP in a: r_i (u_i - p . u) / eps. */
export function pullRankKl<T>(
  task: PermutahedronTask,
  n: i32,
  yBar: usize,
  xBar: usize,
  order: usize,
  state: usize,
): void {
  const factor = task.sign / task.strength
  const starts = startsOf(state)
  const p = weightsOf(n, state)
  const count = i32(load<u32>(countAt(state)))
  for (let k = 0; k < count; k++) {
    const s = i32(at<u32>(starts, k))
    const e = i32(at<u32>(starts, k + 1))
    if (e - s == 1) {
      putNum<T>(xBar, i32(at<u32>(order, s)), 0)
      continue
    }
    const ranks = f64(e - s) * (f64(n) - f64(s + e - 1) * 0.5) * factor
    let mean: f64 = 0
    for (let i = s; i < e; i++) mean += at<f64>(p, i) * num<T>(yBar, i32(at<u32>(order, i)))
    for (let i = s; i < e; i++) {
      const j = i32(at<u32>(order, i))
      putNum<T>(xBar, j, ranks * at<f64>(p, i) * (num<T>(yBar, j) - mean))
    }
  }
}

/**
 * Block values this near each other, relative, are equal: whether they are pooled must not be for rounding to decide. (Ranks are whole
 * numbers, and no exponential is a ratio of those.)
 */
@inline
function equal<T>(): f64 {
  return 1 + (sizeof<T>() == 4 ? 5.9604644775390625e-8 : 9.094947017729282e-13)
}

/**
 * Whether blocks that start at s and t stay two. Numbers come in pairs, of the ramp and of the values: sums of both blocks, and
 * exponentials between their starts. Where both sides of the comparison may have lost digits, their logarithms are compared.
 */
@inline
function apart<T>(b: usize, inverse: f64, s: i32, t: i32, before: v128, sums: v128, link: v128): bool {
  // before of one times link and sums of the other.
  const linked = f64x2.mul(link, sums)
  const sides = f64x2.mul(before, v128.shuffle<f64>(linked, linked, 1, 0))
  const left = f64x2.extract_lane(sides, 0)
  const right = f64x2.extract_lane(sides, 1)
  if (left > tiny || right > tiny) return left > right * equal<T>()
  const gapA = -f64(t - s) * inverse
  const gapB = at<f64>(b, t) - at<f64>(b, s)
  const ratioBefore = f64x2.extract_lane(before, 0) / f64x2.extract_lane(before, 1)
  const ratio = f64x2.extract_lane(sums, 0) / f64x2.extract_lane(sums, 1)
  return Math.log(ratioBefore) + gapB > gapA + Math.log(ratio) + (equal<T>() - 1)
}

@inline
function pair(array: usize, k: i32): usize {
  return array + (usize(k) << 4)
}

/** s_i = a_i / eps - LSE(a_B / eps) + LSE(b_B), a the ramp and b the values. */
export function sortKl<T>(
  task: PermutahedronTask,
  n: i32,
  x: usize,
  y: usize,
  order: usize,
  state: usize,
  scratch: usize,
): void {
  const inverse = 1 / task.strength
  const sign = task.sign
  const step = exp(-inverse)
  const ones = f64x2.splat(1)
  const almost = equal<T>() - 1 - inverse
  const starts = startsOf(state)
  const p = weightsOf(n, state)
  const b = scratch
  // Pairs, of the ramp and of the values: sums of a block, and its last exponentials.
  const totals = ptr<f64>(b, n)
  const ends = pair(totals, n)
  if (n == 0) {
    store<u32>(countAt(state), 0)
    return
  }
  argsortValues<T>(x, n, sign > 0, sign, order, b, totals)
  // Where most items pool their exponentials are wanted anyway, two at a time; else one by one, when they are.
  const eager = at<f64>(b, 0) - at<f64>(b, n - 1) > f64(n - 1) * inverse
  if (eager) neighbourExponentials<T>(b, n, 1, p)
  let last = 0
  // The block on top stays in registers.
  let start = 0
  let sums = ones
  let spans = ones
  for (let i = 1; i < n; i++) {
    const gap = at<f64>(b, i) - at<f64>(b, i - 1)
    let link: f64 = 0
    // Two single items are compared without an exponential: a row that is nearly hard needs none.
    let stays = gap > almost
    if (start < i - 1 || !stays) {
      link = eager ? at<f64>(p, i) : exp(gap)
      if (start < i - 1) stays = apart<T>(b, inverse, start, i, sums, ones, f64x2.mul(spans, f64x2(step, link)))
    }
    if (stays) {
      put<u32>(starts, last, start)
      v128.store(pair(totals, last), sums)
      v128.store(pair(ends, last), spans)
      last++
      start = i
      sums = ones
      spans = ones
      continue
    }
    put<f64>(p, i, link)
    spans = f64x2.mul(spans, f64x2(step, link))
    sums = f64x2.add(sums, spans)
    while (last > 0) {
      const s = i32(at<u32>(starts, last - 1))
      const before = v128.load(pair(totals, last - 1))
      link = eager ? at<f64>(p, start) : exp(at<f64>(b, start) - at<f64>(b, start - 1))
      const links = f64x2.mul(v128.load(pair(ends, last - 1)), f64x2(step, link))
      if (apart<T>(b, inverse, s, start, before, sums, links)) break
      put<f64>(p, start, link)
      last--
      sums = f64x2.add(before, f64x2.mul(links, sums))
      spans = f64x2.mul(spans, links)
      start = s
    }
  }
  put<u32>(starts, last, start)
  v128.store(pair(totals, last), sums)
  put<u32>(starts, last + 1, n)
  store<u32>(countAt(state), last + 1)
  for (let k = 0; k <= last; k++) {
    const s = i32(at<u32>(starts, k))
    const e = i32(at<u32>(starts, k + 1))
    if (e - s == 1) putNum<T>(y, s, sign * at<f64>(b, s))
    else writeSortBlock<T>(y, p, s, e, at<f64>(b, s), v128.load(pair(totals, k)), inverse, sign)
  }
}

/** Values of items [s, e), pooled, and their softmax weights in place of the exponentials between them; `sums` as in sortKl. */
@inline
function writeSortBlock<T>(y: usize, p: usize, s: i32, e: i32, base: f64, sums: v128, inverse: f64, sign: f64): void {
  const total = f64x2.extract_lane(sums, 1)
  const shift = Math.log(f64x2.extract_lane(sums, 0) / total)
  let weight = 1 / total
  for (let i = s; i < e; i++) {
    if (i > s) weight *= at<f64>(p, i)
    put<f64>(p, i, weight)
    putNum<T>(y, i, sign * (base - (f64(i - s) * inverse + shift)))
  }
}

/** The VJP in b: softmax(b_B) times the sum of u over B; single items have no weight written. */
export function pullSortKl<T>(
  _task: PermutahedronTask,
  n: i32,
  yBar: usize,
  xBar: usize,
  order: usize,
  state: usize,
): void {
  const starts = startsOf(state)
  const p = weightsOf(n, state)
  const count = i32(load<u32>(countAt(state)))
  for (let k = 0; k < count; k++) {
    const s = i32(at<u32>(starts, k))
    const e = i32(at<u32>(starts, k + 1))
    if (e - s == 1) {
      put<T>(xBar, i32(at<u32>(order, s)), at<T>(yBar, s))
      continue
    }
    let sum: f64 = 0
    for (let i = s; i < e; i++) sum += num<T>(yBar, i)
    for (let i = s; i < e; i++) putNum<T>(xBar, i32(at<u32>(order, i)), sum * at<f64>(p, i))
  }
}

/** Bytes of scratch for rows of up to n items. */
export function permutahedronScratch(_task: PermutahedronTask, n: i32): usize {
  return usize(n) * 48 + argsortScratch(n)
}
