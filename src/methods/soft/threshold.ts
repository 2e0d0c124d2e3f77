/**
 * The threshold b at which the sum over i of sigma((z_i - b) / h) is k: the dual of optimal transport to two targets
 * is this one number. With z sorted descending and `count` items above b, and of every item its tail min(mask, 1 - mask),
 *
 *   sum of the tails below - sum of the tails above = k - count,   tail_i = e^-v fade_i / (1 + e^-v fade_i),
 *
 * where v is the distance from b to the nearest item on that side, in units of h, and fade_i = e^-(distance of z_i from
 * that nearest item). Only tails enter, and their sums as logarithms: the root survives where every tail underflows.
 */

interface Threshold {
  /** Items above b. */
  count: number
  /** min(mask, 1 - mask) of every position. */
  readonly tails: Float64Array
  /** The derivative of b in z: non-negative, sum 1. */
  readonly weights: Float64Array
}

/** The items on one side of b, and log(sum of tails) + v with the derivative of log(sum of tails) in v. */
interface Side {
  from: number
  to: number
  logMass: number
  slope: number
}

const emptySide = (): Side => ({ from: 0, to: 0, logMass: 0, slope: 0 })

/** (a - b) / h for a >= b; at h 0 infinite, and 0 for equal numbers. */
const ratio = (a: number, b: number, h: number): number => (a === b ? 0 : (a - b) / h)

/** The mask's sum at b = z_j. */
function massAt(z: Float64Array, j: number, h: number): number {
  let mass = 0
  for (let i = 0; i < z.length; i++) {
    const e = Math.exp(-ratio(Math.max(z[i], z[j]), Math.min(z[i], z[j]), h))
    mass += (z[i] >= z[j] ? 1 : e) / (1 + e)
  }
  return mass
}

/** The first position at or below b. */
function countAbove(z: Float64Array, k: number, h: number): number {
  let low = 0
  let high = z.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (massAt(z, middle, h) < k) low = middle + 1
    else high = middle
  }
  return low
}

function measure(fade: Float64Array, v: number, side: Side): void {
  const e = Math.exp(-v)
  let sum = 0
  let slope = 0
  for (let i = side.from; i < side.to; i++) {
    const tail = fade[i] / (1 + e * fade[i])
    sum += tail
    slope += tail / (1 + e * fade[i])
  }
  side.logMass = Math.log(sum)
  side.slope = sum > 0 ? -slope / sum : 0
}

interface ThresholdState {
  readonly z: Float64Array
  readonly k: number
  readonly h: number
  readonly fade: Float64Array
  /** Near is the side whose tails make up for the fraction of k: the distance to it is the unknown, with all its digits. */
  readonly near: Side
  readonly far: Side
  readonly threshold: Threshold
}

function split({ z, k, h, fade, near, far, threshold }: ThresholdState, count: number): void {
  const n = z.length
  const above = k < count ? near : far
  const below = k < count ? far : near
  above.from = 0
  above.to = count
  below.from = count
  below.to = n
  for (let i = 0; i < count; i++) fade[i] = Math.exp(-ratio(z[i], z[count - 1], h))
  for (let i = count; i < n; i++) fade[i] = Math.exp(-ratio(z[count], z[i], h))
  threshold.count = count
}

/** The root, by Newton steps, with a halved bracket instead where they leave it. */
function root({ z, fade, near, far }: ThresholdState, excess: number, nearAt: number, farAt: number): number {
  let high = Math.log(z.length) + 1 - (excess > 0 ? Math.log(excess) : 0)
  let low = excess > 0 ? 0 : -high
  let delta = 0
  for (let step = 0; step < 200; step++) {
    measure(fade, nearAt + delta, near)
    measure(fade, farAt - delta, far)
    const farMass = Math.exp(far.logMass - (farAt - delta))
    const value = near.logMass - delta - (excess > 0 ? Math.log(farMass + excess) : far.logMass + delta)
    const slope = near.slope + (excess > 0 ? farMass / (farMass + excess) : 1) * far.slope
    if (value > 0) low = delta
    else high = delta
    const newton = delta - value / slope
    const next = newton >= low && newton <= high ? newton : (low + high) / 2
    if (Math.abs(next - delta) <= Number.EPSILON * Math.max(1, Math.abs(delta))) return next
    delta = next
  }
  return delta
}

/** `factor` compares the slopes of the two sides where both underflow. */
function write({ fade, threshold }: ThresholdState, { from, to }: Side, v: number, factor: number): void {
  const e = Math.exp(-v)
  for (let i = from; i < to; i++) {
    const rest = 1 / (1 + e * fade[i])
    threshold.tails[i] = e * fade[i] * rest
    threshold.weights[i] = factor * fade[i] * rest * rest
  }
}

function solve(state: ThresholdState): void {
  const { z, k, h, near, far, threshold } = state
  const { weights } = threshold
  const n = z.length
  const count = countAbove(z, k, h)
  split(state, count)
  const excess = Math.abs(k - count)
  const gap = count > 0 && count < n ? ratio(z[count - 1], z[count], h) : Number.POSITIVE_INFINITY
  // A whole k leaves b between the sides: the unknown is then its distance from the middle.
  const nearAt = excess > 0 ? 0 : gap / 2
  const farAt = excess > 0 ? gap : gap / 2
  const delta = root(state, excess, nearAt, farAt)
  const ahead = excess > 0 ? delta - (gap - delta) : 2 * delta
  write(state, near, nearAt + delta, ahead > 0 ? Math.exp(-ahead) : 1)
  write(state, far, farAt - delta, ahead > 0 ? 1 : Math.exp(ahead))
  let total = 0
  for (let i = 0; i < n; i++) total += weights[i]
  for (let i = 0; i < n; i++) weights[i] /= total
}

/** Everything is allocated here; `solve` is for z sorted descending and 0 < k < n. */
export function thresholdOf(z: Float64Array, k: number, h: number): Threshold & { solve(): void } {
  const line = () => new Float64Array(z.length)
  const threshold: Threshold & { solve(): void } = {
    count: 0,
    tails: line(),
    weights: line(),
    solve: () => solve(state),
  }
  const state: ThresholdState = { z, k, h, fade: line(), near: emptySide(), far: emptySide(), threshold }
  return threshold
}
