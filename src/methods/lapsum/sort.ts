/** LapSum sort: the l-th output is where F-Sum reaches l - 1/2, in O(n log n); derivatives in O(n). */

import type { Params } from '../../core/params.ts'
import type { Row, RowPasses } from '../kit/row-plan.ts'
import { cross, emptyCrossing, pointOf } from './inverse.ts'
import { nodesOf } from './nodes.ts'

export function sortRow({ x, y, yBar, xBar }: Row, params: Params): RowPasses {
  const n = x.length
  const sign = params.direction === 'ascending' ? 1 : -1
  const nodes = nodesOf(x, params.alpha as number, sign)
  const { order, decay, left, right } = nodes
  const at = emptyCrossing()
  /** How many items stand to the left of each output, and what they weigh together; the others weigh the rest. */
  const counts = new Uint32Array(n)
  const shares = new Float64Array(n)
  const [lower, upper] = [new Float64Array(n), new Float64Array(n)]
  return {
    forward() {
      nodes.prepare()
      for (let l = 0, count = 0; l < n; l++) {
        cross(nodes, l + 0.5, count, at)
        y[l] = sign * pointOf(nodes, at)
        count = at.count
        counts[l] = count
        shares[l] = at.share
      }
    },
    /** An output weighs items by share K / left and (1 - share) K / right: drop both at its neighbours, let them fade. */
    backward() {
      lower.fill(0)
      upper.fill(0)
      for (let l = 0; l < n; l++) {
        const c = counts[l]
        if (c > 0) lower[c - 1] += (shares[l] * yBar[l]) / left[c - 1]
        if (c < n) upper[c] += ((1 - shares[l]) * yBar[l]) / right[c]
      }
      for (let j = n - 2; j >= 0; j--) lower[j] += decay[j] * lower[j + 1]
      for (let j = 1; j < n; j++) upper[j] += decay[j - 1] * upper[j - 1]
      for (let j = 0; j < n; j++) xBar[order[j]] = lower[j] + upper[j]
    },
    /** Weighted sums of the direction up to every item, from both ends; an output mixes those at its neighbours. */
    push(xDot, yDot) {
      for (let j = 0; j < n; j++) lower[j] = xDot[order[j]] + (j > 0 ? decay[j - 1] * lower[j - 1] : 0)
      for (let j = n - 1; j >= 0; j--) upper[j] = xDot[order[j]] + (j < n - 1 ? decay[j] * upper[j + 1] : 0)
      for (let l = 0; l < n; l++) {
        const c = counts[l]
        const before = c > 0 ? (shares[l] * lower[c - 1]) / left[c - 1] : 0
        yDot[l] = before + (c < n ? ((1 - shares[l]) * upper[c]) / right[c] : 0)
      }
    },
  }
}
