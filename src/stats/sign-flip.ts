/**
 * Paired randomisation test of a mean difference of 0, exactly: were two systems the same, each difference could as well have
 * the other sign. p = the share of all sign patterns whose sum is as large. No pattern is drawn at random, so that a p near a
 * level does not depend on a seed.
 *
 * Smucker, Allan, Carterette, "A Comparison of Statistical Significance Tests for Information Retrieval Evaluation", CIKM
 * 2007; the recursion over sums is that of Pagano and Tritchler, "On Obtaining Permutation Distributions in Polynomial Time",
 * JASA 1983.
 */

import { minimum } from '../core/extremes.ts'

/** Up to so many differences all patterns are listed: 2^16 sums. */
const listed = 16
/**
 * Steps of the grid of sums within one standard deviation of them. Each difference is rounded to the grid, which changes the
 * variance of the sum by about one part in a thousand and a p of .05 by less than .0001.
 */
const stepsPerDeviation = 500
/** Sums beyond so many standard deviations are not told apart: their patterns are fewer than 2 exp(-32), or 3e-14 of all (Hoeffding). */
const widest = 8

/** @returns two-sided p; 1 when there is no difference, or none is counted */
export function signFlipTest(differences: ArrayLike<number>): number {
  const sizes = Float64Array.from(differences, Math.abs).filter((size) => size > 0)
  const sum = Array.prototype.reduce.call(differences, (total, each) => (total as number) + each, 0) as number
  if (sizes.length === 0) return 1
  return sizes.length <= listed ? byListing(sizes, Math.abs(sum)) : bySums(sizes, Math.abs(sum))
}

/** Sums that differ by less, relative, are equal but for the order of additions: thousands of terms of f64 round to 1e-13. */
const roundoff = 1e-12

function byListing(sizes: Float64Array, observed: number): number {
  let sums = Float64Array.of(0)
  for (const size of sizes) {
    const next = new Float64Array(2 * sums.length)
    for (let i = 0; i < sums.length; i++) {
      next[2 * i] = sums[i] + size
      next[2 * i + 1] = sums[i] - size
    }
    sums = next
  }
  const reach = observed - roundoff * sizes.reduce((total, size) => total + size, 0)
  return sums.filter((each) => Math.abs(each) >= reach).length / sums.length
}

/** The largest unit of which every size is a whole multiple, up to a rounding error: precisions and ranks have one, NDCG has none. */
function commonUnit(sizes: Float64Array, smallest: number): number | undefined {
  const least = minimum(sizes)
  for (let parts = 1; parts <= 60 && least / parts >= smallest; parts++) {
    const unit = least / parts
    if (sizes.every((size) => Math.abs(size / unit - Math.round(size / unit)) < 1e-6)) return unit
  }
  return undefined
}

function bySums(sizes: Float64Array, observed: number): number {
  const deviation = Math.sqrt(sizes.reduce((total, size) => total + size * size, 0))
  const fine = deviation / stepsPerDeviation
  const unit = commonUnit(sizes, fine / 8)
  const grid = unit ?? fine
  const reach = Math.min(
    Math.ceil((widest * deviation) / grid),
    sizes.reduce((total, size) => total + Math.round(size / grid), 0),
  )
  const probabilities = sumDistribution(
    Array.from(sizes, (size) => Math.round(size / grid)),
    reach,
  )
  return Math.min(1, tails(probabilities, reach, observed / grid, unit !== undefined))
}

/** Probability of each sum from -reach to reach; what leaves that range stays at its end. */
function sumDistribution(steps: readonly number[], reach: number): Float64Array {
  let now = new Float64Array(2 * reach + 1)
  now[reach] = 1
  for (const step of steps) {
    const next = new Float64Array(now.length)
    for (let at = 0; at < now.length; at++) {
      const half = now[at] / 2
      if (half === 0) continue
      next[Math.min(at + step, 2 * reach)] += half
      next[Math.max(at - step, 0)] += half
    }
    now = next
  }
  return now
}

/** Both tails from `observed` on. On a grid that rounds, the cell that holds `observed` counts by the part that lies beyond it. */
function tails(probabilities: Float64Array, reach: number, observed: number, exact: boolean): number {
  const at = exact ? Math.round(observed) : observed
  const first = Math.round(at)
  if (first > reach) return 2 * probabilities[2 * reach]
  let beyond = 0
  for (let k = first + 1; k <= reach; k++) beyond += probabilities[reach + k]
  const share = exact ? 1 : first + 0.5 - at
  const own = probabilities[reach + first] * (first === 0 ? 0.5 : 1)
  return 2 * (beyond + own * (first === 0 && !exact ? Math.min(1, 2 * share) : share))
}
