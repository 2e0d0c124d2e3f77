/**
 * Pointwise squared error: sum_i w_i (s_i - y_i)^2.
 *
 * Cossock, Zhang, "Subset Ranking Using Regression", COLT 2006.
 */

import { defineMethod } from '../../../core/method.ts'
import { lossVariant } from '../../kit/kernel-variants.ts'
import { lossOperator } from '../../kit/loss-plan.ts'
import { pointwise, pointwiseLoss } from '../../kit/pointwise.ts'

/** Regression on the labels. */
export const pointwiseMse = defineMethod({
  name: 'pointwise-mse',
  title: 'Pointwise squared error',
  citations: [{ authors: 'Cossock, Zhang', title: 'Subset Ranking Using Regression', venue: 'COLT', year: 2006 }],
  operators: {
    loss: lossOperator(
      { params: {}, ...pointwise, labels: 'any' },
      (list) => pointwiseLoss(list, { value: (s, y) => (s - y) ** 2, slope: (s, y) => 2 * (s - y), bend: () => 2 }),
      [lossVariant({ forward: 'pointwise', set: { loss: 'squaredError', levels: 0 }, checksList: true })],
    ),
  },
})
