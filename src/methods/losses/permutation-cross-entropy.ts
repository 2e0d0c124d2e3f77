/**
 * Permutation cross entropy: -sum_i log P_(i, pi*(i)), P a relaxed permutation of the scores and pi* the order of
 * decreasing labels, equal labels in file order.
 *
 * Grover, Wang, Zweig, Ermon, ICLR 2019 (there the mean over i; here the sum, as all losses). Entries that underflow to 0
 * count as the smallest double, with gradient 0: a certain mistake is far from any gradient that could repair it.
 */

import { defineMethod, type OperatorSpec } from '../../core/method.ts'
import type { Ref } from '../../core/selector.ts'
import { argsort, argsortWork } from '../shared/argsort.ts'
import { lossOperator, type MakeLoss } from '../shared/loss-plan.ts'
import { matrixSelector, planMatrix, resolveMatrix } from '../shared/nested-matrix.ts'

const smallest = Number.MIN_VALUE

const crossEntropy =
  (ref: Ref): MakeLoss =>
  ({ scores, labels }) => {
    const n = scores.length
    const permutation = planMatrix(ref, n)
    const [order, work] = [new Uint32Array(n), argsortWork(n)]
    return {
      value() {
        argsort(labels, order, true, work)
        permutation.values.set(scores)
        permutation.forward()
        let loss = 0
        for (let i = 0; i < n; i++) loss -= Math.log(Math.max(smallest, permutation.output[i * n + order[i]]))
        return loss
      },
      gradient(scale, out) {
        permutation.cotangent.fill(0)
        for (let i = 0; i < n; i++) {
          const p = permutation.output[i * n + order[i]]
          // Below this 1 / p overflows; the product with the derivative of p is 0 all the same.
          if (p > 1e-290) permutation.cotangent[i * n + order[i]] = -scale / p
        }
        permutation.backward()
        out.set(permutation.gradient)
      },
    }
  }

const params = { matrix: matrixSelector('selector of the relaxed permutation, e.g. neuralsort[tau=0.5]') }
const declared = {
  params,
  growth: { forward: 'n^2', backward: 'n^2', memory: 'n^2' },
  labels: 'any',
  // A relaxed permutation may depend on the order of items; the default does not.
  promises: { shift: 'stays', symmetric: false },
} as const

const operatorFor = (selector: string): OperatorSpec => lossOperator(declared, crossEntropy(resolveMatrix(selector)))

/**
 * Cross entropy of a relaxed permutation.
 * Its plan throws RankBenchError(usage) when `matrix` is not the selector of one matrix operator.
 */
export const permutationCrossEntropy = defineMethod({
  name: 'permutation-cross-entropy',
  title: 'Cross entropy of a relaxed permutation',
  citations: [
    {
      authors: 'Grover, Wang, Zweig, Ermon',
      title: 'Stochastic Optimization of Sorting Networks via Continuous Relaxations',
      venue: 'ICLR',
      year: 2019,
      url: 'https://arxiv.org/abs/1903.08850',
    },
  ],
  operators: {
    loss: {
      ...operatorFor('softsort'),
      plan: (shape, given, precision) => operatorFor(String(given.matrix)).plan(shape, given, precision),
    },
  },
})
