/**
 * Sparse soft top-k: the mask argmax of <x, mu> - (lambda / p) sum mu_i^p over mu in [0, 1]^n with sum k, whose entries
 * are exactly 0 or 1 beyond a distance of lambda from the threshold. p = 2 is differentiable almost everywhere,
 * p = 4/3 everywhere but at k = 0 and n.
 *
 * Sander, Puigcerver, Djolonga, Peyre, Blondel, "Fast, Differentiable and Sparse Top-k: a Convex Analysis Perspective",
 * ICML 2023.
 *
 * This is the scaling of the released code, whose default is p = 4/3. Its printed .99999714 is exactly 1 here: it is
 * ((3 - 2.99) / .01)^3 with 2.99 rounded to f32; without the cube, p = 2, the same rounding gives the .99999905
 * printed for Dykstra's algorithm. The released top-k in magnitude regularises another problem than the mask of |x|:
 * it is that x mask(|x|) where no items are pooled, and not elsewhere (its -5.000036 is again the f32 of -5).
 */

import { defineMethod, type Promises } from '../../core/method.ts'
import type { ParamSpace, Params } from '../../core/params.ts'
import { direction, topkCount } from '../kit/declared-params.ts'
import { itemOperator, type MakeRow } from '../kit/row-plan.ts'
import { argsort, argsortWork } from '../numerics/argsort.ts'
import { emptyPooled, maskAt, pool, slopeAt } from './capped-simplex.ts'

const space: ParamSpace = {
  k: topkCount,
  lambda: {
    kind: 'number',
    default: 1e-2,
    min: 0,
    meaning: 'regularisation; larger is softer, 0 is the hard operator',
  },
  p: { kind: 'choice', default: '4/3', choices: ['2', '4/3'], meaning: 'norm of the regularisation; 4/3 is smoother' },
  form: {
    kind: 'choice',
    default: 'mask',
    choices: ['mask', 'values', 'magnitude'],
    meaning: 'the mask m(x), the values x m(x), or the values x m(|x|)',
  },
  direction: direction('descending'),
}

/** The mask of one row, with its derivatives, in item order. */
function maskOf(key: Float64Array, params: Params) {
  const n = key.length
  const [k, lambda] = [params.k as number, params.lambda as number]
  const e = params.p === '2' ? 1 : 3
  const order = new Uint32Array(n)
  const work = argsortWork(n)
  const sorted = new Float64Array(n)
  const mask = new Float64Array(n)
  const pooled = emptyPooled(n)
  const constant = k <= 0 || k >= n
  const scale = lambda > 0 ? e / lambda : 0

  /** The derivative is symmetric: out = scale * slope (v - mean of v under slope) on the pooled items. */
  function derivative(v: Float64Array, out: Float64Array): void {
    const { start, end } = pooled
    out.fill(0)
    if (constant || scale === 0) return
    let total = 0
    let mean = 0
    for (let j = start; j < end; j++) {
      total += slopeAt(pooled, j, e)
      mean += slopeAt(pooled, j, e) * v[order[j]]
    }
    if (total === 0) return
    mean /= total
    for (let j = start; j < end; j++) out[order[j]] = scale * slopeAt(pooled, j, e) * (v[order[j]] - mean)
  }

  function compute(): void {
    if (constant) return void mask.fill(k <= 0 ? 0 : 1)
    argsort(key, order, true, work)
    for (let j = 0; j < n; j++) sorted[j] = key[order[j]]
    pool(sorted, k, lambda, e, pooled)
    for (let j = 0; j < n; j++) mask[order[j]] = maskAt(pooled, j, e)
  }

  return { mask, pooled, compute, derivative }
}

const topKRow: MakeRow = ({ x, y, yBar, xBar }, params) => {
  const n = x.length
  const { form } = params
  const sign = params.direction === 'descending' ? 1 : -1
  const [key, scratch, change] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  const { mask, pooled, compute, derivative } = maskOf(key, params)
  /** d key_i / d x_i. */
  const keySlope = (i: number) => (form === 'magnitude' ? sign * Math.sign(x[i]) : sign)
  /**
   * d(x_i m_i) / d x_i at a constant threshold. At lambda 0 a magnitude of 0 leaves its tie whichever way it moves:
   * what it has after the move counts, not the share it has in the tie.
   */
  function ownSlope(i: number): number {
    if (params.lambda !== 0 || form !== 'magnitude' || x[i] !== 0 || mask[i] === 0 || mask[i] === 1) return mask[i]
    const available = (params.k as number) - pooled.start
    return Math.min(1, Math.max(0, sign > 0 ? available : available + 1 - (pooled.end - pooled.start)))
  }
  return {
    forward() {
      for (let i = 0; i < n; i++) key[i] = sign * (form === 'magnitude' ? Math.abs(x[i]) : x[i])
      compute()
      for (let i = 0; i < n; i++) y[i] = form === 'mask' ? mask[i] : x[i] * mask[i]
    },
    backward() {
      for (let i = 0; i < n; i++) scratch[i] = form === 'mask' ? yBar[i] : yBar[i] * x[i]
      derivative(scratch, change)
      for (let i = 0; i < n; i++) xBar[i] = keySlope(i) * change[i] + (form === 'mask' ? 0 : yBar[i] * ownSlope(i))
    },
    push(xDot, yDot) {
      for (let i = 0; i < n; i++) scratch[i] = keySlope(i) * xDot[i]
      derivative(scratch, change)
      for (let i = 0; i < n; i++) yDot[i] = form === 'mask' ? change[i] : xDot[i] * ownSlope(i) + x[i] * change[i]
    },
  }
}

/** Hard iff the items on both sides of the threshold are lambda apart; a share of an item is never called hard. */
function hardUpTo(sorted: Float64Array, { k, direction }: Params): number {
  const n = sorted.length
  const selected = k as number
  if (selected <= 0 || selected >= n) return Number.POSITIVE_INFINITY
  if (!Number.isInteger(selected)) return 0
  const upper = direction === 'descending' ? n - selected : selected
  return sorted[upper] - sorted[upper - 1]
}

/** Values selected are answered in the unit of the values, where a mask has none. */
const promises = ({ form }: Params): Promises => {
  if (form !== 'mask') return { softness: { param: 'lambda', units: 1, scales: false }, hardLimit: true }
  return {
    softness: { param: 'lambda', units: 1 },
    hardLimit: true,
    hardUpTo,
    sum: 'k',
    ordered: true,
    monotone: true,
    shift: 'stays',
  }
}

/** Sparse soft top-k. At lambda 0 items tied at the threshold share alike, and the mask has gradient 0. */
export const sparse = defineMethod({
  name: 'sparse',
  title: 'Sparse soft top-k: projection on the capped simplex in a p-norm',
  citations: [
    {
      authors: 'Sander, Puigcerver, Djolonga, Peyré, Blondel',
      title: 'Fast, Differentiable and Sparse Top-k: a Convex Analysis Perspective',
      venue: 'ICML',
      year: 2023,
      url: 'https://arxiv.org/abs/2302.01425',
    },
  ],
  operators: {
    topk: itemOperator(
      {
        params: space,
        growth: { forward: 'n log n', backward: 'n', memory: 'n' },
        gradient: 'exact',
        promises,
      },
      topKRow,
    ),
  },
})
