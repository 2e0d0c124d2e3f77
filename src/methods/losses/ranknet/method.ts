/**
 * RankNet: sum over pairs with y_i > y_j of log(1 + exp(-sigma (s_i - s_j))).
 *
 * Burges, Shaked, Renshaw, Lazier, Deeds, Hamilton, Hullender, "Learning to Rank using Gradient Descent", ICML 2005.
 * Lists whose labels are all equal have no pair and loss 0. A pair weighs as much as its more relevant item, as in Rax.
 */

import { defineMethod } from '../../../core/method.ts'
import type { ParamSpec } from '../../../core/params.ts'
import { lossOperator } from '../../kit/loss-plan.ts'
import { byFirstItem, pairLoss } from '../../kit/pair-loss.ts'
import { logisticPair } from '../../numerics/logistic-pair.ts'
import { pairwiseKernels } from '../pairwise.ts'

const steepness = {
  kind: 'number',
  default: 1,
  min: 0,
  exclusiveMin: true,
  meaning: 'steepness of the pairwise logistic',
} as const satisfies ParamSpec

/** RankNet. */
export const ranknet = defineMethod({
  name: 'ranknet',
  title: 'RankNet: logistic loss of pairs',
  citations: [
    {
      authors: 'Burges, Shaked, Renshaw, Lazier, Deeds, Hamilton, Hullender',
      title: 'Learning to Rank using Gradient Descent',
      venue: 'ICML',
      year: 2005,
      url: 'https://doi.org/10.1145/1102351.1102363',
    },
  ],
  operators: {
    loss: lossOperator(
      { params: { sigma: steepness }, growth: { forward: 'n^2', backward: 'n^2', memory: 'n' }, labels: 'any' },
      (list, params) => {
        const sigma = params.sigma as number
        return pairLoss(list, logisticPair(sigma), byFirstItem(list))
      },
      [pairwiseKernels({ set: { steepness: { param: 'sigma' } } })],
    ),
  },
})
