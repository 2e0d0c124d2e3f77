/**
 * NeuralNDCG: the negative of NDCG with gains sorted by a relaxed permutation,
 *
 *   -(1 / maxDCG_k) sum over i <= k of D(i) (P g)_i,   P = NeuralSort of the scores, Sinkhorn-scaled
 *
 * Pobrotyn, Białobrzeski, "NeuralNDCG: Direct Optimisation of a Ranking Metric via Differentiable Relaxation of Sorting",
 * 2021, arXiv:2102.07831. g = w (2^y - 1), and maxDCG_k that of the weighted gains from the largest down, as Rax weighs NDCG. transposed: sum_j g_j (P^T D)_j, the same number with the sums in the other order. Lists
 * without a relevant item have loss 0.
 *
 * Columns and rows are scaled in turn until all sums are within `tolerance` of 1, at most `iterations` times: 50, as in the
 * released code (allRank), which long lists and low temperatures do not arrive in. The diagnostic `residual` says how far
 * the sums of each list are from 1, and apply warns above 1e-6; iterations=10000 arrives where 50 do not.
 */

import { defineMethod } from '../../../core/method.ts'
import { cutoff, ranksThatCount } from '../../kit/cutoff.ts'
import { tau } from '../../kit/declared-params.ts'
import { gainParams, gainScheme } from '../../kit/gain-params.ts'
import { lossVariant } from '../../kit/kernel-variants.ts'
import { lossOperator, type MakeLoss } from '../../kit/loss-plan.ts'
import { planMatrix, resolveMatrix } from '../../kit/nested-matrix.ts'
import { createRelativeGains, discounts } from '../../numerics/relative-gains.ts'
import { createSinkhornScaling } from '../../numerics/sinkhorn-scaling.ts'

/** The kernels keep a matrix a list: longer ones than this are left to the reference. */
const longestScaled = 4096

const neuralNdcgLoss: MakeLoss = ({ scores, labels, weights }, params) => {
  const n = scores.length
  const k = ranksThatCount(params.k as number, n)
  const gains = new Float64Array(n)
  const readGains = createRelativeGains(labels, gains, k, weights, gainScheme(params))
  const discount = discounts(n)
  const permutation = planMatrix(resolveMatrix(`neuralsort[tau=${params.tau}]`), n)
  const scaling = createSinkhornScaling(n, {
    iterations: params.iterations as number,
    tolerance: params.tolerance as number,
  })
  const scaled = new Float64Array(n * n)
  let relevant = false

  /** (P g)_i D(i) row by row, or g_j (P^T D)_j column by column. */
  const sum = (): number => {
    const transposed = params.transposed === true
    let ndcg = 0
    for (let outer = 0; outer < n; outer++) {
      let inner = 0
      for (let at = 0; at < n; at++) {
        const [i, j] = transposed ? [at, outer] : [outer, at]
        if (i < k) inner += scaled[i * n + j] * (transposed ? discount[i] : gains[j])
      }
      ndcg += inner * (transposed ? gains[outer] : discount[outer])
    }
    return ndcg
  }

  return {
    facts: { residual: () => (relevant ? scaling.residual() : 0) },
    value() {
      relevant = readGains()
      if (!relevant) return 0
      permutation.values.set(scores)
      permutation.forward()
      scaling.run(permutation.output, scaled)
      return -sum()
    },
    gradient(scale, out) {
      if (!relevant) return void out.fill(0)
      // The matrix has no more use: its gradient takes its place.
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) scaled[i * n + j] = i < k ? -scale * discount[i] * gains[j] : 0
      }
      scaling.pull(permutation.output, scaled, permutation.cotangent)
      permutation.backward()
      out.set(permutation.gradient)
    },
  }
}

/** NeuralNDCG. */
export const neuralNdcg = defineMethod({
  name: 'neural-ndcg',
  title: 'NeuralNDCG: NDCG of gains sorted by a relaxed permutation',
  citations: [
    {
      authors: 'Pobrotyn, Białobrzeski',
      title: 'NeuralNDCG: Direct Optimisation of a Ranking Metric via Differentiable Relaxation of Sorting',
      venue: 'arXiv',
      year: 2021,
      url: 'https://arxiv.org/abs/2102.07831',
    },
  ],
  operators: {
    loss: lossOperator(
      {
        params: {
          tau: { ...tau, min: 0, exclusiveMin: true },
          transposed: { kind: 'flag', default: false, meaning: 'sum over items instead of positions' },
          k: cutoff,
          iterations: {
            kind: 'number',
            default: 50,
            min: 1,
            max: 10_000,
            integer: true,
            tried: [50, 5],
            meaning: 'most scalings of rows and columns; 50 are those of the released code',
          },
          tolerance: {
            kind: 'number',
            default: 1e-6,
            min: 0,
            tried: [1e-6, 1e-9],
            meaning: 'distance of all sums from 1 at which scaling ends',
          },
          ...gainParams,
        },
        growth: { forward: 'n^2', backward: 'n^2', memory: 'n^2' },
        labels: 'gain',
        promises: { shift: 'stays', softness: { param: 'tau', units: 1 } },
      },
      neuralNdcgLoss,
      [
        lossVariant({
          // The transposed sum is the same number.
          when: { transposed: [false, true] },
          longest: longestScaled,
          forward: 'sortedGains',
          fact: 'residual',
          set: {
            loss: 'neuralNdcg',
            rows: 'neuralSort',
            sign: -1,
            tau: { param: 'tau' },
            k: { param: 'k' },
            discounts: { table: 'discounts' },
          },
          power: 2,
        }),
      ],
    ),
  },
})
