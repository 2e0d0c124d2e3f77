/**
 * LapSum top-k: p_i = F((b - r_i) / alpha) with b where F-Sum is k, so that the mask sums to k exactly, for real k.
 * With slopes s_i = min(p_i, 1 - p_i) / alpha and q = s / sum(s): dp = s (q.dr - dr).
 */

import { valueError } from '../../core/errors.ts'
import type { Params } from '../../core/params.ts'
import { flatten, requireLengths, requireNumber } from '../kit/nesting.ts'
import type { Row, RowPasses } from '../kit/row-plan.ts'
import { type Crossing, cross, emptyCrossing, tailsAt, weightsAt } from './inverse.ts'
import { nodesOf } from './nodes.ts'

interface TopKRow extends RowPasses {
  /** Gradients in k and alpha of the scalar that yBar belongs to, at the x of the last forward. */
  parameterGradients(): { readonly k: number; readonly alpha: number }
}

/** A mask where it was found: items in order, the threshold between them, tails and the derivative of the threshold. */
interface Mask {
  readonly order: Uint32Array
  readonly at: Crossing
  readonly tails: Float64Array
  readonly weights: Float64Array
  /** 1 / alpha; 0 where the mask does not move. */
  readonly scale: number
}

/**
 * xBar_i = s_i (q.u - u_i) with slopes s_i = F'(z_i) / alpha, z_i = (b - r_i) / alpha and q = s / sum(s): s moves by
 * F''(z_i) (q.rDot - rDot_i) / alpha^2, F'' = -sign(z) F', and q by that relative to the sum.
 */
function bendMask(mask: Mask, yBar: Float64Array, xDot: Float64Array, xBarDot: Float64Array): void {
  const { order, at, tails, weights, scale } = mask
  const n = order.length
  if (scale === 0) return void xBarDot.fill(0)
  let [threshold, mean] = [0, 0]
  for (let j = 0; j < n; j++) {
    threshold += weights[j] * xDot[order[j]]
    mean += weights[j] * yBar[order[j]]
  }
  const moved = (j: number) => (j < at.count ? -1 : 1) * scale * (threshold - xDot[order[j]])
  let [meanMoved, total] = [0, 0]
  for (let j = 0; j < n; j++) total += weights[j] * moved(j)
  for (let j = 0; j < n; j++) meanMoved += weights[j] * (moved(j) - total) * (yBar[order[j]] - mean)
  for (let j = 0; j < n; j++) {
    xBarDot[order[j]] = scale * tails[j] * (moved(j) * (mean - yBar[order[j]]) + meanMoved)
  }
}

/** Gradients in k and in alpha. */
function inParameters({ order, at, tails, weights, scale }: Mask, yBar: Float64Array): { k: number; alpha: number } {
  const n = order.length
  /** Laplace quantile of p_i, i.e. (b - r_i) / alpha, at a position whose tail has not underflowed. */
  const depth = (j: number) => (j < at.count ? -1 : 1) * Math.log(2 * tails[j])
  let [k, alpha, meanDepth] = [0, 0, 0]
  for (let j = 0; j < n; j++) {
    k += weights[j] * yBar[order[j]]
    if (tails[j] > 0) meanDepth += weights[j] * depth(j)
  }
  for (let j = 0; j < n; j++) {
    if (tails[j] > 0) alpha += scale * tails[j] * yBar[order[j]] * (meanDepth - depth(j))
  }
  return { k, alpha }
}

export function topKRow({ x, y, yBar, xBar }: Row, params: Params): TopKRow {
  const n = x.length
  const [k, alpha] = [params.k as number, params.alpha as number]
  // F-Sum selects the smallest r.
  const sign = params.direction === 'descending' ? -1 : 1
  const nodes = nodesOf(x, alpha, sign)
  const { order } = nodes
  const at = emptyCrossing()
  const [tails, weights] = [new Float64Array(n), new Float64Array(n)]
  const constant = k <= 0 || k >= n
  const scale = constant || alpha === 0 ? 0 : 1 / alpha
  const mask: Mask = { order, at, tails, weights, scale }
  return {
    forward() {
      if (constant) return void y.fill(k <= 0 ? 0 : 1)
      nodes.prepare()
      cross(nodes, k, 0, at)
      tailsAt(nodes, at, tails)
      weightsAt(nodes, at, weights)
      for (let j = 0; j < n; j++) y[order[j]] = j < at.count ? 1 - tails[j] : tails[j]
    },
    backward() {
      if (scale === 0) return void xBar.fill(0)
      let total = 0
      for (let j = 0; j < n; j++) total += tails[j] * yBar[order[j]]
      for (let j = 0; j < n; j++) {
        xBar[order[j]] = sign * scale * (weights[j] * total - tails[j] * yBar[order[j]])
      }
    },
    push(xDot, yDot) {
      if (scale === 0) return void yDot.fill(0)
      let threshold = 0
      for (let j = 0; j < n; j++) threshold += weights[j] * xDot[order[j]]
      for (let j = 0; j < n; j++) yDot[order[j]] = sign * scale * tails[j] * (threshold - xDot[order[j]])
    },
    bend: (xDot, xBarDot) => bendMask(mask, yBar, xDot, xBarDot),
    parameterGradients: () => (constant ? { k: 0, alpha: 0 } : inParameters(mask, yBar)),
  }
}

export interface TopKGradients {
  readonly values: Float64Array
  readonly k: number
  readonly alpha: number
}

/**
 * Gradients of <cotangent, LapSum top-k mask of the k largest values> in the values, in k and in alpha.
 * Outside 0 < k < n the mask is constant and all are 0; at alpha 0 those in values and alpha are.
 *
 * @example
 * ```ts
 * const { values, k, alpha } = lapsumTopKGradients([5, 1, 2], 2, 1, [1, 0, 0])
 * values // [0.0143..., -0.0073..., -0.0070...]
 * k // 0.0237...
 * alpha // -0.0505...
 * ```
 *
 * @throws RankBenchError(value) naming the index of a value or cotangent that is no finite number, on a cotangent of another
 * length, and on a k or alpha that is negative or no finite number
 */
export function lapsumTopKGradients(
  values: ArrayLike<number>,
  k: number,
  alpha: number,
  cotangent: ArrayLike<number>,
): TopKGradients {
  const given = { values: flatten(values, 'values', 'f64'), cotangent: flatten(cotangent, 'cotangent', 'f64') }
  requireLengths(given.cotangent, [given.values.numbers.length], 'cotangent', 'the values')
  for (const [name, value] of Object.entries({ k, alpha })) {
    if (!(requireNumber(value, 'f64', () => name) >= 0)) throw valueError(`${name} is ${value}; expected a number >= 0`)
  }
  const x = given.values.numbers
  const row: Row = {
    x,
    y: new Float64Array(x.length),
    yBar: given.cotangent.numbers,
    xBar: new Float64Array(x.length),
    weights: new Float64Array(0),
  }
  const kernel = topKRow(row, { k, alpha, direction: 'descending' })
  kernel.forward()
  kernel.backward()
  return { values: row.xBar, ...kernel.parameterGradients() }
}
