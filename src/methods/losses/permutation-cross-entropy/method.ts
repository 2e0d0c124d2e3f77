/**
 * Permutation cross entropy: -sum_i w_pi*(i) log P_(i, pi*(i)), P a relaxed permutation of the scores and pi* the order of
 * decreasing labels, equal labels in file order.
 *
 * Grover, Wang, Zweig, Ermon, ICLR 2019 (there the mean over i; here the sum, as all losses). Computed from the
 * logarithms of the rows, so that a certain mistake costs what it costs and has the gradient that repairs it. Where a
 * family has none (lapsum, softrank, smoothi, hard values), entries below 1e-290 count as that, with gradient 0; the
 * diagnostic `cut off` says how many of a list did.
 */

import { defineMethod, type OperatorSpec } from '../../../core/method.ts'
import type { Params } from '../../../core/params.ts'
import {
  createCutOff,
  matrixSelector,
  type PermutedList,
  type PermutedLoss,
  permutationLoss,
  resolveMatrix,
} from '../../kit/nested-matrix.ts'
import { selectedOperator } from '../../kit/nested-operator.ts'
import { argsort, argsortWork } from '../../numerics/argsort.ts'
import { permutationKernels } from '../permutation-rows.ts'

function crossEntropy({ labels, weights, logP, logPBar, least }: PermutedList): PermutedLoss {
  const n = labels.length
  const [order, work] = [new Uint32Array(n), argsortWork(n)]
  const cutOff = createCutOff(least)
  return {
    cutOff,
    value() {
      argsort(labels, order, true, work)
      cutOff.reset()
      let loss = 0
      for (let i = 0; i < n; i++) {
        const weight = weights[order[i]]
        if (weight > 0) loss -= weight * cutOff.of(logP[i * n + order[i]])
      }
      return loss
    },
    gradient(scale) {
      for (let i = 0; i < n; i++) {
        const at = i * n + order[i]
        if (logP[at] !== Number.NEGATIVE_INFINITY) logPBar[at] = -scale * weights[order[i]]
      }
    },
    /** Linear in log P. */
    bend() {},
  }
}

const params = {
  matrix: matrixSelector('selector of the relaxed permutation, e.g. neuralsort[tau=0.5]'),
}
const declared = {
  params,
  growth: { forward: 'n^2', backward: 'n^2', memory: 'n^2' },
  labels: 'any',
  // A relaxed permutation may depend on the order of items; the default does not.
  promises: { shift: 'stays', symmetric: false },
} as const

const operatorFor = (given: Params): OperatorSpec =>
  permutationLoss(declared, resolveMatrix(String(given.matrix)), crossEntropy, (_, { matrix }) =>
    permutationKernels(resolveMatrix(String(matrix))),
  )

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
    loss: selectedOperator({ matrix: params.matrix.default }, operatorFor),
  },
})
