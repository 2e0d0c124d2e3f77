/**
 * Metrics with sigmoid ranks in place of ranks: -sum_i t_i f(r_i),
 *
 *   r_i = 1 + sum over j != i of sigma(-alpha (s_i - s_j))
 *
 * Qin, Liu, Li, "A general approximation framework for direct optimization of information retrieval measures",
 * Information Retrieval 2010.
 */

import type { Citation, OperatorSpec } from '../../core/method.ts'
import type { ParamSpace, Params } from '../../core/params.ts'
import { bendSigmoidRanks, pullSigmoidRanks, pushSigmoidRanks, sigmoidRanks } from '../numerics/sigmoid-ranks.ts'
import { algorithm } from '../sigmoid/host.ts'
import type { Kernels } from './fast-plan.ts'
import { lossOperator, type MakeLoss, type ScoredList } from './loss-plan.ts'

interface ApproxMetric {
  /** Parameters of its own. */
  readonly params?: ParamSpace
  /** A function that writes the targets t of the current labels and weights and answers whether any is not 0. */
  read(list: ScoredList, targets: Float64Array, params: Params): () => boolean
  /** What an item of rank r counts. */
  value(r: number): number
  slope(r: number): number
  /** The derivative of the slope. */
  bend(r: number): number
}

const descending = -1

const makeLoss =
  (metric: ApproxMetric): MakeLoss =>
  (list, params) => {
    const { scores } = list
    const n = scores.length
    const strength = 1 / (params.alpha as number)
    const [targets, ranks, ranksBar] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
    const [ranksDot, bent] = [new Float64Array(n), new Float64Array(n)]
    const read = metric.read(list, targets, params)
    let relevant = false
    return {
      value() {
        relevant = read()
        if (!relevant) return 0
        sigmoidRanks(scores, strength, descending, ranks)
        let loss = 0
        for (let i = 0; i < n; i++) loss -= targets[i] * metric.value(ranks[i])
        return loss
      },
      gradient(scale, out) {
        if (!relevant) return void out.fill(0)
        for (let i = 0; i < n; i++) ranksBar[i] = -scale * targets[i] * metric.slope(ranks[i])
        pullSigmoidRanks(scores, strength, descending, ranksBar, out)
      },
      /** What bends is the metric in its ranks, and the ranks in the scores. */
      bend(scale, direction, out) {
        if (!relevant) return void out.fill(0)
        pushSigmoidRanks(scores, strength, descending, direction, ranksDot)
        for (let i = 0; i < n; i++) ranksBar[i] = -scale * targets[i] * metric.bend(ranks[i]) * ranksDot[i]
        pullSigmoidRanks(scores, strength, descending, ranksBar, bent)
        for (let i = 0; i < n; i++) ranksBar[i] = -scale * targets[i] * metric.slope(ranks[i])
        bendSigmoidRanks(scores, strength, descending, ranksBar, direction, out)
        for (let i = 0; i < n; i++) out[i] += bent[i]
      },
    }
  }

/** A loss on sigmoid ranks; lists without a target have loss 0. */
export const approxMetricLoss = (metric: ApproxMetric, kernels: Kernels): OperatorSpec =>
  lossOperator(
    {
      params: {
        alpha: {
          kind: 'number',
          default: 1,
          min: 0,
          exclusiveMin: true,
          meaning: 'steepness of the pairwise sigmoids; larger is closer to the metric',
        },
        algorithm,
        ...metric.params,
      },
      growth: { forward: 'n^2', backward: 'n^2', memory: 'n' },
      labels: 'gain',
      promises: { shift: 'stays', softness: { param: 'alpha', inverse: true, units: -1 } },
    },
    makeLoss(metric),
    kernels,
  )

export const approximationFramework: Citation = {
  authors: 'Qin, Liu, Li',
  title: 'A general approximation framework for direct optimization of information retrieval measures',
  venue: 'Information Retrieval 13(4)',
  year: 2010,
  url: 'https://doi.org/10.1007/s10791-009-9124-x',
}
