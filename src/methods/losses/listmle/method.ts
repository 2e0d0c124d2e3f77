/**
 * ListMLE: sum_i [LSE(s_pi(i), ..., s_pi(n)) - s_pi(i)], pi the order of decreasing labels; equal labels keep file order,
 * or an order that is drawn once a plan.
 *
 * Xia, Liu, Wang, Zhang, Li, "Listwise Approach to Learning to Rank: Theory and Algorithm", ICML 2008.
 * The negative Plackett-Luce log-likelihood of the label order. Lists of 0 or 1 items have loss 0. With item weights each term
 * counts w_pi(i) times: that of the item which is chosen; what it is chosen among does not change.
 */

import { defineMethod } from '../../../core/method.ts'
import type { Params } from '../../../core/params.ts'
import { randomStream } from '../../../core/random.ts'
import { lossVariant } from '../../kit/kernel-variants.ts'
import { lossOperator, type MakeLoss } from '../../kit/loss-plan.ts'
import { argsort, argsortWork } from '../../numerics/argsort.ts'
import { logAddExp } from '../../numerics/logistic.ts'

/** Labels' indices in an order that breaks ties: as they come, or shuffled once a plan. */
function tieOrder(n: number, { ties, seed }: Params): Uint32Array {
  const order = Array.from({ length: n }, (_, i) => i)
  return Uint32Array.from(ties === 'random' ? randomStream(seed as number, 'listmle/ties').shuffle(order) : order)
}

/** The order of decreasing labels: `sort` writes it. */
function labelOrder(labels: Float64Array, params: Params): { readonly order: Uint32Array; sort(): void } {
  const n = labels.length
  const first = tieOrder(n, params)
  const [shuffled, positions] = [new Float64Array(n), new Uint32Array(n)]
  const order = new Uint32Array(n)
  const work = argsortWork(n)
  return {
    order,
    sort() {
      for (let i = 0; i < n; i++) shuffled[i] = labels[first[i]]
      argsort(shuffled, positions, true, work)
      for (let i = 0; i < n; i++) order[i] = first[positions[i]]
    },
  }
}

const listMle: MakeLoss = ({ scores, labels, weights }, params) => {
  const n = scores.length
  const { order, sort } = labelOrder(labels, params)
  /** LSE(s_pi(i), ..., s_pi(n)) = tops[i] + logs[i], tops[i] the largest of these scores: no other score takes digits from it. */
  const [tops, logs, means] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  return {
    value() {
      sort()
      let loss = 0
      for (let i = n - 1; i >= 0; i--) {
        const score = scores[order[i]]
        const last = i === n - 1
        tops[i] = last ? score : Math.max(tops[i + 1], score)
        logs[i] = last ? 0 : logAddExp(tops[i + 1] - tops[i] + logs[i + 1], score - tops[i])
        loss += weights[order[i]] * (tops[i] - score + logs[i])
      }
      return loss
    },
    /** d/ds_pi(k) = sum over i <= k of w_pi(i) exp(s_pi(k) - tail_i), minus w_pi(k); the sum is carried relative to the tail of k. */
    gradient(scale, out) {
      let sum = 0
      for (let k = 0; k < n; k++) {
        const fallen = k === 0 ? 0 : tops[k] - tops[k - 1] + (logs[k] - logs[k - 1])
        const weight = weights[order[k]]
        sum = sum * Math.exp(fallen) + weight
        out[order[k]] = scale * (Math.exp(scores[order[k]] - tops[k] - logs[k]) * sum - weight)
      }
    },
    /**
     * sum over i of w_i [p^i (v - p^i.v)], p^i the softmax of the items from i on. Item k gets p^i_k = exp(s_k - tail_i) of all
     * i <= k, so that two sums are carried from front to back, and means p^i.v from back to front.
     */
    bend(scale, direction, out) {
      for (let i = n - 1; i >= 0; i--) {
        const own = Math.exp(scores[order[i]] - tops[i] - logs[i])
        const rest = i === n - 1 ? 0 : Math.exp(tops[i + 1] - tops[i] + (logs[i + 1] - logs[i])) * means[i + 1]
        means[i] = own * direction[order[i]] + rest
      }
      let [sum, weighed] = [0, 0]
      for (let k = 0; k < n; k++) {
        const fallen = k === 0 ? 0 : Math.exp(tops[k] - tops[k - 1] + (logs[k] - logs[k - 1]))
        sum = sum * fallen + weights[order[k]]
        weighed = weighed * fallen + weights[order[k]] * means[k]
        const own = Math.exp(scores[order[k]] - tops[k] - logs[k])
        out[order[k]] = scale * own * (direction[order[k]] * sum - weighed)
      }
    },
    /** sum over i <= k of w_i p^i_k (1 - p^i_k). */
    diagonal(scale, out) {
      let [sum, squares] = [0, 0]
      for (let k = 0; k < n; k++) {
        const fallen = k === 0 ? 0 : Math.exp(tops[k] - tops[k - 1] + (logs[k] - logs[k - 1]))
        sum = sum * fallen + weights[order[k]]
        squares = squares * fallen * fallen + weights[order[k]]
        const own = Math.exp(scores[order[k]] - tops[k] - logs[k])
        out[order[k]] = scale * own * Math.max(0, sum - own * squares)
      }
    },
  }
}

/** ListMLE. */
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
      {
        params: {
          ties: {
            kind: 'choice',
            default: 'file-order',
            choices: ['file-order', 'random'],
            meaning: 'order of equal labels: as they come, or drawn once a plan from the seed',
          },
          seed: { kind: 'number', default: 1, min: 0, integer: true, tried: [1, 5], meaning: 'of ties=random' },
        },
        growth: { forward: 'n log n', backward: 'n', memory: 'n' },
        labels: 'any',
      },
      listMle,
      [lossVariant({ when: { ties: 'file-order' }, forward: 'listwise', set: { loss: 'listMle' } })],
    ),
  },
})
