/**
 * ApproxNDCG: -sum_i G_i / log2(1 + r_i),   G = (2^y - 1) / maxDCG,
 *
 *   r_i = 1 + sum over j != i of sigma(-alpha (s_i - s_j)),   the soft descending rank of item i
 *
 * Qin, Liu, Li, "A general approximation framework for direct optimization of information retrieval measures",
 * Information Retrieval 2010; Bruch, Zoghi, Bendersky, Najork, "Revisiting Approximate Metric
 * Optimization in the Age of Deep Neural Networks", SIGIR 2019. Lists without a relevant item have loss 0.
 */

import { defineMethod } from '../../core/method.ts'
import type { ParamSpec } from '../../core/params.ts'
import { lossOperator, type MakeLoss } from '../shared/loss-plan.ts'
import { createRelativeGains } from '../shared/relative-gains.ts'
import { pullSigmoidRanks, sigmoidRanks } from '../shared/sigmoid-ranks.ts'

const steepness = {
  kind: 'number',
  default: 1,
  min: 0,
  exclusiveMin: true,
  meaning: 'steepness of the pairwise sigmoids; larger is closer to NDCG',
} as const satisfies ParamSpec

const descending = -1

const approxNdcg: MakeLoss = ({ scores, labels }, params) => {
  const n = scores.length
  const strength = 1 / (params.alpha as number)
  const [gains, ranks, ranksBar] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  const readGains = createRelativeGains(labels, gains)
  let relevant = false
  return {
    value() {
      relevant = readGains()
      if (!relevant) return 0
      sigmoidRanks(scores, strength, descending, ranks)
      let loss = 0
      for (let i = 0; i < n; i++) loss -= gains[i] / Math.log2(1 + ranks[i])
      return loss
    },
    /** d/dr of -G / log2(1 + r) is G / (log2(1 + r)^2 (1 + r) ln 2). */
    gradient(scale, out) {
      if (!relevant) return void out.fill(0)
      for (let i = 0; i < n; i++) {
        ranksBar[i] = (scale * gains[i]) / (Math.log2(1 + ranks[i]) ** 2 * (1 + ranks[i]) * Math.LN2)
      }
      pullSigmoidRanks(scores, strength, descending, ranksBar, out)
    },
  }
}

/** ApproxNDCG: the negative of NDCG with sigmoid ranks. */
export const approxNdcgLoss = defineMethod({
  name: 'approx-ndcg',
  title: 'ApproxNDCG: NDCG with ranks as sums of sigmoids',
  citations: [
    {
      authors: 'Qin, Liu, Li',
      title: 'A general approximation framework for direct optimization of information retrieval measures',
      venue: 'Information Retrieval 13(4)',
      year: 2010,
      url: 'https://doi.org/10.1007/s10791-009-9124-x',
    },
    {
      authors: 'Bruch, Zoghi, Bendersky, Najork',
      title: 'Revisiting Approximate Metric Optimization in the Age of Deep Neural Networks',
      venue: 'SIGIR',
      year: 2019,
      url: 'https://doi.org/10.1145/3331184.3331347',
    },
  ],
  operators: {
    loss: lossOperator(
      {
        params: { alpha: steepness },
        growth: { forward: 'n^2', backward: 'n^2', memory: 'n' },
        labels: 'gain',
        promises: { shift: 'stays', softness: { param: 'alpha', inverse: true, units: -1 } },
      },
      approxNdcg,
    ),
  },
})
