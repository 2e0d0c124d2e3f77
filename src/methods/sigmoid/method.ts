/**
 * Soft ranks and masks by pairwise sigmoids: item i is ahead of item j with "probability" sigma((x_i - x_j) / strength).
 *
 *   rank  r_i = 1 + sum over j != i of sigma((x_i - x_j) / strength), ascending
 *   topk  the probability that fewer than k items are ahead, were the pairs independent
 *
 * Qin, Liu, Li, "A general approximation framework for direct optimization of information retrieval measures",
 * Information Retrieval 2010 (ranks, with alpha = 1 / strength and descending). The mask follows SoftRank (Taylor et al.,
 * WSDM 2008) with logistic in place of normal steps; it need not sum to k.
 */

import { defineMethod } from '../../core/method.ts'
import { direction, strength, strengthSoftness, topkCount } from '../kit/declared-params.ts'
import { withKernels } from '../kit/fast-plan.ts'
import { itemOperator, type MakeRow } from '../kit/row-plan.ts'
import { sigmoid as logistic } from '../numerics/logistic.ts'
import { type Ahead, createRankDistribution } from '../numerics/rank-distribution.ts'
import { bendSigmoidRanks, pullSigmoidRanks, pushSigmoidRanks, sigmoidRanks } from '../numerics/sigmoid-ranks.ts'
import { logisticTopkKernels } from '../softrank/host.ts'
import { algorithm, sigmoidRankKernels } from './host.ts'

const rankRow: MakeRow = ({ x, y, yBar, xBar }, params) => {
  const softness = params.strength as number
  const sign = params.direction === 'ascending' ? 1 : -1
  return {
    forward: () => sigmoidRanks(x, softness, sign, y),
    backward: () => pullSigmoidRanks(x, softness, sign, yBar, xBar),
    push: (xDot, yDot) => pushSigmoidRanks(x, softness, sign, xDot, yDot),
    bend: (xDot, xBarDot) => bendSigmoidRanks(x, softness, sign, yBar, xDot, xBarDot),
  }
}

/** At strength 0 the larger is ahead, and tied items are ahead of each other with probability one half. */
function logisticAhead(x: Float64Array, softness: number, sign: 1 | -1): Ahead {
  return {
    probability: (i, j) => (x[i] === x[j] ? 0.5 : logistic((sign * (x[i] - x[j])) / softness)),
    slope(i, j) {
      if (softness === 0) return 0
      const v = (x[i] - x[j]) / softness
      return (sign * logistic(v) * logistic(-v)) / softness
    },
  }
}

const topkRow: MakeRow = ({ x, y, yBar, xBar }, params) => {
  const n = x.length
  const k = Math.min(n, params.k as number)
  const length = Math.ceil(k)
  const ahead = logisticAhead(x, params.strength as number, params.direction === 'descending' ? 1 : -1)
  const ranks = createRankDistribution(n, length, ahead)
  /** Position r counts whole, the last one in part when k is no whole number. */
  const share = Float64Array.from({ length }, (_, r) => Math.min(1, k - r))
  const pBar = new Float64Array(length)
  const selected = (p: Float64Array): number => {
    let sum = 0
    for (let r = 0; r < length; r++) sum += share[r] * p[r]
    return sum
  }
  const all = k >= n
  return {
    forward() {
      for (let j = 0; j < n; j++) y[j] = all ? 1 : selected(ranks.of(j))
    },
    backward() {
      xBar.fill(0)
      if (all) return
      for (let j = 0; j < n; j++) {
        for (let r = 0; r < length; r++) pBar[r] = share[r] * yBar[j]
        ranks.pull(j, pBar, xBar)
      }
    },
    push(xDot, yDot) {
      for (let j = 0; j < n; j++) yDot[j] = all ? 0 : selected(ranks.push(j, xDot))
    },
  }
}

const promises = { softness: strengthSoftness, hardLimit: true, ordered: true, monotone: true, shift: 'stays' } as const

/** Pairwise sigmoid ranks. At strength 0 tied items share their mean rank, and the gradient is 0. */
export const sigmoid = defineMethod({
  name: 'sigmoid',
  title: 'Ranks and masks by pairwise sigmoids',
  citations: [
    {
      authors: 'Qin, Liu, Li',
      title: 'A general approximation framework for direct optimization of information retrieval measures',
      venue: 'Information Retrieval 13(4)',
      year: 2010,
      url: 'https://doi.org/10.1007/s10791-009-9124-x',
    },
  ],
  operators: {
    rank: withKernels(
      itemOperator(
        {
          params: { strength, direction: direction('ascending'), algorithm },
          growth: { forward: 'n^2', backward: 'n^2', memory: 'n' },
          gradient: 'exact',
          promises: { ...promises, sum: 'ranks' },
        },
        rankRow,
      ),
      sigmoidRankKernels,
    ),
    topk: withKernels(
      itemOperator(
        {
          params: { k: topkCount, strength, direction: direction('descending') },
          // Times k; the declared memory is that of one item's recursion.
          growth: { forward: 'n^3', backward: 'n^3', memory: 'n^2' },
          gradient: 'exact',
          promises,
        },
        topkRow,
      ),
      logisticTopkKernels,
    ),
  },
})
