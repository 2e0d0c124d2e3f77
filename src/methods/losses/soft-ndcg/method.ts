/**
 * SoftNDCG: -sum_j G_j sum_r D(r) p_j(r), the negative mean of NDCG when scores are normal with deviation sigma,
 *
 *   p_j  distribution of the rank of j (numerics/rank-distribution),   D(r) = 1 / log2(2 + r),   G = w (2^y - 1) / maxDCG
 *
 * with maxDCG that of the weighted gains from the largest down, as Rax weighs NDCG.
 *
 * Taylor, Guiver, Robertson, Minka, "SoftRank: Optimizing Non-Smooth Rank Metrics", WSDM 2008. Lists without a relevant
 * item have loss 0.
 */

import { defineMethod } from '../../../core/method.ts'
import { gainParams, gainScheme } from '../../kit/gain-params.ts'
import { lossVariant } from '../../kit/kernel-variants.ts'
import { lossOperator, type MakeLoss } from '../../kit/loss-plan.ts'
import { createRankDistribution } from '../../numerics/rank-distribution.ts'
import { createRelativeGains, discounts } from '../../numerics/relative-gains.ts'
import { deviation, longestRecursion } from '../../softrank/host.ts'
import { normalAhead } from '../../softrank/reference.ts'

const softNdcgLoss: MakeLoss = ({ scores, labels, weights }, params) => {
  const n = scores.length
  const gains = new Float64Array(n)
  const readGains = createRelativeGains(labels, gains, n, weights, gainScheme(params))
  const discount = discounts(n)
  const ranks = createRankDistribution(n, n, normalAhead(scores, params.sigma as number, 1))
  const pBar = new Float64Array(n)
  let relevant = false
  return {
    value() {
      relevant = readGains()
      if (!relevant) return 0
      let loss = 0
      for (let j = 0; j < n; j++) {
        if (gains[j] === 0) continue
        const p = ranks.of(j)
        for (let r = 0; r < n; r++) loss -= gains[j] * discount[r] * p[r]
      }
      return loss
    },
    gradient(scale, out) {
      out.fill(0)
      if (!relevant) return
      for (let j = 0; j < n; j++) {
        if (gains[j] === 0) continue
        for (let r = 0; r < n; r++) pBar[r] = -scale * gains[j] * discount[r]
        ranks.pull(j, pBar, out)
      }
    },
  }
}

/** SoftRank's SoftNDCG. */
export const softNdcg = defineMethod({
  name: 'soft-ndcg',
  title: 'SoftNDCG: expected NDCG of normally distributed scores (SoftRank)',
  citations: [
    {
      authors: 'Taylor, Guiver, Robertson, Minka',
      title: 'SoftRank: Optimizing Non-Smooth Rank Metrics',
      venue: 'WSDM',
      year: 2008,
      url: 'https://doi.org/10.1145/1341531.1341544',
    },
  ],
  operators: {
    loss: lossOperator(
      {
        params: {
          sigma: { kind: 'number', default: 1, min: 0, meaning: 'standard deviation of the scores' },
          ...gainParams,
        },
        growth: { forward: 'n^3', backward: 'n^3', memory: 'n^2' },
        labels: 'gain',
        promises: { shift: 'stays', softness: { param: 'sigma', units: 1 } },
      },
      softNdcgLoss,
      [
        lossVariant({
          when: { sigma: { above: 0 } },
          longest: longestRecursion,
          forward: 'softNdcg',
          set: { scale: deviation, discounts: { table: 'discounts' } },
          power: 3,
        }),
      ],
    ),
  },
})
