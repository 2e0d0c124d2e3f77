/**
 * ApproxMRR: -(sum over relevant i of w_i / r_i) / (sum over relevant i of w_i), with sigmoid ranks r (kit/approx-metric). Without
 * weights the divisor is the number of relevant items.
 *
 * Qin, Liu, Li, Information Retrieval 2010; the mean over relevant items is TF-Ranking's. Relevant: label above 0. Lists
 * without one that weighs have loss 0. Ranks are among all items, whatever they weigh.
 */

import { defineMethod } from '../../../core/method.ts'
import { approximationFramework, approxMetricLoss } from '../../kit/approx-metric.ts'
import type { ScoredList } from '../../kit/loss-plan.ts'
import { approxMetricKernels } from '../approx-metric.ts'

/** The share of each relevant item in the weight of all of them; weights are taken relative to the largest. */
function shares({ labels, weights }: ScoredList, targets: Float64Array): () => boolean {
  return () => {
    let heaviest = 0
    for (let i = 0; i < labels.length; i++) if (labels[i] > 0) heaviest = Math.max(heaviest, weights[i])
    if (heaviest === 0) return false
    let relevant = 0
    for (let i = 0; i < labels.length; i++) {
      targets[i] = labels[i] > 0 ? weights[i] / heaviest : 0
      relevant += targets[i]
    }
    for (let i = 0; i < labels.length; i++) targets[i] /= relevant
    return true
  }
}

/** ApproxMRR: the negative mean reciprocal of sigmoid ranks. */
export const approxMrr = defineMethod({
  name: 'approx-mrr',
  title: 'ApproxMRR: reciprocal ranks as sums of sigmoids',
  citations: [approximationFramework],
  operators: {
    loss: approxMetricLoss(
      { read: shares, value: (r) => 1 / r, slope: (r) => -1 / (r * r), bend: (r) => 2 / r ** 3 },
      approxMetricKernels('mrr'),
    ),
  },
})
