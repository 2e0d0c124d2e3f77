/**
 * Expected ranks of normally distributed scores, E[rank of j] = 1 + sum over i of Phi(sign (x_i - x_j) / (sqrt 2 sigma)), sorted with
 * the foremost first: position + sum behind of t - sum before of t, t the tail of the pair, nothing beyond the cutoff. Every
 * pair is visited once.
 */

import { argsort, argsortScratch } from '../../engine/library/argsort.as'
import { normalDensity64x2, normalTail64x2 } from '../../engine/library/normal.as'
import { at, num, ptr, put, putNum, Task } from '../../engine/library/task.as'

@unmanaged
export class SoftRankTask extends Task {
  /** sqrt 2 sigma. */
  scale: f64
  /** +1 when the largest is foremost, -1 when the smallest is. */
  foremost: f64
}

const pad: i32 = 4
/** A tail beyond is below 1e-17. */
const tailCutoff: f64 = 8.6
/** Largest square that densities of isolated pairs are followed to. */
const mostSquare: f64 = 1200

export function softRankScratch(_task: SoftRankTask, n: i32): usize {
  return 3 * (usize(n + pad) << 3) + argsortScratch(n)
}

/** Partners of i behind it, within reach. */
@inline
function partnersEnd(s: usize, i: i32, from: i32, n: i32, reach: f64): i32 {
  let end = max(from, i + 1)
  while (end < n && Math.abs(at<f64>(s, end) - at<f64>(s, i)) <= reach) end++
  return end
}

export function softRank<T>(task: SoftRankTask, n: i32, x: usize, y: usize, order: usize, scratch: usize): void {
  const scale = task.scale
  const s = scratch
  const r = ptr<f64>(s, n + pad)
  argsort<T>(x, n, task.foremost > 0, order, r)
  for (let i = 0; i < n; i++) put<f64>(s, i, num<T>(x, i32(at<u32>(order, i))))
  for (let i = 0; i < n + pad; i++) put<f64>(r, i, f64(i + 1))
  const inverse = f64x2.splat(1 / scale)
  let stop = 0
  for (let i = 0; i < n; i++) {
    stop = partnersEnd(s, i, stop, n, tailCutoff * scale)
    const here = f64x2.splat(at<f64>(s, i))
    let sum = f64x2.splat(0)
    for (let j = i + 1; j < stop; j += 2) {
      const v = f64x2.abs(f64x2.mul(f64x2.sub(v128.load(ptr<f64>(s, j)), here), inverse))
      let t = normalTail64x2(normalDensity64x2(v), v)
      t = v128.bitselect(f64x2.splat(0.5), t, f64x2.eq(v, f64x2.splat(0)))
      if (j + 1 == stop) t = f64x2.replace_lane(t, 1, 0)
      sum = f64x2.add(sum, t)
      v128.store(ptr<f64>(r, j), f64x2.sub(v128.load(ptr<f64>(r, j)), t))
    }
    put<f64>(r, i, at<f64>(r, i) + f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1))
  }
  for (let i = 0; i < n; i++) putNum<T>(y, i32(at<u32>(order, i)), at<f64>(r, i))
}

/** g_i = sum over j of sign density(d / scale) / scale (u_j - u_i). */
export function pullSoftRank<T>(
  task: SoftRankTask,
  n: i32,
  x: usize,
  yBar: usize,
  xBar: usize,
  order: usize,
  scratch: usize,
): void {
  const scale = task.scale
  const s = scratch
  const u = ptr<f64>(s, n + pad)
  const g = ptr<f64>(u, n + pad)
  let gap: f64 = Infinity
  for (let i = 0; i < n; i++) {
    const item = i32(at<u32>(order, i))
    put<f64>(s, i, num<T>(x, item))
    put<f64>(u, i, num<T>(yBar, item))
    put<f64>(g, i, 0)
    if (i > 0) gap = min(gap, Math.abs(at<f64>(s, i) - at<f64>(s, i - 1)))
  }
  // The lane that hangs over has density 0, which must not meet what is left of another row.
  put<f64>(u, n, 0)
  // Densities count relative to that of the closest pair.
  const closest = gap / scale
  const reach = scale * Math.sqrt(min(mostSquare, 90 + closest * closest))
  const inverse = f64x2.splat(1 / scale)
  let stop = 0
  for (let i = 0; i < n; i++) {
    stop = partnersEnd(s, i, stop, n, reach)
    const here = f64x2.splat(at<f64>(s, i))
    const own = f64x2.splat(at<f64>(u, i))
    let sum = f64x2.splat(0)
    for (let j = i + 1; j < stop; j += 2) {
      let d = normalDensity64x2(f64x2.mul(f64x2.sub(v128.load(ptr<f64>(s, j)), here), inverse))
      if (j + 1 == stop) d = f64x2.replace_lane(d, 1, 0)
      const pulled = f64x2.mul(d, f64x2.sub(v128.load(ptr<f64>(u, j)), own))
      sum = f64x2.add(sum, pulled)
      v128.store(ptr<f64>(g, j), f64x2.sub(v128.load(ptr<f64>(g, j)), pulled))
    }
    put<f64>(g, i, at<f64>(g, i) + f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1))
  }
  const factor = task.foremost / scale
  for (let i = 0; i < n; i++) putNum<T>(xBar, i32(at<u32>(order, i)), factor * at<f64>(g, i))
}
