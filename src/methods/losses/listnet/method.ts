/**
 * ListNet (top one): -sum_i softmax(y)_i log softmax(s)_i; gradient softmax(s) - softmax(y).
 *
 * Cao, Qin, Liu, Tsai, Li, "Learning to Rank: From Pairwise Approach to Listwise Approach", ICML 2007.
 * Labels enter the softmax as they are, neither as gains nor normalised. Lists of 0 or 1 items have loss 0. With item weights:
 * -sum_i w_i softmax(y)_i log softmax(s)_i, as Rax weighs the targets of its softmax loss; all items stay in both softmaxes.
 */

import { defineMethod } from '../../../core/method.ts'
import { lossVariant } from '../../kit/kernel-variants.ts'
import { lossOperator, type MakeLoss } from '../../kit/loss-plan.ts'

/** log softmax(x) into out, and softmax(x) into p. */
function logSoftmax(x: Float64Array, out: Float64Array, p: Float64Array): void {
  let max = Number.NEGATIVE_INFINITY
  for (let i = 0; i < x.length; i++) if (x[i] > max) max = x[i]
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += Math.exp(x[i] - max)
  const logSum = Math.log(sum)
  for (let i = 0; i < x.length; i++) {
    out[i] = x[i] - max - logSum
    p[i] = Math.exp(out[i])
  }
}

const listNet: MakeLoss = ({ scores, labels, weights }) => {
  const n = scores.length
  const [logP, p] = [new Float64Array(n), new Float64Array(n)]
  const [logTarget, target] = [new Float64Array(n), new Float64Array(n)]
  let total = 0
  return {
    value() {
      logSoftmax(scores, logP, p)
      logSoftmax(labels, logTarget, target)
      let loss = 0
      total = 0
      for (let i = 0; i < n; i++) {
        target[i] *= weights[i]
        total += target[i]
        loss -= target[i] * logP[i]
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

/** ListNet, top-one form. */
export const listnet = defineMethod({
  name: 'listnet',
  title: 'ListNet: cross entropy of top-one probabilities',
  citations: [
    {
      authors: 'Cao, Qin, Liu, Tsai, Li',
      title: 'Learning to Rank: From Pairwise Approach to Listwise Approach',
      venue: 'ICML',
      year: 2007,
      url: 'https://doi.org/10.1145/1273496.1273513',
    },
  ],
  operators: {
    loss: lossOperator({ params: {}, growth: { forward: 'n', backward: 'n', memory: 'n' }, labels: 'any' }, listNet, [
      lossVariant({ forward: 'listwise', set: { loss: 'listNet' }, checksList: true }),
    ]),
  },
})
