/**
 * ApproxMRR: -(sum over relevant i of 1 / r_i) / (number of relevant items), with sigmoid ranks r (shared/approx-metric).
 *
 * Qin, Liu, Li, Information Retrieval 2010; the mean over relevant items is TF-Ranking's. Relevant: label above 0. Lists
 * without one have loss 0.
 */

import { defineMethod } from '../../../core/method.ts'
import { approximationFramework, approxMetricLoss } from '../../kit/approx-metric.ts'
import { approxMetricKernels } from '../kernels.ts'

/** One over the number of relevant items for each of them. */
function shares(labels: Float64Array, targets: Float64Array): () => boolean {
  return () => {
    let relevant = 0
    for (let i = 0; i < labels.length; i++) if (labels[i] > 0) relevant++
    for (let i = 0; i < labels.length; i++) targets[i] = labels[i] > 0 ? 1 / relevant : 0
    return relevant > 0
  }
}

/** ApproxMRR: the negative mean reciprocal of sigmoid ranks. */
export const approxMrr = defineMethod({
  name: 'approx-mrr',
  title: 'ApproxMRR: reciprocal ranks as sums of sigmoids',
  citations: [approximationFramework],
  operators: {
    loss: approxMetricLoss(
      { read: shares, value: (r) => 1 / r, slope: (r) => -1 / (r * r) },
      approxMetricKernels('mrr'),
    ),
  },
})
