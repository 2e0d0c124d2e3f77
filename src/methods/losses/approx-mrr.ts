/**
 * ApproxMRR: -(sum over relevant i of 1 / r_i) / (number of relevant items), with the sigmoid ranks of ApproxNDCG,
 *
 *   r_i = 1 + sum over j != i of sigma(-alpha (s_i - s_j))
 *
 * Qin, Liu, Li, "A general approximation framework for direct optimization of information retrieval measures",
 * Information Retrieval 2010; the mean over relevant items is TF-Ranking's. Relevant: label above 0. Lists without one
 * have loss 0.
 */

import { defineMethod } from '../../core/method.ts'
import { lossOperator, type MakeLoss } from '../shared/loss-plan.ts'
import { pullSigmoidRanks, sigmoidRanks } from '../shared/sigmoid-ranks.ts'

const descending = -1

const approxMrrLoss: MakeLoss = ({ scores, labels }, params) => {
  const n = scores.length
  const strength = 1 / (params.alpha as number)
  const [ranks, ranksBar] = [new Float64Array(n), new Float64Array(n)]
  let relevant = 0
  return {
    value() {
      relevant = 0
      for (let i = 0; i < n; i++) if (labels[i] > 0) relevant++
      if (relevant === 0) return 0
      sigmoidRanks(scores, strength, descending, ranks)
      let sum = 0
      for (let i = 0; i < n; i++) if (labels[i] > 0) sum += 1 / ranks[i]
      return -sum / relevant
    },
    gradient(scale, out) {
      if (relevant === 0) return void out.fill(0)
      for (let i = 0; i < n; i++) ranksBar[i] = labels[i] > 0 ? scale / (relevant * ranks[i] * ranks[i]) : 0
      pullSigmoidRanks(scores, strength, descending, ranksBar, out)
    },
  }
}

/** ApproxMRR: the negative mean reciprocal of sigmoid ranks. */
export const approxMrr = defineMethod({
  name: 'approx-mrr',
  title: 'ApproxMRR: reciprocal ranks as sums of sigmoids',
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
    loss: lossOperator(
      {
        params: {
          alpha: {
            kind: 'number',
            default: 1,
            min: 0,
            exclusiveMin: true,
            meaning: 'steepness of the pairwise sigmoids; larger is closer to MRR',
          },
        },
        growth: { forward: 'n^2', backward: 'n^2', memory: 'n' },
        labels: 'gain',
        promises: { shift: 'stays', softness: { param: 'alpha', inverse: true, units: -1 } },
      },
      approxMrrLoss,
    ),
  },
})
