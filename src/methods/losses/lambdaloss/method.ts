/**
 * LambdaLoss: sum over pairs of w_ij log2(1 + exp(-sigma (s_i - s_j))) with weights from the current ranks pi,
 *
 *   ndcg1    all pairs            w_ij = G_i D(pi_i)
 *   ndcg2    pairs y_i > y_j      w_ij = delta_ij |G_i - G_j|,   delta_ij = |D(|pi_i - pi_j|) - D(|pi_i - pi_j| + 1)|
 *   ndcg2pp  pairs y_i > y_j      w_ij = (rho_ij + mu delta_ij) |G_i - G_j|,   rho_ij = |D(pi_i) - D(pi_j)|
 *
 * G = (2^y - 1) / maxDCG, D(r) = 1 / log2(1 + r); the weights are constants of the gradient, as they are almost
 * everywhere. All pairs include an item with itself, which adds a constant. Lists without a relevant item have loss 0. With item
 * weights a pair counts w_i times, i its first item above: the more relevant one, or that of the gain; weights do not enter the
 * gains.
 *
 * Wang, Li, Golbandi, Bendersky, Najork, "The LambdaLoss Framework for Ranking Metric Optimization", CIKM 2018.
 */

import { defineMethod } from '../../../core/method.ts'
import { gainParams, gainScheme } from '../../kit/gain-params.ts'
import { lossOperator, type MakeLoss } from '../../kit/loss-plan.ts'
import { pairLoss, preparedLoss } from '../../kit/pair-loss.ts'
import { argsort, argsortWork } from '../../numerics/argsort.ts'
import { logisticPair } from '../../numerics/logistic-pair.ts'
import { createRelativeGains } from '../../numerics/relative-gains.ts'
import { pairwiseKernels } from '../pairwise.ts'

const discount = (rank: number): number => 1 / Math.log2(1 + rank)

const lambdaLoss: MakeLoss = (list, params) => {
  const { scores, labels, weights } = list
  const n = scores.length
  const [mu, scheme] = [params.mu as number, params.scheme]
  const gains = new Float64Array(n)
  const readGains = createRelativeGains(labels, gains, n, undefined, gainScheme(params))
  const [order, ranks, work] = [new Uint32Array(n), new Float64Array(n), argsortWork(n)]
  /** delta of a rank difference, D of a rank. */
  const delta = Float64Array.from({ length: n }, (_, d) => (d === 0 ? 0 : discount(d) - discount(d + 1)))
  const byRank = Float64Array.from({ length: n + 1 }, (_, r) => (r === 0 ? 0 : discount(r)))
  const prepare = () => {
    if (!readGains()) return false
    argsort(scores, order, true, work)
    for (let k = 0; k < n; k++) ranks[order[k]] = k + 1
    return true
  }
  /** In units of log2. */
  const weight = (i: number, j: number): number => {
    if (scheme === 'ndcg1') return (weights[i] * gains[i] * byRank[ranks[i]]) / Math.LN2
    const apart = delta[Math.abs(ranks[i] - ranks[j])]
    const both = scheme === 'ndcg2' ? apart : Math.abs(byRank[ranks[i]] - byRank[ranks[j]]) + mu * apart
    return (weights[i] * both * Math.abs(gains[i] - gains[j])) / Math.LN2
  }
  const all = scheme === 'ndcg1' ? () => true : undefined
  return preparedLoss(prepare, pairLoss(list, logisticPair(params.sigma as number), weight, all))
}

/** LambdaLoss with the weights of NDCGLoss1, NDCGLoss2 or NDCGLoss2++. */
export const lambdaloss = defineMethod({
  name: 'lambdaloss',
  title: 'LambdaLoss: bounds of NDCG',
  citations: [
    {
      authors: 'Wang, Li, Golbandi, Bendersky, Najork',
      title: 'The LambdaLoss Framework for Ranking Metric Optimization',
      venue: 'CIKM',
      year: 2018,
      url: 'https://doi.org/10.1145/3269206.3271784',
    },
  ],
  operators: {
    loss: lossOperator(
      {
        params: {
          scheme: {
            kind: 'choice',
            aliases: ['weights'],
            default: 'ndcg2',
            choices: ['ndcg1', 'ndcg2', 'ndcg2pp'],
            meaning: 'NDCGLoss1, NDCGLoss2 or NDCGLoss2++',
          },
          mu: { kind: 'number', default: 10, min: 0, tried: [10, 3], meaning: 'weight of delta in ndcg2pp' },
          sigma: {
            kind: 'number',
            default: 1,
            min: 0,
            exclusiveMin: true,
            meaning: 'steepness of the pairwise logistic',
          },
          ...gainParams,
        },
        growth: { forward: 'n^2', backward: 'n^2', memory: 'n' },
        labels: 'gain',
      },
      lambdaLoss,
      [
        pairwiseKernels({
          set: {
            scheme: { param: 'scheme', choices: { ndcg1: 'ndcg1', ndcg2: 'ndcg2', ndcg2pp: 'ndcg2pp' } },
            steepness: { param: 'sigma' },
            mu: { param: 'mu' },
          },
        }),
      ],
    ),
  },
})
