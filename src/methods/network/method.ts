/** Operators of sorting networks: what they take and promise; reference.ts says what they are. */

import { defineMethod, type Promises } from '../../core/method.ts'
import type { ParamSpace, Params } from '../../core/params.ts'
import { direction, topkCount } from '../kit/declared-params.ts'
import { withKernels } from '../kit/fast-plan.ts'
import { type Declared, itemOperator, matrixOperator } from '../kit/row-plan.ts'
import { networkKernels } from './host.ts'
import { logMatrixRow, matrixRow, sortRow, topkRow } from './reference.ts'

const shared: ParamSpace = {
  network: {
    kind: 'choice',
    default: 'odd-even',
    choices: ['odd-even', 'bitonic', 'bitonic-diffsort'],
    meaning:
      'n layers of neighbours, or about log2(n)^2 / 2 layers; bitonic-diffsort is that of the package diffsort, another one where n is no power of two, which leaves rows of 22, 38 and other lengths unsorted; in plain TypeScript',
  },
  distribution: {
    kind: 'choice',
    default: 'cauchy',
    choices: ['logistic', 'art', 'gaussian', 'reciprocal', 'cauchy', 'optimal'],
    meaning: 'the soft step; art is the logistic after the activation replacement trick',
  },
  steepness: {
    kind: 'number',
    default: 10,
    min: 0,
    exclusiveMin: true,
    tried: [10, 1, 40],
    meaning: 'inverse softness; larger is harder; the same number is of another sharpness in every distribution',
  },
  'error-free': { kind: 'flag', default: false, meaning: 'hard values forward, soft derivatives' },
}

/** Only tails that fall no faster than 1 / v keep every sorted value from falling when a value grows. */
const isMonotone = ({ distribution }: Params): boolean =>
  distribution === 'reciprocal' || distribution === 'cauchy' || distribution === 'optimal'

/** The trick bends differences by a power of 3/4: no unit undoes that, and rounding of tied values is blown up. */
const bent = {
  softness: { param: 'steepness', inverse: true, units: -1, scales: false },
  kinksAtTies: true,
} as const
const straight = { softness: { param: 'steepness', inverse: true, units: -1 } } as const

const promisesFor =
  ({ shift, ...own }: Promises, sorts = false) =>
  (params: Params): Promises => ({
    ...own,
    ...(params.distribution === 'art' ? bent : { ...straight, ...(shift && { shift }) }),
    hardLimit: true,
    ties: 'by position',
    symmetric: false,
    ...(sorts && !params['error-free'] && { monotone: isMonotone(params) }),
  })

const gradient = (params: Params) => (params['error-free'] ? 'surrogate' : 'exact')
const growth = { forward: 'n^2', backward: 'n^2', memory: 'n^2' } as const

const matrix: Declared = {
  params: { ...shared, direction: direction('descending') },
  growth: { forward: 'n^3', backward: 'n^3', memory: 'n^2' },
  gradient,
  promises: promisesFor({ shift: 'stays', stochastic: 'rows and columns' }),
}

/** Differentiable sorting networks. Growth is that of odd-even networks; bitonic ones have n log^2 n comparators. */
export const network = defineMethod({
  name: 'network',
  title: 'Differentiable sorting networks',
  citations: [
    {
      authors: 'Petersen, Borgelt, Kuehne, Deussen',
      title: 'Monotonic Differentiable Sorting Networks',
      venue: 'ICLR',
      year: 2022,
      url: 'https://arxiv.org/abs/2203.09630',
    },
    {
      authors: 'Petersen, Borgelt, Kuehne, Deussen',
      title: 'Differentiable Sorting Networks for Scalable Sorting and Ranking Supervision',
      venue: 'ICML',
      year: 2021,
      url: 'https://arxiv.org/abs/2105.04019',
    },
    {
      authors: 'Kim, Yoon, Cho',
      title: 'Generalized Neural Sorting Networks with Error-Free Differentiable Swap Functions',
      venue: 'ICLR',
      year: 2024,
      url: 'https://arxiv.org/abs/2310.07174',
    },
  ],
  operators: {
    sort: withKernels(
      itemOperator(
        {
          params: { ...shared, direction: direction('ascending') },
          growth,
          gradient,
          promises: promisesFor({ shift: 'moves', sum: 'values', majorised: true }, true),
        },
        sortRow,
      ),
      networkKernels('sort'),
    ),
    matrix: {
      ...withKernels(matrixOperator(matrix, matrixRow), networkKernels('matrix')),
      // The entries of a hard network are 0 and 1.
      logarithm: (params) => (params['error-free'] ? undefined : matrixOperator(matrix, logMatrixRow)),
    },
    topk: withKernels(
      itemOperator(
        {
          params: { k: topkCount, ...shared, direction: direction('descending') },
          growth,
          gradient,
          promises: promisesFor({ shift: 'stays', sum: 'k' }),
        },
        topkRow,
      ),
      networkKernels('topk'),
    ),
  },
})
