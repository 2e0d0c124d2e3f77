/** LapSum ranks: F-Sum(r_j) + 1/2, in O(n log n); the derivatives, in O(n), are a weighted graph Laplacian. */

import type { Params } from '../../core/params.ts'
import type { Row, RowPasses } from '../kit/row-plan.ts'
import { heightAt, nodesOf } from './nodes.ts'

export function rankRow({ x, y, yBar, xBar }: Row, params: Params): RowPasses {
  const n = x.length
  const alpha = params.alpha as number
  const sign = params.direction === 'ascending' ? 1 : -1
  const nodes = nodesOf(x, alpha, sign)
  const { order, decay, left, right } = nodes
  const lower = new Float64Array(n)
  const scale = alpha > 0 ? sign / (2 * alpha) : 0

  /**
   * out_j = scale * sum over i of e^(-|r_i - r_j| / alpha) (v_j - v_i). It is its own transpose, so forward and reverse
   * mode share it. The sums of differences travel from neighbour to neighbour: nothing cancels.
   */
  function differences(v: Float64Array, out: Float64Array): void {
    for (let j = 1; j < n; j++) {
      const step = v[order[j]] - v[order[j - 1]]
      lower[j] = decay[j - 1] * (lower[j - 1] + left[j - 1] * step)
    }
    for (let j = n - 1, upper = 0; j >= 0; j--) {
      if (j < n - 1) upper = decay[j] * (upper + right[j + 1] * (v[order[j]] - v[order[j + 1]]))
      out[order[j]] = scale * (lower[j] + upper)
    }
  }

  return {
    forward() {
      nodes.prepare()
      for (let j = 0; j < n; j++) y[order[j]] = heightAt(nodes, j) + 0.5
    },
    backward: () => differences(yBar, xBar),
    push: differences,
    /** F'' is -sign(v) e^(-|v|) / 2: pairs, O(n^2). It jumps where values tie. */
    bend(xDot, xBarDot) {
      xBarDot.fill(0)
      if (alpha === 0) return
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) {
          const v = (x[i] - x[j]) / alpha
          const second = (-sign * Math.sign(v) * Math.exp(-Math.abs(v))) / (2 * alpha * alpha)
          const bent = second * (yBar[i] - yBar[j]) * (xDot[i] - xDot[j])
          xBarDot[i] += bent
          xBarDot[j] -= bent
        }
      }
    },
  }
}
