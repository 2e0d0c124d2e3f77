/**
 * LapSum: sort, rank, permutation and top-k from one increasing function,
 *
 *   F-Sum(b) = sum over i of F((b - r_i) / alpha),  F(v) = e^v / 2 for v <= 0, else 1 - e^(-v) / 2,
 *
 * and its inverse, which has a closed form:
 *
 *   rank  F-Sum(r_j) + 1/2      sort  F-Sum^-1(l - 1/2)      topk  F((b - r_i) / alpha), F-Sum(b) = k
 *
 * Struski, Bednarczyk, Podolak, Tabor, "LapSum - One Method to Differentiate Them All: Ranking, Sorting and Top-k
 * Selection", ICML 2025. There the sign of alpha chooses the direction; here alpha is positive and `direction` does.
 */

import { defineMethod } from '../../core/method.ts'
import type { ParamSpace, ParamSpec } from '../../core/params.ts'
import { direction, topkCount } from '../kit/declared-params.ts'
import { withKernels } from '../kit/fast-plan.ts'
import { itemOperator, matrixOperator } from '../kit/row-plan.ts'
import { lapsumKernels, lapsumMatrixKernels } from './host.ts'
import { matrixRow } from './matrix.ts'
import { rankRow } from './rank.ts'
import { sortRow } from './sort.ts'
import { topKRow } from './topk.ts'

export { lapsumTopKGradients, type TopKGradients } from './topk.ts'

const alpha: ParamSpec = {
  kind: 'number',
  default: 1,
  min: 0,
  meaning: 'softness, the scale of the Laplace distribution; larger is softer, 0 is the hard operator',
}

const space = (preset: 'ascending' | 'descending'): ParamSpace => ({ alpha, direction: direction(preset) })

const topKSpace: ParamSpace = {
  k: topkCount,
  alpha,
  direction: direction('descending'),
}

const growth = { forward: 'n log n', backward: 'n', memory: 'n' } as const
const softness = { param: 'alpha', units: 1 } as const

/**
 * LapSum. At alpha 0 tied items share: ranks are mean ranks, and the mask and the matrix have equal entries;
 * gradients are 0 (in `sort`: the permuted cotangent).
 */
export const lapsum = defineMethod({
  name: 'lapsum',
  title: 'LapSum: sums of Laplace distribution functions and their inverse',
  citations: [
    {
      authors: 'Struski, Bednarczyk, Podolak, Tabor',
      title: 'LapSum - One Method to Differentiate Them All: Ranking, Sorting and Top-k Selection',
      venue: 'ICML',
      year: 2025,
      url: 'https://arxiv.org/abs/2503.06242',
    },
  ],
  operators: {
    sort: withKernels(
      itemOperator(
        {
          params: space('ascending'),
          growth,
          gradient: 'exact',
          // The first of n tied items comes where F-Sum is 1/2: alpha log n below them.
          promises: ({ alpha }) => ({
            softness,
            hardLimit: true,
            ordered: true,
            monotone: true,
            shift: 'moves',
            beyond: (n) => (alpha as number) * Math.log(Math.max(1, n)),
          }),
        },
        sortRow,
      ),
      lapsumKernels('sort'),
    ),
    rank: withKernels(
      itemOperator(
        {
          params: space('ascending'),
          growth,
          gradient: 'exact',
          promises: { softness, hardLimit: true, sum: 'ranks', ordered: true, monotone: true, shift: 'stays' },
        },
        rankRow,
      ),
      lapsumKernels('rank'),
    ),
    matrix: withKernels(
      matrixOperator(
        {
          params: space('descending'),
          growth: { forward: 'n^2', backward: 'n^2', memory: 'n^2' },
          gradient: 'exact',
          promises: { softness, hardLimit: true, stochastic: 'rows and columns', shift: 'stays' },
        },
        matrixRow,
      ),
      lapsumMatrixKernels,
    ),
    topk: withKernels(
      itemOperator(
        {
          params: topKSpace,
          growth,
          gradient: 'exact',
          promises: { softness, hardLimit: true, sum: 'k', ordered: true, monotone: true, shift: 'stays' },
        },
        topKRow,
      ),
      lapsumKernels('topk'),
    ),
  },
})
