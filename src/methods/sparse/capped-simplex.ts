/**
 * argmax of <z, mu> - (lambda / p) sum mu_i^p over the mu in [0, 1]^n that sum to k, p = 1 + 1 / e:
 *
 *   mu_i = clip((z_i - theta) / lambda, 0, 1)^e     with theta such that the sum is k
 *
 * For w = (1, ..., 1, 0, ..., 0) the isotonic dual of the projection on the permutahedron of w pools one block only, the
 * items strictly between 0 and 1: pools cannot start where neighbours of w are equal. Both ends of the block are
 * found by bisection over the sorted items, and within it one smooth equation is left.
 */

interface Pooled {
  /** Positions before `start` have 1, from `end` on 0. */
  start: number
  end: number
  /** (z_i - theta) / lambda of the positions in between. */
  readonly base: Float64Array
}

export const emptyPooled = (n: number): Pooled => ({ start: 0, end: 0, base: new Float64Array(n) })

/** (a - b) / lambda; at lambda 0 infinite, and 0 for equal numbers. */
const ratio = (a: number, b: number, lambda: number): number => (a === b ? 0 : (a - b) / lambda)

const raise = (v: number, e: number): number => (e === 3 ? v * v * v : v)

/** The sum of mu at theta = z_j - lambda * offset. */
function massAt(z: Float64Array, j: number, offset: number, lambda: number, e: number): number {
  let mass = 0
  for (let i = 0; i < z.length; i++) {
    const base = ratio(z[i], z[j], lambda) + offset
    if (base <= 0) break
    mass += base < 1 ? raise(base, e) : 1
  }
  return mass
}

/** How many positions, from the first, have mass at z_j - lambda * offset below `k`, or `k` where `andEqual`. */
function countBelow(z: Float64Array, k: number, offset: number, lambda: number, e: number, andEqual: boolean): number {
  let low = 0
  let high = z.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const mass = massAt(z, middle, offset, lambda, e)
    if (mass < k || (andEqual && mass === k)) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * tau = (z_start - theta) / lambda, the root of the sum of (tau - delta_i)^e = mass, delta_i = (z_start - z_i) / lambda in
 * `base`. Convex and increasing in tau: Newton steps from 1 fall monotonically on the root.
 */
function solve({ start, end, base }: Pooled, mass: number, e: number): number {
  let tau = 1
  for (let step = 0; step < 200; step++) {
    let sum = 0
    let slope = 0
    for (let i = start; i < end; i++) {
      const v = Math.max(0, tau - base[i])
      sum += raise(v, e)
      slope += e === 3 ? 3 * v * v : 1
    }
    const next = tau - (sum - mass) / slope
    if (!(next < tau)) break
    tau = next
  }
  return tau
}

/** Solves for sorted (descending) z and 0 < k < n into `pooled`. */
export function pool(z: Float64Array, k: number, lambda: number, e: number, pooled: Pooled): void {
  const { base } = pooled
  const start = countBelow(z, k, 1, lambda, e, true)
  const end = countBelow(z, k, 0, lambda, e, false)
  pooled.start = start
  // Nothing left to share out: whoever would be pooled has 0 but for rounding.
  pooled.end = k > start ? Math.max(start, end) : start
  for (let i = start; i < pooled.end; i++) base[i] = -ratio(z[i], z[start], lambda)
  const tau = pooled.end > start ? solve(pooled, k - start, e) : 0
  for (let i = start; i < pooled.end; i++) base[i] = Math.max(0, tau - base[i])
}

/** mu at a position. */
export function maskAt({ start, end, base }: Pooled, j: number, e: number): number {
  if (j < start) return 1
  return j < end ? raise(base[j], e) : 0
}

/** d mu_j / d((z_j - theta) / lambda) / e at a pooled position; the same numbers weigh the items in d theta. */
export const slopeAt = ({ base }: Pooled, j: number, e: number): number => (e === 3 ? base[j] * base[j] : 1)
