/**
 * Pairwise logistic: sum over pairs with y_i > y_j of w_i log(1 + exp(-(s_i - s_j))).
 *
 * RankNet with steepness 1 and item weights, as Rax has it: Jagerman, Wang, Zhuang, Qin, Bendersky, Najork, "Rax: Composable
 * Learning-to-Rank Using JAX", KDD 2022. A pair weighs as much as its more relevant item.
 */

import { defineMethod } from '../../../core/method.ts'
import { lossOperator } from '../../kit/loss-plan.ts'
import { byFirstItem, pairLoss } from '../../kit/pair-loss.ts'
import { sigmoid, softplus } from '../../numerics/logistic.ts'
import { pairwiseKernels } from '../pairwise.ts'

/** Pairwise logistic with item weights. */
export const pairwiseLogistic = defineMethod({
  name: 'pairwise-logistic',
  title: 'Pairwise logistic with item weights',
  citations: [
    {
      authors: 'Jagerman, Wang, Zhuang, Qin, Bendersky, Najork',
      title: 'Rax: Composable Learning-to-Rank Using JAX',
      venue: 'KDD',
      year: 2022,
      url: 'https://doi.org/10.1145/3534678.3539065',
    },
  ],
  operators: {
    loss: lossOperator(
      { params: {}, growth: { forward: 'n^2', backward: 'n^2', memory: 'n' }, labels: 'any' },
      (list) =>
        pairLoss(
          list,
          { value: (d) => softplus(-d), slope: (d) => -sigmoid(-d), bend: (d) => sigmoid(d) * sigmoid(-d) },
          byFirstItem(list),
        ),
      [pairwiseKernels({})],
    ),
  },
})
