/**
 * Softmax cross entropy: -sum_i w_i y_i log softmax(s)_i; gradient (sum w y) softmax(s) - w y.
 *
 * Labels count as they are, where ListNet takes their softmax: Bruch, Wang, Bendersky, Najork, "An Analysis of the Softmax
 * Cross Entropy Loss for Learning-to-Rank with Binary Relevance", ICTIR 2019; the softmax loss of Rax. Lists without a
 * relevant item have loss 0. Weights multiply the targets, as in Rax; an item of weight 0 still stands in the softmax.
 */

import { defineMethod } from '../../../core/method.ts'
import { lossVariant } from '../../kit/kernel-variants.ts'
import { lossOperator, type MakeLoss } from '../../kit/loss-plan.ts'

const softmaxLoss: MakeLoss = ({ scores, labels, weights }) => {
  const n = scores.length
  const [p, target] = [new Float64Array(n), new Float64Array(n)]
  let total = 0
  return {
    value() {
      let max = Number.NEGATIVE_INFINITY
      for (let i = 0; i < n; i++) if (scores[i] > max) max = scores[i]
      let sum = 0
      for (let i = 0; i < n; i++) {
        p[i] = Math.exp(scores[i] - max)
        sum += p[i]
      }
      const logSum = Math.log(sum)
      let loss = 0
      total = 0
      for (let i = 0; i < n; i++) {
        p[i] /= sum
        target[i] = weights[i] * labels[i]
        total += target[i]
        // A product with 0 is left out: 0 times an infinite distance is no number.
        if (target[i] > 0) loss -= target[i] * (scores[i] - max - logSum)
      }
      return loss
    },
    gradient(scale, out) {
      for (let i = 0; i < n; i++) out[i] = scale * (total * p[i] - target[i])
    },
    /** The Hessian of the log-sum-exp, times the sum of the targets. */
    bend(scale, direction, out) {
      let mean = 0
      for (let i = 0; i < n; i++) mean += p[i] * direction[i]
      for (let i = 0; i < n; i++) out[i] = scale * total * p[i] * (direction[i] - mean)
    },
    diagonal(scale, out) {
      for (let i = 0; i < n; i++) out[i] = scale * total * p[i] * (1 - p[i])
    },
  }
}

/** Softmax cross entropy with labels as they are. */
export const softmax = defineMethod({
  name: 'softmax',
  title: 'Softmax cross entropy',
  citations: [
    {
      authors: 'Bruch, Wang, Bendersky, Najork',
      title: 'An Analysis of the Softmax Cross Entropy Loss for Learning-to-Rank with Binary Relevance',
      venue: 'ICTIR',
      year: 2019,
      url: 'https://doi.org/10.1145/3341981.3344221',
    },
  ],
  operators: {
    loss: lossOperator(
      { params: {}, growth: { forward: 'n', backward: 'n', memory: 'n' }, labels: 'gain' },
      softmaxLoss,
      [lossVariant({ forward: 'listwise', set: { loss: 'softmax' }, checksList: true })],
    ),
  },
})
