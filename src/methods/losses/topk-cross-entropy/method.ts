/**
 * Top-k cross entropy: for every relevant item y (label above 0), -w_y log sum_k P_K(k) sum over m <= k of P_(m, y), where
 * P_(m, .) is the relaxed indicator of the m-th largest score and P_K a distribution of k.
 *
 * Petersen, Kuehne, Borgelt, Deussen, "Differentiable Top-k Classification Learning", ICML 2022, where one class is
 * relevant. The sum over m becomes sum_m W_m P_(m, y) with W_m = P(K >= m). Lists without a relevant item have loss 0;
 * sums below 1e-290 count as that, with gradient 0.
 */

import { usageError } from '../../../core/errors.ts'
import { defineMethod, type OperatorSpec } from '../../../core/method.ts'
import type { Params } from '../../../core/params.ts'
import type { LossKernel } from '../../kit/loss-plan.ts'
import { matrixSelector, type PermutedList, permutationLoss, resolveMatrix } from '../../kit/nested-matrix.ts'
import { selectedOperator } from '../../kit/nested-operator.ts'
import { permutationKernels } from '../permutation-rows.ts'

/** Below it 1 / p overflows soon, and numbers lose digits. */
const smallest = 1e-290

/** `0.5x0x0.5` -> P(K >= 1), P(K >= 2), P(K >= 3). @throws RankBenchError(usage) unless it is a distribution */
function tailsOf(text: string): Float64Array {
  const p = text.split('x').map(Number)
  const total = p.reduce((a, b) => a + b, 0)
  if (!p.every((each) => each >= 0) || !(Math.abs(total - 1) < 1e-9)) {
    throw usageError(
      `loss:topk-cross-entropy: p_k is "${text}"; expected probabilities of k = 1, 2, ... that sum to 1`,
      'e.g. topk-cross-entropy[p_k=0.5x0x0x0x0.5]',
    )
  }
  return Float64Array.from(p, (_, m) => p.slice(m).reduce((a, b) => a + b, 0))
}

const crossEntropy =
  (tails: Float64Array) =>
  ({ labels, weights, P, PBar }: PermutedList): LossKernel => {
    const n = labels.length
    const chance = new Float64Array(n)
    const rows = Math.min(n, tails.length)
    return {
      value() {
        let loss = 0
        for (let y = 0; y < n; y++) {
          if (!(labels[y] > 0)) continue
          chance[y] = 0
          for (let m = 0; m < rows; m++) chance[y] += tails[m] * P[m * n + y]
          loss -= weights[y] * Math.log(Math.max(smallest, chance[y]))
        }
        return loss
      },
      gradient(scale) {
        for (let y = 0; y < n; y++) {
          if (!(labels[y] > 0) || chance[y] <= smallest) continue
          for (let m = 0; m < rows; m++) PBar[m * n + y] = (-scale * weights[y] * tails[m]) / chance[y]
        }
      },
    }
  }

function operatorFor(given: Params): OperatorSpec {
  const tails = tailsOf(String(given.p_k))
  return permutationLoss(
    {
      params: {
        p_k: {
          kind: 'text',
          default: '1',
          examples: ['1', '0.5x0x0.5'],
          meaning: 'probabilities of k = 1, 2, ..., separated by x',
        },
        operator: matrixSelector('selector of the relaxed permutation, e.g. neuralsort[tau=0.5]'),
      },
      growth: { forward: 'n^2', backward: 'n^2', memory: 'n^2' },
      labels: 'any',
      promises: { shift: 'stays', symmetric: false },
    },
    resolveMatrix(String(given.operator)),
    crossEntropy(tails),
    (_, { operator, p_k }) => permutationKernels(resolveMatrix(String(operator)), tailsOf(String(p_k))),
  )
}

/**
 * Top-k cross entropy over any relaxed permutation.
 * Its plan throws RankBenchError(usage) on a `p_k` that is no distribution or an `operator` that is no matrix operator.
 */
export const topkCrossEntropy = defineMethod({
  name: 'topk-cross-entropy',
  title: 'Top-k cross entropy',
  citations: [
    {
      authors: 'Petersen, Kuehne, Borgelt, Deussen',
      title: 'Differentiable Top-k Classification Learning',
      venue: 'ICML',
      year: 2022,
      url: 'https://arxiv.org/abs/2206.07290',
    },
  ],
  operators: {
    loss: selectedOperator({ p_k: '1', operator: 'softsort' }, operatorFor),
  },
})
