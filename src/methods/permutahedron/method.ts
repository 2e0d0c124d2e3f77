/** Soft sort and soft rank by projection on the permutahedron: what they take and promise; reference.ts says what they are. */

import { defineMethod, type Promises } from '../../core/method.ts'
import type { ParamSpace, Params } from '../../core/params.ts'
import { direction, strength, strengthSoftness } from '../kit/declared-params.ts'
import { withKernels } from '../kit/fast-plan.ts'
import { itemOperator } from '../kit/row-plan.ts'
import { rankKernels, sortKernels } from './host.ts'
import { rankRow, sortRow } from './reference.ts'

const params: ParamSpace = {
  regularization: {
    kind: 'choice',
    default: 'l2',
    choices: ['l2', 'kl'],
    meaning: 'Euclidean or entropic projection',
  },
  strength,
  direction: direction('ascending'),
}

function smallestGap(sorted: Float64Array): number {
  let gap = Number.POSITIVE_INFINITY
  for (let i = 1; i < sorted.length; i++) gap = Math.min(gap, sorted[i] - sorted[i - 1])
  return gap
}

function largestGap(sorted: Float64Array): number {
  let gap = 0
  for (let i = 1; i < sorted.length; i++) gap = Math.max(gap, sorted[i] - sorted[i - 1])
  return gap
}

/** Entropic ranks are hard iff every gap / strength is at least log(w_i / w_(i+1)), w the ranks of its two items. */
function hardUpToKl(sorted: Float64Array, { direction }: Params): number {
  const n = sorted.length
  let strength = Number.POSITIVE_INFINITY
  for (let i = 1; i < n; i++) {
    const lower = direction === 'ascending' ? i : n - i
    strength = Math.min(strength, (sorted[i] - sorted[i - 1]) / Math.log((lower + 1) / lower))
  }
  return strength
}

/** Hard iff the strength is at most the smallest gap (l2), see `hardUpToKl` for kl. */
const rankPromises = ({ regularization }: Params): Promises => ({
  softness: strengthSoftness,
  hardLimit: true,
  hardUpTo: regularization === 'kl' ? hardUpToKl : smallestGap,
  sum: 'ranks',
  ordered: true,
  monotone: true,
  majorised: true,
  shift: 'stays',
})

/** Hard iff the strength is at most 1 / largest gap. Entropic values are no mixtures of the values: their sum is free. */
const sortPromises = ({ regularization }: Params): Promises => ({
  softness: regularization === 'kl' ? { param: 'strength', units: 0, scales: false } : { param: 'strength', units: -1 },
  hardLimit: true,
  hardUpTo: (sorted) => 1 / largestGap(sorted),
  ordered: true,
  monotone: true,
  shift: 'moves',
  ...(regularization === 'l2' && { sum: 'values', majorised: true }),
})

const growth = { forward: 'n log n', backward: 'n', memory: 'n' } as const

/** Projection on the permutahedron. At strength 0 tied items share their mean rank, and ranks have gradient 0. */
export const permutahedron = defineMethod({
  name: 'permutahedron',
  title: 'Projection on the permutahedron (fast soft sort and rank)',
  citations: [
    {
      authors: 'Blondel, Teboul, Berthet, Djolonga',
      title: 'Fast Differentiable Sorting and Ranking',
      venue: 'ICML',
      year: 2020,
      url: 'https://arxiv.org/abs/2002.08871',
    },
  ],
  operators: {
    sort: withKernels(
      itemOperator({ params, growth, gradient: 'exact', weighted: true, promises: sortPromises }, sortRow),
      sortKernels,
    ),
    rank: withKernels(
      itemOperator({ params, growth, gradient: 'exact', weighted: true, promises: rankPromises }, rankRow),
      rankKernels,
    ),
  },
})
