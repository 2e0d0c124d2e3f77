/** Operators of entropic optimal transport: what they take and promise; reference.ts says what they are. */

import { defineMethod, type Promises, type Softness } from '../../core/method.ts'
import type { ParamSpace, Params } from '../../core/params.ts'
import { direction } from '../kit/declared-params.ts'
import { withKernels } from '../kit/fast-plan.ts'
import { itemOperator, matrixOperator } from '../kit/row-plan.ts'
import { matrixKernels, rankKernels, sortKernels } from './host.ts'
import { logMatrixRow, matrixRow, rankRow, sortRow } from './reference.ts'

const space = (preset: 'ascending' | 'descending'): ParamSpace => ({
  epsilon: {
    kind: 'number',
    default: 1e-2,
    min: 0,
    tried: [1e-2, 0.1, 1, 0],
    meaning: 'entropy; larger is softer, 0 is the hard operator',
  },
  iterations: {
    kind: 'number',
    default: 2000,
    min: 0,
    max: 1_000_000,
    integer: true,
    tried: [2000, 4000],
    meaning: 'most Sinkhorn iterations',
  },
  tolerance: {
    kind: 'number',
    default: 1e-9,
    min: 0,
    tried: [1e-9, 1e-12],
    meaning: 'distance of the marginals from what they should be, in total mass, at which the iterations end',
  },
  cost: { kind: 'choice', default: 'square', choices: ['square', 'absolute'], meaning: 'of a distance' },
  squash: {
    kind: 'choice',
    default: 'none',
    choices: ['none', 'sigmoid'],
    meaning: 'values as they are, or standardised and through the logistic function',
  },
  direction: direction(preset),
})

/** Targets are at fixed places, so only the square, which but for separate terms is a product, knows no unit of its own. */
const softnessOf = ({ cost, squash }: Params): Softness => {
  if (squash === 'sigmoid') return { param: 'epsilon', units: 0 }
  return cost === 'square' ? { param: 'epsilon', units: 1 } : { param: 'epsilon', units: 1, scales: false }
}

/**
 * Squares change by what the marginals fix anyway. Absolute distances from the targets change when all values move; those
 * of squashed values do not, but a value at its target is a kink that rounding falls off of.
 */
const shiftable = ({ cost }: Params): boolean => cost === 'square'

const growth = { forward: 'n^3', backward: 'n^3', memory: 'n^2' } as const

const declare = (preset: 'ascending' | 'descending', promises: (params: Params) => Promises) =>
  ({
    params: space(preset),
    growth,
    gradient: 'exact',
    weighted: true,
    promises: (params: Params): Promises => ({
      softness: softnessOf(params),
      ...(params.cost === 'square' && { hardLimit: true }),
      ...promises(params),
      // The hard matching takes tied items one after another.
      ...(params.epsilon === 0 && ({ ties: 'by position' } as const)),
    }),
  }) as const

const matrix = declare('descending', (params) => ({
  stochastic: 'rows and columns',
  ...(shiftable(params) && { shift: 'stays' }),
}))

/**
 * Sinkhorn ranks and sort, with item weights. At epsilon 0 the matching of the stable sort, with gradient 0 (in `sort`: the
 * permuted cotangent). It is the limit for the square cost; absolute distances leave the matching open where intervals
 * of values and targets overlap little, and their limit shares it out.
 */
export const sinkhorn = defineMethod({
  name: 'sinkhorn',
  title: 'Entropic optimal transport (Sinkhorn ranks and sort)',
  citations: [
    {
      authors: 'Cuturi, Teboul, Vert',
      title: 'Differentiable Ranks and Sorting using Optimal Transport',
      venue: 'NeurIPS',
      year: 2019,
      url: 'https://arxiv.org/abs/1905.11885',
    },
  ],
  operators: {
    sort: withKernels(
      itemOperator(
        declare('ascending', (params) => ({
          sum: 'values',
          majorised: true,
          ordered: true,
          ...((params.epsilon as number) > 0 && { monotone: false }),
          ...(shiftable(params) && { shift: 'moves' }),
        })),
        sortRow,
      ),
      sortKernels,
    ),
    rank: withKernels(
      itemOperator(
        declare('ascending', (params) => ({
          sum: 'ranks',
          ordered: true,
          ...(params.cost === 'square' && params.squash === 'none' && { monotone: true }),
          ...(shiftable(params) && { shift: 'stays' }),
        })),
        rankRow,
      ),
      rankKernels,
    ),
    matrix: {
      ...withKernels(matrixOperator(matrix, matrixRow), matrixKernels),
      logarithm: ({ epsilon }) => (epsilon === 0 ? undefined : matrixOperator(matrix, logMatrixRow)),
    },
  },
})
