/**
 * The closed-form inverse of F-Sum. Between two neighbours, of which `count` items lie to the left, and with
 * s = e^(-(b - r_left) / alpha), t = e^(-(r_right - b) / alpha), s t = decay,
 *
 *   F-Sum(b) = count - left s / 2 + right t / 2,
 *
 * a quadratic equation in s or t. Its root is taken for the nearer neighbour, where nothing cancels or overflows.
 */

import { heightAt, type Nodes } from './nodes.ts'

/** Where F-Sum reaches a level, relative to the two neighbours there. */
export interface Crossing {
  /** Items to the left. */
  count: number
  /** e^(-distance / alpha) to the neighbour on the left; 0 without one. */
  s: number
  /** The same to the right. */
  t: number
  /** Share of the items on the left in the slope of F-Sum. */
  share: number
}

export const emptyCrossing = (): Crossing => ({ count: 0, s: 0, t: 0, share: 0 })

/** The crossing of `level`, strictly between 0 and n, into `at`; `from` is a number of items known to be left of it. */
export function cross(nodes: Nodes, level: number, from: number, at: Crossing): void {
  const { n, decay, left, right } = nodes
  let count = from
  while (count < n && heightAt(nodes, count) < level) count++
  const a = count > 0 ? left[count - 1] : 0
  const r = count < n ? right[count] : 0
  const d = count > 0 && count < n ? decay[count - 1] : 0
  const excess = count - level
  const root = Math.sqrt(excess * excess + a * r * d)
  at.count = count
  if (excess > 0) {
    at.s = (excess + root) / a
    at.t = d / at.s
  } else if (excess < 0) {
    at.t = (root - excess) / r
    at.s = d / at.t
  } else {
    at.s = Math.sqrt((d * r) / a)
    at.t = Math.sqrt((d * a) / r)
  }
  // Half way between neighbours so far apart that both sides underflow, they still weigh the same.
  at.share = root === 0 ? 0.5 : 0.5 * (1 + excess / root)
}

/** The point itself. */
export function pointOf({ sorted, alpha }: Nodes, { count, s, t }: Crossing): number {
  return s >= t ? sorted[count - 1] - alpha * Math.log(s) : sorted[count] + alpha * Math.log(t)
}

/** F or 1 - F of every item at the crossing, whichever is the smaller: s K / 2 on the left, t K / 2 on the right. */
export function tailsAt({ n, decay }: Nodes, { count, s, t }: Crossing, tails: Float64Array): void {
  spread(0.5 * s, 0.5 * t, n, count, decay, tails)
}

/** The derivative of the crossing in r: non-negative, sum 1. */
export function weightsAt({ n, decay, left, right }: Nodes, { count, share }: Crossing, weights: Float64Array): void {
  const a = count > 0 ? share / left[count - 1] : 0
  const r = count < n ? (1 - share) / right[count] : 0
  spread(a, r, n, count, decay, weights)
}

/** `first` at the neighbour on the left, `second` at that on the right, both fading outwards. */
function spread(first: number, second: number, n: number, count: number, decay: Float64Array, out: Float64Array): void {
  for (let j = count - 1, e = first; j >= 0; j--) {
    out[j] = e
    if (j > 0) e *= decay[j - 1]
  }
  for (let j = count, e = second; j < n; j++) {
    out[j] = e
    e *= decay[j]
  }
}
