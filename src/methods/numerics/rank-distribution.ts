/**
 * How many of the others are ahead of an item, when item i is ahead of item j with probability pi_ij, independently:
 *
 *   p(r) = delta(r = 0);   adding item i:   p(r) <- p(r - 1) pi_ij + p(r) (1 - pi_ij)
 *
 * Taylor, Guiver, Robertson, Minka, "SoftRank: Optimizing Non-Smooth Rank Metrics", WSDM 2008 (the Poisson-binomial
 * distribution). O(n length) an item: counts from `length` on are not followed, as they never come back. 1 - pi_ij is
 * pi_ji, computed as such: sums of products of them keep their digits however small.
 */

/**
 * Probability that i is ahead of j, and its derivative in the value of i; that in the value of j is the opposite. Of i and j
 * one is ahead of the other: probabilities of both sum to 1.
 */
export interface Ahead {
  probability(i: number, j: number): number
  slope(i: number, j: number): number
}

interface RankDistribution {
  /** Probabilities of 0, ..., length - 1 items ahead of j; valid until the next call. */
  of(j: number): Float64Array
  /** Adds to xBar the gradient of sum_r pBar_r p(r) for item j. */
  pull(j: number, pBar: Float64Array, xBar: Float64Array): void
  /** The derivative of the probabilities of j along xDot; valid until the next call. */
  push(j: number, xDot: Float64Array): Float64Array
}

/** @param length counts that are followed, at most n */
export function createRankDistribution(n: number, length: number, ahead: Ahead): RankDistribution {
  /** Row i: the distribution before item i is added; row n: after all. */
  const before = new Float64Array((n + 1) * length)
  const [after, tangent, next] = [new Float64Array(length), new Float64Array(length), new Float64Array(length)]

  const fill = (j: number) => {
    before.fill(0, 0, length)
    if (length > 0) before[0] = 1
    for (let i = 0; i < n; i++) {
      const [p, q] = i === j ? [0, 1] : [ahead.probability(i, j), ahead.probability(j, i)]
      const [from, to] = [i * length, (i + 1) * length]
      for (let r = length - 1; r > 0; r--) before[to + r] = before[from + r - 1] * p + before[from + r] * q
      if (length > 0) before[to] = before[from] * q
    }
  }

  return {
    of(j) {
      fill(j)
      return before.subarray(n * length)
    },
    pull(j, pBar, xBar) {
      fill(j)
      after.set(pBar)
      for (let i = n - 1; i >= 0; i--) {
        if (i === j) continue
        const [p, q, at] = [ahead.probability(i, j), ahead.probability(j, i), i * length]
        let pulled = 0
        // Moving one count up: what lies beyond the last count that is followed has no gradient.
        for (let r = 0; r < length; r++) pulled += before[at + r] * ((r + 1 < length ? after[r + 1] : 0) - after[r])
        const slope = pulled * ahead.slope(i, j)
        xBar[i] += slope
        xBar[j] -= slope
        for (let r = 0; r < length; r++) after[r] = (r + 1 < length ? after[r + 1] * p : 0) + after[r] * q
      }
    },
    push(j, xDot) {
      fill(j)
      tangent.fill(0)
      for (let i = 0; i < n; i++) {
        if (i === j) continue
        const [p, q, at] = [ahead.probability(i, j), ahead.probability(j, i), i * length]
        const pDot = ahead.slope(i, j) * (xDot[i] - xDot[j])
        for (let r = 0; r < length; r++) {
          const [old, moved] = r > 0 ? [before[at + r - 1], tangent[r - 1]] : [0, 0]
          next[r] = moved * p + tangent[r] * q + pDot * (old - before[at + r])
        }
        tangent.set(next)
      }
      return tangent
    },
  }
}
