/**
 * Differentiable sorting networks: every comparator of a network is relaxed to a soft one, see network/swaps.
 *
 *   sort  x through the network      matrix  the product P of the layers      topk  the sum of k rows of P
 *
 * Petersen, Borgelt, Kuehne, Deussen, "Differentiable Sorting Networks for Scalable Sorting and Ranking Supervision",
 * ICML 2021; "Monotonic Differentiable Sorting Networks", ICLR 2022 (reciprocal, Cauchy and optimal steps). error-free:
 * hard values forward, soft derivatives (Kim, Yoon, Cho, ICLR 2024).
 *
 * The answer depends on the order of the items a little: which values meet first decides how often they are mixed.
 */

import { defineMethod, type Promises } from '../../core/method.ts'
import type { ParamSpace, Params } from '../../core/params.ts'
import { direction, topkCount } from '../kit/declared-params.ts'
import { withKernels } from '../kit/fast-plan.ts'
import { type Declared, itemOperator, type MakeRow, matrixOperator } from '../kit/row-plan.ts'
import { comparators, type NetworkKind } from './comparators.ts'
import { networkKernels } from './host.ts'
import { type Distribution, swapOf } from './steps.ts'
import { createSwaps, type Swaps } from './swaps.ts'

const shared: ParamSpace = {
  network: {
    kind: 'choice',
    default: 'odd-even',
    choices: ['odd-even', 'bitonic'],
    meaning: 'n layers of neighbours, or about log2(n)^2 / 2 layers',
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
    visit: [10, 1, 40],
    meaning: 'inverse softness; larger is harder; the same number is of another sharpness in every distribution',
  },
  'error-free': { kind: 'flag', default: false, meaning: 'hard values forward, soft derivatives' },
}

function swapsFor(n: number, params: Params): Swaps {
  const swap = swapOf(params.distribution as Distribution, params.steepness as number)
  return createSwaps(comparators(params.network as NetworkKind, n), n, swap, params['error-free'] as boolean)
}

const reverse = (row: Float64Array, params: Params): void => {
  if (params.direction === 'descending') row.reverse()
}

const sortRow: MakeRow = ({ x, y, yBar, xBar }, params) => {
  const swaps = swapsFor(x.length, params)
  const u = new Float64Array(x.length)
  return {
    forward() {
      swaps.run(x)
      y.set(swaps.wires)
      reverse(y, params)
    },
    backward() {
      u.set(yBar)
      reverse(u, params)
      swaps.pullWires(u, xBar)
    },
    push(xDot, yDot) {
      swaps.pushWires(xDot, yDot)
      reverse(yDot, params)
    },
  }
}

/** Wire of position i. */
const wireOf = (i: number, n: number, params: Params): number => (params.direction === 'descending' ? n - 1 - i : i)

const matrixRow: MakeRow = ({ x, y, yBar, xBar }, params) => {
  const n = x.length
  const swaps = swapsFor(n, params)
  const [c, u] = [new Float64Array(n), new Float64Array(n)]
  const unit = (i: number) => {
    c.fill(0)
    c[wireOf(i, n, params)] = 1
  }
  return {
    forward() {
      swaps.run(x)
      for (let i = 0; i < n; i++) {
        unit(i)
        swaps.combine(c)
        for (let j = 0; j < n; j++) y[i * n + j] = c[j]
      }
    },
    backward() {
      for (let i = 0; i < n; i++) {
        unit(i)
        for (let j = 0; j < n; j++) u[j] = yBar[i * n + j]
        swaps.pullCombined(c, u)
      }
      swaps.finish(xBar)
    },
    push(xDot, yDot) {
      swaps.prepareTangents(xDot)
      for (let i = 0; i < n; i++) {
        unit(i)
        u.fill(0)
        swaps.pushCombined(c, u)
        for (let j = 0; j < n; j++) yDot[i * n + j] = u[j]
      }
    },
  }
}

/** log P. */
const logMatrixRow: MakeRow = ({ x, y, yBar, xBar }, params) => {
  const n = x.length
  const swaps = swapsFor(n, params)
  const { logs } = swaps
  const [l, u] = [new Float64Array(n), new Float64Array(n)]
  const unit = (i: number) => {
    l.fill(Number.NEGATIVE_INFINITY)
    l[wireOf(i, n, params)] = 0
  }
  return {
    forward() {
      swaps.run(x)
      logs.prepare()
      for (let i = 0; i < n; i++) {
        unit(i)
        logs.combine(l)
        y.set(l, i * n)
      }
    },
    backward() {
      for (let i = 0; i < n; i++) {
        unit(i)
        for (let j = 0; j < n; j++) u[j] = yBar[i * n + j]
        logs.pull(l, u)
      }
      swaps.finish(xBar)
    },
    push(xDot, yDot) {
      swaps.prepareTangents(xDot)
      for (let i = 0; i < n; i++) {
        unit(i)
        u.fill(0)
        logs.push(l, u)
        yDot.set(u, i * n)
      }
    },
  }
}

/** The wires of the first k positions count 1, the next one the part of k that is left. */
const topkRow: MakeRow = ({ x, y, yBar, xBar }, params) => {
  const n = x.length
  const k = params.k as number
  const swaps = swapsFor(n, params)
  const [c, u] = [new Float64Array(n), new Float64Array(n)]
  const select = () => {
    for (let i = 0; i < n; i++) c[wireOf(i, n, params)] = Math.min(1, Math.max(0, k - i))
  }
  return {
    forward() {
      swaps.run(x)
      select()
      swaps.combine(c)
      y.set(c)
    },
    backward() {
      select()
      u.set(yBar)
      swaps.pullCombined(c, u)
      swaps.finish(xBar)
    },
    push(xDot, yDot) {
      swaps.prepareTangents(xDot)
      select()
      yDot.fill(0)
      swaps.pushCombined(c, yDot)
    },
  }
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
