/** Losses on SmoothI rank indicators: -sum over r <= k of D_r sum_j t_j I^r_j, with targets t of the items. */

import type { OperatorSpec } from '../../core/method.ts'
import type { ParamSpace, Params } from '../../core/params.ts'
import { cutoff, ranksThatCount } from '../kit/cutoff.ts'
import type { Kernels } from '../kit/fast-plan.ts'
import { lossOperator, type MakeLoss, type ScoredList } from '../kit/loss-plan.ts'
import { createIndicators } from './indicators.ts'
import { smoothiParams } from './method.ts'

interface IndicatorTargets {
  /** Parameters of their own. */
  readonly params?: ParamSpace
  /** A function that writes the targets of the current labels and weights and answers whether any is not 0. */
  read(list: ScoredList, targets: Float64Array, k: number, params: Params): () => boolean
  /** Weight of rank r = 1, ..., k. */
  weight(r: number, k: number): number
}

const makeLoss =
  ({ read, weight }: IndicatorTargets): MakeLoss =>
  (list, params) => {
    const { scores } = list
    const n = scores.length
    const asked = params.k as number
    const rows = ranksThatCount(asked, n)
    const [I, IBar, targets] = [new Float64Array(rows * n), new Float64Array(rows * n), new Float64Array(n)]
    const readTargets = read(list, targets, asked === 0 ? n : asked, params)
    const weights = Float64Array.from({ length: rows }, (_, r) => weight(r + 1, asked === 0 ? n : asked))
    const indicators = createIndicators(n, rows, I, {
      alpha: params.alpha as number,
      delta: params.delta as number,
      stopGradient: params['stop-gradient'] as boolean,
      sign: 1,
    })
    let relevant = false
    return {
      value() {
        relevant = readTargets()
        if (!relevant) return 0
        indicators.run(scores)
        let sum = 0
        for (let r = 0; r < rows; r++) for (let j = 0; j < n; j++) sum += weights[r] * targets[j] * I[r * n + j]
        return -sum
      },
      gradient(scale, out) {
        if (!relevant) return void out.fill(0)
        for (let r = 0; r < rows; r++) for (let j = 0; j < n; j++) IBar[r * n + j] = -scale * weights[r] * targets[j]
        indicators.pull(IBar, out)
      },
    }
  }

/** A loss on SmoothI indicators with the parameters that all of them share. */
export const smoothiLoss = (targets: IndicatorTargets, kernels: Kernels): OperatorSpec =>
  lossOperator(
    {
      params: { ...smoothiParams, k: cutoff, ...targets.params },
      growth: { forward: 'n^2', backward: 'n^2', memory: 'n^2' },
      labels: 'gain',
      gradient: (given) => (given['stop-gradient'] ? 'surrogate' : 'exact'),
      promises: { shift: 'stays', softness: { param: 'alpha', inverse: true, units: -1 }, recursive: true },
    },
    makeLoss(targets),
    kernels,
  )

export const smoothiCitation = {
  authors: 'Thonet, Cinar, Gaussier, Li, Renders',
  title: 'SmoothI: Smooth Rank Indicators for Differentiable IR Metrics',
  venue: 'AAAI',
  year: 2022,
  url: 'https://arxiv.org/abs/2105.00942',
} as const
