/**
 * Ranks and sorted values by entropic optimal transport: P transports the items, masses a, to n equal positions at
 * targets y_j = (j - 1) / (n - 1),
 *
 *   P = argmin <P, C> - epsilon H(P),  P 1 = a,  P^T 1 = 1 / n,  C_ij = (y_j - x_i)^2 or |y_j - x_i|,
 *   rank_i = sum_j j P_ij / a_i,   sort_j = n sum_i P_ij x_i,   matrix = n P^T.
 *
 * Cuturi, Teboul, Vert, "Differentiable Ranks and Sorting using Optimal Transport", NeurIPS 2019.
 *
 * Sinkhorn iterations on the logarithms, from the dual of epsilon 0, which sorting gives, until the marginals are met to the
 * tolerance, with Newton steps on the dual in between and to finish: these leave rounding only, so that the answer does
 * not depend on where the iteration stopped. The gradient is that of the solution, by the implicit function theorem,
 * not of the iterations: where `residual` says that they did not arrive, it is that of neither.
 */

import { defineMethod, type Promises, type Softness } from '../../core/method.ts'
import type { ParamSpace, Params } from '../../core/params.ts'
import { direction } from '../kit/declared-params.ts'
import { withKernels } from '../kit/fast-plan.ts'
import { itemOperator, type MakeRow, matrixOperator } from '../kit/row-plan.ts'
import { matrixKernels, rankKernels, sortKernels } from './host.ts'
import { sortingPlan } from './sorting-plan.ts'

const space = (preset: 'ascending' | 'descending'): ParamSpace => ({
  epsilon: {
    kind: 'number',
    default: 1e-2,
    min: 0,
    visit: [1e-2, 0.1, 1, 0],
    meaning: 'entropy; larger is softer, 0 is the hard operator',
  },
  iterations: {
    kind: 'number',
    default: 2000,
    min: 0,
    integer: true,
    visit: [2000, 4000],
    meaning: 'most Sinkhorn iterations',
  },
  tolerance: {
    kind: 'number',
    default: 1e-9,
    min: 0,
    visit: [1e-9, 1e-12],
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

const rankRow: MakeRow = (row, params) => {
  const { x, y, yBar, xBar } = row
  const n = x.length
  const plan = sortingPlan(row, params, 'items are rows')
  const { conditional, facts } = plan
  const work = new Float64Array(n * n)
  return {
    facts,
    forward() {
      plan.forward()
      for (let i = 0; i < n; i++) {
        y[i] = 0
        for (let j = 0; j < n; j++) y[i] += (j + 1) * conditional[i * n + j]
      }
    },
    backward() {
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) work[i * n + j] = (j + 1) * yBar[i]
      plan.pull(work, xBar)
    },
    push(xDot, yDot) {
      plan.push(xDot, work)
      for (let i = 0; i < n; i++) {
        yDot[i] = 0
        for (let j = 0; j < n; j++) yDot[i] += (j + 1) * work[i * n + j]
      }
    },
  }
}

const sortRow: MakeRow = (row, params) => {
  const { x, y, yBar, xBar } = row
  const n = x.length
  const plan = sortingPlan(row, params, 'positions are rows')
  const { conditional, facts } = plan
  const work = new Float64Array(n * n)
  return {
    facts,
    forward() {
      plan.forward()
      for (let j = 0; j < n; j++) {
        y[j] = 0
        for (let i = 0; i < n; i++) y[j] += conditional[j * n + i] * x[i]
      }
    },
    /** Rows of the conditional sum to 1: y_j leaves numbers of the size of the spread of x, whatever offset x has. */
    backward() {
      for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) work[j * n + i] = yBar[j] * (x[i] - y[j])
      plan.pull(work, xBar)
      for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) xBar[i] += yBar[j] * conditional[j * n + i]
    },
    push(xDot, yDot) {
      plan.push(xDot, work)
      for (let j = 0; j < n; j++) {
        yDot[j] = 0
        for (let i = 0; i < n; i++) yDot[j] += conditional[j * n + i] * xDot[i] + work[j * n + i] * (x[i] - y[j])
      }
    },
  }
}

const matrixRow: MakeRow = (row, params) => {
  const { x, y, yBar, xBar } = row
  const plan = sortingPlan(row, params, 'positions are rows')
  const work = new Float64Array(x.length ** 2)
  return {
    facts: plan.facts,
    forward() {
      plan.forward()
      y.set(plan.conditional)
    },
    backward() {
      work.set(yBar)
      plan.pull(work, xBar)
    },
    push: plan.push,
  }
}

/** log P. */
const logMatrixRow: MakeRow = (row, params) => {
  const { x, y, yBar, xBar } = row
  const plan = sortingPlan(row, params, 'positions are rows')
  const work = new Float64Array(x.length ** 2)
  return {
    facts: plan.facts,
    forward() {
      plan.forward()
      plan.logarithm(y)
    },
    backward() {
      work.set(yBar)
      plan.pull(work, xBar, true)
    },
  }
}

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
