/**
 * The hard operators: what every relaxation tends to, with the derivative where there is one.
 *
 *   sort  the sorted values, gradient permuted back      rank  1-based ranks, gradient 0
 *   matrix  the permutation of the stable sort           topk  1 for the k selected items, 0 for the others, gradient 0
 *
 * Ties: ranks share their mean; matrix and topk take the first items of the row first.
 */

import { defineMethod, type Promises } from '../../core/method.ts'
import type { ParamSpace, Params } from '../../core/params.ts'
import { direction, topkCount } from '../kit/declared-params.ts'
import { withKernels } from '../kit/fast-plan.ts'
import { itemOperator, type MakeRow, matrixOperator } from '../kit/row-plan.ts'
import { argsort, argsortWork } from '../numerics/argsort.ts'
import { createAverageRanks } from '../numerics/average-ranks.ts'
import { hardRankKernels, hardSortKernels } from './host.ts'

const none = (entries: Float64Array): void => void entries.fill(0)

const sortRow: MakeRow = ({ x, y, yBar, xBar }, params) => {
  const order = new Uint32Array(x.length)
  const work = argsortWork(x.length)
  return {
    forward() {
      argsort(x, order, params.direction === 'descending', work)
      for (let i = 0; i < order.length; i++) y[i] = x[order[i]]
    },
    backward() {
      for (let i = 0; i < order.length; i++) xBar[order[i]] = yBar[i]
    },
    push(xDot, yDot) {
      for (let i = 0; i < order.length; i++) yDot[i] = xDot[order[i]]
    },
    bend: (_, xBarDot) => none(xBarDot),
  }
}

const rankRow: MakeRow = ({ x, y, xBar }, params) => ({
  forward: createAverageRanks(x, y, params.direction === 'descending'),
  backward: () => none(xBar),
  push: (_, yDot) => none(yDot),
  bend: (_, xBarDot) => none(xBarDot),
})

const matrixRow: MakeRow = ({ x, y, xBar }, params) => {
  const n = x.length
  const order = new Uint32Array(n)
  const work = argsortWork(n)
  return {
    forward() {
      argsort(x, order, params.direction === 'descending', work)
      y.fill(0)
      for (let i = 0; i < n; i++) y[i * n + order[i]] = 1
    },
    backward: () => none(xBar),
    push: (_, yDot) => none(yDot),
    bend: (_, xBarDot) => none(xBarDot),
  }
}

/** Keys whose order selects: the values, or their magnitudes. */
function writeKeys(x: Float64Array, keys: Float64Array, form: unknown): void {
  for (let i = 0; i < x.length; i++) keys[i] = form === 'magnitude' ? Math.abs(x[i]) : x[i]
}

const topkRow: MakeRow = ({ x, y, yBar, xBar }, { k, form, direction }) => {
  const n = x.length
  const selected = k as number
  const [order, keys, mask] = [new Uint32Array(n), new Float64Array(n), new Float64Array(n)]
  const work = argsortWork(n)
  const asMask = form === 'mask'
  return {
    forward() {
      writeKeys(x, keys, form)
      argsort(keys, order, direction === 'descending', work)
      for (let i = 0; i < n; i++) mask[order[i]] = Math.min(1, Math.max(0, selected - i))
      for (let i = 0; i < n; i++) y[i] = asMask ? mask[i] : mask[i] * x[i]
    },
    backward() {
      for (let i = 0; i < n; i++) xBar[i] = asMask ? 0 : mask[i] * yBar[i]
    },
    push(xDot, yDot) {
      for (let i = 0; i < n; i++) yDot[i] = asMask ? 0 : mask[i] * xDot[i]
    },
    bend: (_, xBarDot) => none(xBarDot),
  }
}

const topkParams: ParamSpace = {
  k: topkCount,
  form: {
    kind: 'choice',
    default: 'mask',
    choices: ['mask', 'values', 'magnitude'],
    meaning: 'the mask, the values times it, or the values times the mask of their magnitudes',
  },
  direction: direction('descending'),
}

const topkPromises = ({ form }: Params): Promises =>
  form === 'mask'
    ? { sum: 'k', ordered: true, monotone: true, shift: 'stays', ties: 'by position' }
    : { ties: 'by position' }

const growth = { forward: 'n log n', backward: 'n', memory: 'n' } as const
const always: Promises = { ordered: true, monotone: true }

/** The hard operators: floor of every comparison, and forward values of `straight-through`. */
export const hard = defineMethod({
  name: 'hard',
  title: 'The hard operators',
  citations: [],
  operators: {
    sort: withKernels(
      itemOperator(
        {
          params: { direction: direction('ascending') },
          growth,
          gradient: 'exact',
          promises: { ...always, shift: 'moves', sum: 'values', majorised: true },
        },
        sortRow,
      ),
      hardSortKernels,
    ),
    rank: withKernels(
      itemOperator(
        {
          params: { direction: direction('ascending') },
          growth,
          gradient: 'exact',
          promises: { ...always, shift: 'stays', sum: 'ranks', majorised: true },
        },
        rankRow,
      ),
      hardRankKernels,
    ),
    matrix: matrixOperator(
      {
        params: { direction: direction('descending') },
        growth: { forward: 'n^2', backward: 'n^2', memory: 'n^2' },
        gradient: 'exact',
        promises: { shift: 'stays', stochastic: 'rows and columns', ties: 'by position' },
      },
      matrixRow,
    ),
    topk: itemOperator({ params: topkParams, growth, gradient: 'exact', promises: topkPromises }, topkRow),
  },
})
