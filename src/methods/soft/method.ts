/**
 * SOFT top-k: entropic optimal transport of n items, cost (x_i - y)^2, to the targets y = 1 with mass k / n and y = 0 with
 * the rest. Its mask has the closed form
 *
 *   m_i = sigma(2 (x_i - b) / epsilon)     with b such that the sum is k,
 *
 * so the dual is one number, solved here to rounding by Newton steps in a bracket instead of a given number of Sinkhorn
 * iterations. Derivative, by the implicit function theorem, with s = 2 m (1 - m) / epsilon and q = s / sum(s), in O(n):
 * dm = s (dx - q.dx). Values enter as they are; the authors' code divides the costs by the largest first.
 *
 * Xie, Dai, Chen, Dai, Zhao, Zha, Wei, Pfister, "Differentiable Top-k with Optimal Transport", NeurIPS 2020.
 */

import { defineMethod } from '../../core/method.ts'
import type { ParamSpace } from '../../core/params.ts'
import { direction, topkCount } from '../kit/declared-params.ts'
import { itemOperator, type MakeRow } from '../kit/row-plan.ts'
import { argsort, argsortWork } from '../numerics/argsort.ts'
import { thresholdOf } from './threshold.ts'

const space: ParamSpace = {
  k: topkCount,
  epsilon: { kind: 'number', default: 0.1, min: 0, meaning: 'entropy; larger is softer, 0 is the hard operator' },
  direction: direction('descending'),
}

const topKRow: MakeRow = ({ x, y, yBar, xBar }, params) => {
  const n = x.length
  const [k, epsilon] = [params.k as number, params.epsilon as number]
  const sign = params.direction === 'descending' ? 1 : -1
  const order = new Uint32Array(n)
  const work = argsortWork(n)
  const sorted = new Float64Array(n)
  const threshold = thresholdOf(sorted, k, epsilon / 2)
  const { tails, weights } = threshold
  const constant = k <= 0 || k >= n
  const scale = constant || epsilon === 0 ? 0 : (2 * sign) / epsilon
  /** m (1 - m). */
  const slopeAt = (j: number) => tails[j] * (1 - tails[j])
  return {
    forward() {
      if (constant) return void y.fill(k <= 0 ? 0 : 1)
      argsort(x, order, sign > 0, work)
      for (let j = 0; j < n; j++) sorted[j] = sign * x[order[j]]
      threshold.solve()
      for (let j = 0; j < n; j++) y[order[j]] = j < threshold.count ? 1 - tails[j] : tails[j]
    },
    backward() {
      if (scale === 0) return void xBar.fill(0)
      let total = 0
      for (let j = 0; j < n; j++) total += slopeAt(j) * yBar[order[j]]
      for (let j = 0; j < n; j++) xBar[order[j]] = scale * (slopeAt(j) * yBar[order[j]] - weights[j] * total)
    },
    push(xDot, yDot) {
      if (scale === 0) return void yDot.fill(0)
      let moved = 0
      for (let j = 0; j < n; j++) moved += weights[j] * xDot[order[j]]
      for (let j = 0; j < n; j++) yDot[order[j]] = scale * slopeAt(j) * (xDot[order[j]] - moved)
    },
  }
}

/** SOFT top-k. At epsilon 0 items tied at the threshold share alike, and the gradient is 0. */
export const soft = defineMethod({
  name: 'soft',
  title: 'SOFT top-k: entropic optimal transport to two targets',
  citations: [
    {
      authors: 'Xie, Dai, Chen, Dai, Zhao, Zha, Wei, Pfister',
      title: 'Differentiable Top-k with Optimal Transport',
      venue: 'NeurIPS',
      year: 2020,
      url: 'https://arxiv.org/abs/2002.06504',
    },
  ],
  operators: {
    topk: itemOperator(
      {
        params: space,
        growth: { forward: 'n log n', backward: 'n', memory: 'n' },
        gradient: 'exact',
        promises: {
          softness: { param: 'epsilon', units: 1 },
          hardLimit: true,
          sum: 'k',
          ordered: true,
          monotone: true,
          shift: 'stays',
        },
      },
      topKRow,
    ),
  },
})
