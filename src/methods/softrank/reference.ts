/**
 * SoftRank: scores are means of normal distributions with standard deviation sigma, and so ranks are random,
 *
 *   pi_ij = P(i ahead of j) = Phi((x_i - x_j) / (sqrt(2) sigma))
 *
 *   matrix  P_rj = P(rank of j is r)      rank  E[rank of j] = 1 + sum over i of pi_ij
 *
 * Taylor, Guiver, Robertson, Minka, "SoftRank: Optimizing Non-Smooth Rank Metrics", WSDM 2008. The distribution is the
 * full one, by the recursion in shared/rank-distribution; its mean is the sum of the pi, exactly. Columns of the matrix
 * sum to 1; rows need not, because ranks of different items are taken as independent.
 */

import type { Params } from '../../core/params.ts'
import type { MakeRow } from '../kit/row-plan.ts'
import { normalCdf, normalDensity } from '../numerics/normal.ts'
import { type Ahead, createRankDistribution } from '../numerics/rank-distribution.ts'

/** `bend` is the derivative of `slope` in the value of i; that in the value of j is the opposite. */
interface BendingAhead extends Ahead {
  bend(i: number, j: number): number
}

/** At sigma 0 the larger is ahead, and tied items are ahead of each other with probability one half. */
export function normalAhead(x: Float64Array, deviation: number, sign: 1 | -1): BendingAhead {
  const scale = Math.SQRT2 * deviation
  const slope = (i: number, j: number) => (deviation === 0 ? 0 : (sign * normalDensity((x[i] - x[j]) / scale)) / scale)
  return {
    probability: (i, j) => (x[i] === x[j] ? 0.5 : normalCdf((sign * (x[i] - x[j])) / scale)),
    slope,
    bend: (i, j) => (deviation === 0 ? 0 : (-(x[i] - x[j]) / scale / scale) * slope(i, j)),
  }
}

/** The item with rank 1 has none ahead: the largest when descending. */
const aheadOf = (x: Float64Array, params: Params): BendingAhead =>
  normalAhead(x, params.sigma as number, params.direction === 'descending' ? 1 : -1)

export const rankRow: MakeRow = ({ x, y, yBar, xBar }, params) => {
  const n = x.length
  const ahead = aheadOf(x, params)
  return {
    forward() {
      y.fill(1)
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) {
          y[j] += ahead.probability(i, j)
          y[i] += ahead.probability(j, i)
        }
      }
    },
    /** d pi_ij = -d pi_ji. */
    backward() {
      xBar.fill(0)
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) {
          const pulled = ahead.slope(i, j) * (yBar[j] - yBar[i])
          xBar[i] += pulled
          xBar[j] -= pulled
        }
      }
    },
    push(xDot, yDot) {
      yDot.fill(0)
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) {
          const moved = ahead.slope(i, j) * (xDot[i] - xDot[j])
          yDot[j] += moved
          yDot[i] -= moved
        }
      }
    },
    /** The slope of pi_ij in x_i - x_j is normal: its own derivative is -z / scale of it. */
    bend(xDot, xBarDot) {
      xBarDot.fill(0)
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) {
          const bent = ahead.bend(i, j) * (xDot[i] - xDot[j]) * (yBar[j] - yBar[i])
          xBarDot[i] += bent
          xBarDot[j] -= bent
        }
      }
    },
  }
}

export const matrixRow: MakeRow = ({ x, y, yBar, xBar }, params) => {
  const n = x.length
  const ranks = createRankDistribution(n, n, aheadOf(x, params))
  const pBar = new Float64Array(n)
  return {
    forward() {
      for (let j = 0; j < n; j++) {
        const p = ranks.of(j)
        for (let r = 0; r < n; r++) y[r * n + j] = p[r]
      }
    },
    backward() {
      xBar.fill(0)
      for (let j = 0; j < n; j++) {
        for (let r = 0; r < n; r++) pBar[r] = yBar[r * n + j]
        ranks.pull(j, pBar, xBar)
      }
    },
    push(xDot, yDot) {
      for (let j = 0; j < n; j++) {
        const p = ranks.push(j, xDot)
        for (let r = 0; r < n; r++) yDot[r * n + j] = p[r]
      }
    },
  }
}
