/**
 * ApproxNDCG: -sum_i G_i / log2(1 + r_i),   G = w (2^y - 1) / maxDCG, with sigmoid ranks r (kit/approx-metric). maxDCG is that of
 * the weighted gains from the largest down, as in Rax.
 *
 * Qin, Liu, Li, Information Retrieval 2010; Bruch, Zoghi, Bendersky, Najork, "Revisiting Approximate Metric Optimization in
 * the Age of Deep Neural Networks", SIGIR 2019. Lists without a relevant item have loss 0.
 */

import { defineMethod } from '../../../core/method.ts'
import { approximationFramework, approxMetricLoss } from '../../kit/approx-metric.ts'
import { gainParams, gainScheme } from '../../kit/gain-params.ts'
import { createRelativeGains } from '../../numerics/relative-gains.ts'
import { approxMetricKernels } from '../approx-metric.ts'

/** ApproxNDCG: the negative of NDCG with sigmoid ranks. */
export const approxNdcgLoss = defineMethod({
  name: 'approx-ndcg',
  title: 'ApproxNDCG: NDCG with ranks as sums of sigmoids',
  citations: [
    approximationFramework,
    {
      authors: 'Bruch, Zoghi, Bendersky, Najork',
      title: 'Revisiting Approximate Metric Optimization in the Age of Deep Neural Networks',
      venue: 'SIGIR',
      year: 2019,
      url: 'https://doi.org/10.1145/3331184.3331347',
    },
  ],
  operators: {
    loss: approxMetricLoss(
      {
        params: gainParams,
        read: ({ labels, weights }, targets, params) =>
          createRelativeGains(labels, targets, labels.length, weights, gainScheme(params)),
        value: (r) => 1 / Math.log2(1 + r),
        slope: (r) => -1 / (Math.log2(1 + r) ** 2 * (1 + r) * Math.LN2),
        bend: (r) => (Math.LN2 * (Math.log1p(r) + 2)) / (Math.log1p(r) ** 3 * (1 + r) ** 2),
      },
      approxMetricKernels('ndcg'),
    ),
  },
})
