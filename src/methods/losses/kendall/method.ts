/**
 * Soft Kendall loss: 1 - (1 / pairs) sum over y_i > y_j of tanh((s_i - s_j) / (2 strength)).
 *
 * With item weights the mean over pairs is weighted by w_i w_j (Shieh, "A weighted Kendall's tau statistic", Statistics &
 * Probability Letters 1998): an item of weight 2 counts as two. Lists whose pairs weigh nothing have loss 0.
 *
 * tanh(v / 2) = 2 sigma(v) - 1 is the sign of a difference made smooth; at strength 0 the loss is 1 - Kendall's tau over
 * the pairs that labels order (Kendall, "A New Measure of Rank Correlation", Biometrika 1938). Lists without such a
 * pair have loss 0.
 */

import { defineMethod } from '../../../core/method.ts'
import { strength, strengthSoftness } from '../../kit/declared-params.ts'
import { lossOperator, type MakeLoss } from '../../kit/loss-plan.ts'
import { pairwiseKernels } from '../pairwise.ts'

/** The sign of a difference made smooth, its derivative, and the derivative of that. */
function softSign(softness: number) {
  const sign = (d: number): number => (softness === 0 ? Math.sign(d) : Math.tanh(d / (2 * softness)))
  /** d/dd tanh(d / 2 s) = (1 - tanh^2) / 2 s, written as 4 e / (1 + e)^2 so that the tail is not lost. */
  const slope = (d: number): number => {
    if (softness === 0) return 0
    const e = Math.exp(-Math.abs(d) / softness)
    return (2 * e) / (1 + e) ** 2 / softness
  }
  /** The slope t' = (1 - t^2) / 2 s, t = tanh(d / 2 s), falls by t t' / s. */
  const bend = (d: number): number => (softness === 0 ? 0 : (-sign(d) * slope(d)) / softness)
  return { sign, slope, bend }
}

const kendallLoss: MakeLoss = ({ scores, labels, weights }, params) => {
  const n = scores.length
  const { sign, slope, bend } = softSign(params.strength as number)
  /** Relative to the largest, so that no product overflows. */
  const w = new Float64Array(n)
  let mass = 0
  return {
    value() {
      const heaviest = weights.reduce((largest, weight) => Math.max(largest, weight), 0)
      for (let i = 0; i < n; i++) w[i] = heaviest === 0 ? 0 : weights[i] / heaviest
      mass = 0
      let sum = 0
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          if (!(labels[i] > labels[j])) continue
          mass += w[i] * w[j]
          sum += w[i] * w[j] * sign(scores[i] - scores[j])
        }
      }
      return mass === 0 ? 0 : 1 - sum / mass
    },
    gradient(scale, out) {
      out.fill(0)
      if (mass === 0) return
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          if (!(labels[i] > labels[j])) continue
          const pulled = (scale * w[i] * w[j] * slope(scores[i] - scores[j])) / mass
          out[i] -= pulled
          out[j] += pulled
        }
      }
    },
    bend(scale, direction, out) {
      out.fill(0)
      if (mass === 0) return
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          if (!(labels[i] > labels[j])) continue
          const bent = (scale * w[i] * w[j] * bend(scores[i] - scores[j]) * (direction[i] - direction[j])) / mass
          out[i] -= bent
          out[j] += bent
        }
      }
    },
    diagonal(scale, out) {
      out.fill(0)
      if (mass === 0) return
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          if (!(labels[i] > labels[j])) continue
          const bent = (scale * w[i] * w[j] * bend(scores[i] - scores[j])) / mass
          out[i] -= bent
          out[j] -= bent
        }
      }
    },
  }
}

/** One minus soft Kendall's tau. */
export const kendall = defineMethod({
  name: 'kendall',
  title: 'Kendall: one minus the soft rank correlation of pairs',
  citations: [{ authors: 'Kendall', title: 'A New Measure of Rank Correlation', venue: 'Biometrika 30', year: 1938 }],
  operators: {
    loss: lossOperator(
      {
        params: { strength },
        growth: { forward: 'n^2', backward: 'n^2', memory: 'n' },
        labels: 'any',
        promises: { shift: 'stays', softness: strengthSoftness },
      },
      kendallLoss,
      [
        pairwiseKernels({
          when: { strength: { above: 0 } },
          set: { phi: 'kendall', steepness: { param: 'strength', inverse: true } },
        }),
      ],
    ),
  },
})
