/**
 * LambdaRank: sum over pairs with y_i > y_j of |dNDCG_ij| log(1 + exp(-sigma (s_i - s_j))),
 *
 *   |dNDCG_ij| = |G_i - G_j| |D(pi_i) - D(pi_j)|,   G = (2^y - 1) / maxDCG,   D(r) = 1 / log2(1 + r)
 *
 * pi are the current ranks by descending score, ties in file order; the weights are constants of the gradient, as they
 * are almost everywhere. With k above 0 NDCG is that of the first k ranks: D is 0 beyond. Natural logarithm. Lists without a
 * relevant item have loss 0. A pair weighs w_i |dNDCG_ij| with the weight of its more relevant item i, as TF-Ranking weighs pairs;
 * weights do not enter the gains.
 *
 * Burges, Ragno, Le, "Learning to Rank with Nonsmooth Cost Functions", NIPS 2006; weights as in Burges, "From RankNet
 * to LambdaRank to LambdaMART: An Overview", MSR-TR-2010-82.
 */

import { defineMethod } from '../../../core/method.ts'
import type { ParamSpec } from '../../../core/params.ts'
import { cutoff, ranksThatCount } from '../../kit/cutoff.ts'
import { gainParams, gainScheme } from '../../kit/gain-params.ts'
import { lossOperator, type MakeLoss } from '../../kit/loss-plan.ts'
import { pairLoss, preparedLoss } from '../../kit/pair-loss.ts'
import { argsort, argsortWork } from '../../numerics/argsort.ts'
import { logisticPair } from '../../numerics/logistic-pair.ts'
import { createRelativeGains, discounts } from '../../numerics/relative-gains.ts'
import { pairwiseKernels } from '../pairwise.ts'

const steepness = {
  kind: 'number',
  default: 1,
  min: 0,
  exclusiveMin: true,
  meaning: 'steepness of the pairwise logistic',
} as const satisfies ParamSpec

const lambdaRank: MakeLoss = (list, params) => {
  const { scores, labels, weights } = list
  const n = scores.length
  const gains = new Float64Array(n)
  const counted = ranksThatCount(params.k as number, n)
  const readGains = createRelativeGains(labels, gains, counted, undefined, gainScheme(params))
  const byRank = discounts(n)
  const order = new Uint32Array(n)
  const work = argsortWork(n)
  /** D(pi_i) of every item. */
  const discount = new Float64Array(n)
  const prepare = () => {
    if (!readGains()) return false
    argsort(scores, order, true, work)
    for (let k = 0; k < n; k++) discount[order[k]] = k < counted ? byRank[k] : 0
    return true
  }
  const weight = (i: number, j: number) => weights[i] * Math.abs((gains[i] - gains[j]) * (discount[i] - discount[j]))
  return preparedLoss(prepare, pairLoss(list, logisticPair(params.sigma as number), weight))
}

/** LambdaRank with weights of NDCG, or NDCG@k: pairs beyond rank k weigh nothing. */
export const lambdarank = defineMethod({
  name: 'lambdarank',
  title: 'LambdaRank: logistic loss of pairs weighted by |dNDCG|',
  citations: [
    {
      authors: 'Burges, Ragno, Le',
      title: 'Learning to Rank with Nonsmooth Cost Functions',
      venue: 'NIPS',
      year: 2006,
    },
  ],
  operators: {
    loss: lossOperator(
      {
        params: { sigma: steepness, k: cutoff, ...gainParams },
        growth: { forward: 'n^2', backward: 'n^2', memory: 'n' },
        labels: 'gain',
      },
      lambdaRank,
      [pairwiseKernels({ set: { scheme: 'lambdaRank', steepness: { param: 'sigma' }, cutoff: { param: 'k' } } })],
    ),
  },
})
