/**
 * Pairwise hinge: sum over pairs with y_i > y_j of w_i max(0, margin - (s_i - s_j)).
 *
 * The loss of RankSVM without its regularisation: Joachims, "Optimizing Search Engines using Clickthrough Data", KDD
 * 2002. A pair weighs as much as its more relevant item.
 */

import { defineMethod } from '../../../core/method.ts'
import { lossOperator } from '../../kit/loss-plan.ts'
import { byFirstItem, pairLoss } from '../../kit/pair-loss.ts'
import { pairwiseKernels } from '../pairwise.ts'

/** Pairwise hinge. At the kink the pair counts as separated. */
export const pairwiseHinge = defineMethod({
  name: 'pairwise-hinge',
  title: 'Pairwise hinge (RankSVM)',
  citations: [
    {
      authors: 'Joachims',
      title: 'Optimizing Search Engines using Clickthrough Data',
      venue: 'KDD',
      year: 2002,
      url: 'https://doi.org/10.1145/775047.775067',
    },
  ],
  operators: {
    loss: lossOperator(
      {
        params: {
          margin: { kind: 'number', default: 1, min: 0, meaning: 'score difference from which a pair costs nothing' },
        },
        growth: { forward: 'n^2', backward: 'n^2', memory: 'n' },
        labels: 'any',
      },
      (list, params) => {
        const margin = params.margin as number
        return pairLoss(
          list,
          { value: (d) => Math.max(0, margin - d), slope: (d) => (d < margin ? -1 : 0), bend: () => 0 },
          byFirstItem(list),
        )
      },
      [pairwiseKernels({ set: { phi: 'hinge', steepness: { param: 'margin' } } })],
    ),
  },
})
