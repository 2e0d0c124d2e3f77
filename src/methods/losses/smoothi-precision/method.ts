/**
 * SmoothI precision: -(1 / k) sum over r <= k of sum_j w_j [y_j > 0] I^r_j, with SmoothI rank indicators I; k = 0 takes the
 * length of the list.
 *
 * Thonet, Cinar, Gaussier, Li, Renders, AAAI 2022. Lists without a relevant item have loss 0.
 */

import { defineMethod } from '../../../core/method.ts'
import type { ScoredList } from '../../kit/loss-plan.ts'
import { smoothiLossKernels } from '../../smoothi/host.ts'
import { smoothiCitation, smoothiLoss } from '../../smoothi/loss.ts'

function relevance({ labels, weights }: ScoredList, targets: Float64Array): () => boolean {
  return () => {
    let any = false
    for (let i = 0; i < labels.length; i++) {
      targets[i] = labels[i] > 0 ? weights[i] : 0
      any ||= targets[i] > 0
    }
    return any
  }
}

/** Precision at k with smooth rank indicators. */
export const smoothiPrecision = defineMethod({
  name: 'smoothi-precision',
  title: 'SmoothI: precision with smooth rank indicators',
  citations: [smoothiCitation],
  operators: { loss: smoothiLoss({ read: relevance, weight: (_, k) => 1 / k }, smoothiLossKernels('precision')) },
})
