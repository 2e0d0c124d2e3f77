/**
 * SmoothI NDCG: -(1 / maxDCG_k) sum over r <= k of D(r) sum_j w_j (2^y_j - 1) I^r_j, with SmoothI rank indicators I and maxDCG_k that
 * of the weighted gains from the largest down, as Rax weighs NDCG.
 *
 * Thonet, Cinar, Gaussier, Li, Renders, AAAI 2022. The gain is the paper's 2^y - 1; the released code uses 2^y, which
 * rewards items without relevance. Lists without a relevant item have loss 0.
 */

import { defineMethod } from '../../../core/method.ts'
import { gainParams, gainScheme } from '../../kit/gain-params.ts'
import { createRelativeGains } from '../../numerics/relative-gains.ts'
import { smoothiLossKernels } from '../../smoothi/host.ts'
import { smoothiCitation, smoothiLoss } from '../../smoothi/loss.ts'

/** NDCG with smooth rank indicators. */
export const smoothiNdcg = defineMethod({
  name: 'smoothi-ndcg',
  title: 'SmoothI: NDCG with smooth rank indicators',
  citations: [smoothiCitation],
  operators: {
    loss: smoothiLoss(
      {
        params: gainParams,
        read: ({ labels, weights }, targets, k, params) =>
          createRelativeGains(labels, targets, k, weights, gainScheme(params)),
        weight: (r) => 1 / Math.log2(1 + r),
      },
      smoothiLossKernels('ndcg'),
    ),
  },
})
