/**
 * Pointwise binary cross entropy: sum_i w_i [log(1 + e^s_i) - t_i s_i] with t = min(1, y / levels), the target that
 * sigma(s) is to meet.
 *
 * Li, Burges, Wu, "McRank: Learning to Rank Using Multiple Classification and Gradient Boosting", NIPS 2007 have the
 * pointwise view; labels above `levels` count as `levels`.
 */

import { defineMethod } from '../../../core/method.ts'
import { lossVariant } from '../../kit/kernel-variants.ts'
import { lossOperator } from '../../kit/loss-plan.ts'
import { pointwise, pointwiseLoss } from '../../kit/pointwise.ts'
import { sigmoid, softplus } from '../../numerics/logistic.ts'

/** Binary cross entropy of every item. */
export const pointwiseBce = defineMethod({
  name: 'pointwise-bce',
  title: 'Pointwise binary cross entropy',
  citations: [
    {
      authors: 'Li, Burges, Wu',
      title: 'McRank: Learning to Rank Using Multiple Classification and Gradient Boosting',
      venue: 'NIPS',
      year: 2007,
    },
  ],
  operators: {
    loss: lossOperator(
      {
        params: {
          levels: { kind: 'number', default: 1, min: 0, exclusiveMin: true, meaning: 'label that counts as 1' },
        },
        ...pointwise,
        labels: 'gain',
      },
      (list, params) => {
        const target = (y: number) => Math.min(1, y / (params.levels as number))
        return pointwiseLoss(list, {
          // For large s both terms are of its size: written so that a target of 1 leaves the small tail.
          value: (s, y) => (s > 0 ? softplus(-s) + (1 - target(y)) * s : softplus(s) - target(y) * s),
          slope: (s, y) => sigmoid(s) - target(y),
          bend: (s) => sigmoid(s) * sigmoid(-s),
        })
      },
      [lossVariant({ forward: 'pointwise', set: { loss: 'binary', levels: { param: 'levels' } }, checksList: true })],
    ),
  },
})
