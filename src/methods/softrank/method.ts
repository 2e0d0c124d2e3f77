/** SoftRank: what it takes and promises; reference.ts says what it is. */

import { defineMethod } from '../../core/method.ts'
import { direction } from '../kit/declared-params.ts'
import { withKernels } from '../kit/fast-plan.ts'
import { itemOperator, matrixOperator } from '../kit/row-plan.ts'
import { rankMatrixKernels, softRankKernels } from './host.ts'
import { matrixRow, rankRow } from './reference.ts'

const sigma = {
  kind: 'number',
  default: 1,
  min: 0,
  meaning: 'standard deviation of the scores; larger is softer, 0 is the hard operator',
} as const

const softness = { param: 'sigma', units: 1 } as const

/** SoftRank. At sigma 0 tied items share their ranks, and the gradient is 0. */
export const softrank = defineMethod({
  name: 'softrank',
  title: 'SoftRank: ranks of normally distributed scores',
  citations: [
    {
      authors: 'Taylor, Guiver, Robertson, Minka',
      title: 'SoftRank: Optimizing Non-Smooth Rank Metrics',
      venue: 'WSDM',
      year: 2008,
      url: 'https://doi.org/10.1145/1341531.1341544',
    },
  ],
  operators: {
    rank: withKernels(
      itemOperator(
        {
          params: { sigma, direction: direction('ascending') },
          growth: { forward: 'n^2', backward: 'n^2', memory: 'n' },
          gradient: 'exact',
          promises: { softness, hardLimit: true, sum: 'ranks', ordered: true, monotone: true, shift: 'stays' },
        },
        rankRow,
      ),
      softRankKernels,
    ),
    matrix: withKernels(
      matrixOperator(
        {
          params: { sigma, direction: direction('descending') },
          growth: { forward: 'n^3', backward: 'n^3', memory: 'n^2' },
          gradient: 'exact',
          promises: { softness, hardLimit: true, shift: 'stays' },
        },
        matrixRow,
      ),
      rankMatrixKernels,
    ),
  },
})
