/**
 * ListMLE: sum_i [LSE(s_pi(i), ..., s_pi(n)) - s_pi(i)], pi the order of decreasing labels; equal labels keep file order.
 *
 * Xia, Liu, Wang, Zhang, Li, "Listwise Approach to Learning to Rank: Theory and Algorithm", ICML 2008.
 * The negative Plackett-Luce log-likelihood of the label order. Lists of 0 or 1 items have loss 0.
 */

import { defineMethod } from '../../core/method.ts'
import { argsort, argsortWork } from '../shared/argsort.ts'
import { logAddExp } from '../shared/logistic.ts'
import { lossOperator, type MakeLoss } from '../shared/loss-plan.ts'

const listMle: MakeLoss = ({ scores, labels }) => {
  const n = scores.length
  const order = new Uint32Array(n)
  const work = argsortWork(n)
  /** tail[i] = LSE(s_pi(i), ..., s_pi(n)), decreasing in i. */
  const tail = new Float64Array(n)
  return {
    value() {
      argsort(labels, order, true, work)
      let loss = 0
      for (let i = n - 1; i >= 0; i--) {
        const score = scores[order[i]]
        tail[i] = i === n - 1 ? score : logAddExp(tail[i + 1], score)
        loss += tail[i] - score
      }
      return loss
    },
    /** d/ds_pi(k) = sum over i <= k of exp(s_pi(k) - tail_i), minus 1; the sum is carried relative to tail_k. */
    gradient(scale, out) {
      let sum = 0
      for (let k = 0; k < n; k++) {
        sum = k === 0 ? 1 : sum * Math.exp(tail[k] - tail[k - 1]) + 1
        out[order[k]] = scale * (Math.exp(scores[order[k]] - tail[k]) * sum - 1)
      }
    },
  }
}

/** ListMLE; ties of labels in file order. */
export const listmle = defineMethod({
  name: 'listmle',
  title: 'ListMLE: Plackett-Luce likelihood of the label order',
  citations: [
    {
      authors: 'Xia, Liu, Wang, Zhang, Li',
      title: 'Listwise Approach to Learning to Rank: Theory and Algorithm',
      venue: 'ICML',
      year: 2008,
      url: 'https://doi.org/10.1145/1390156.1390306',
    },
  ],
  operators: {
    loss: lossOperator(
      { params: {}, growth: { forward: 'n log n', backward: 'n', memory: 'n' }, labels: 'any' },
      listMle,
    ),
  },
})
