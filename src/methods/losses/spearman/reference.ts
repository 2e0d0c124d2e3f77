/**
 * Spearman loss: 1 - Pearson correlation of the soft ranks of the scores with the ranks of the labels.
 *
 * The ranks of the labels are soft too by default, by the same operator, as in the README of torchsort
 * (https://github.com/teddykoker/torchsort); target=hard takes average ranks, which makes the loss 1 - Spearman's rho
 * in the hard limit. Soft ranks: Blondel et al., ICML 2020.
 *
 * With item weights it is the weighted correlation: means and products of the ranks of the items, which do not change, count w
 * times. Lists whose weights are all 0 have loss 0.
 *
 * Lists of fewer than 2 items and lists with constant labels have loss 0 and gradient 0. When the soft ranks of the
 * scores are constant the correlation is undefined; it counts as 0: loss 1, gradient 0.
 */

import type { Plan } from '../../../core/method.ts'
import { type Ref, resolveOne } from '../../../core/selector.ts'
import { type FloatArray, rowCount } from '../../../core/shape.ts'
import { bendThrough } from '../../kit/bend-through.ts'
import { entriesOf, type LossPasses, type MakeLossBatch, nestedPlan, type ScoredBatch } from '../../kit/loss-plan.ts'
import { createAverageRanks } from '../../numerics/average-ranks.ts'
import { operatorsOf } from '../../value-methods.ts'

export const rankOperators = operatorsOf('rank')

/** @throws RankBenchError(usage) unless `selector` names one rank operator, with or without its prefix */
export const resolveRank = (selector: string): Ref =>
  resolveOne(selector, new Map([...rankOperators].map(([name, { params }]) => [name, params])), 'method')
/** Weights that sum to 1; all 0 where none weighs. */
function normalise(weights: Float64Array, out: Float64Array): void {
  const heaviest = weights.reduce((largest, weight) => Math.max(largest, weight), 0)
  let sum = 0
  for (let i = 0; i < weights.length; i++) {
    out[i] = heaviest === 0 ? 0 : weights[i] / heaviest
    sum += out[i]
  }
  for (let i = 0; i < weights.length; i++) out[i] /= sum === 0 ? 1 : sum
}

/** Writes x less its weighted mean to out and answers with the weighted norm; 0 when the spread of x is only rounding. */
function centre(x: ArrayLike<number>, w: Float64Array, out: Float64Array): number {
  let mean = 0
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let i = 0; i < x.length; i++) {
    if (w[i] === 0) continue
    mean += w[i] * x[i]
    low = Math.min(low, x[i])
    high = Math.max(high, x[i])
  }
  let squares = 0
  for (let i = 0; i < x.length; i++) {
    out[i] = x[i] - mean
    squares += w[i] * out[i] * out[i]
  }
  // A few units in the last place of ranks are noise; their correlation would be a plausible number that means nothing.
  return high - low <= 8 * Number.EPSILON * high ? 0 : Math.sqrt(squares)
}

function dot(a: Float64Array, b: Float64Array, w: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += w[i] * a[i] * b[i]
  return sum
}

/** One list: its weights, its soft ranks, the gradient in them (to be written), and the ranks of its labels. */
interface RankedList {
  readonly weights: Float64Array
  readonly ranks: FloatArray
  readonly ranksBar: FloatArray
  readonly target: FloatArray
}

function spearmanLoss({ weights, ranks, ranksBar, target }: RankedList): LossPasses {
  const n = ranks.length
  const [a, b, w, moved] = Array.from({ length: 4 }, () => new Float64Array(n))
  let [normA, normB, rho] = [0, 0, 0]
  return {
    value() {
      normalise(weights, w)
      normA = centre(ranks, w, a)
      normB = centre(target, w, b)
      rho = normA > 0 && normB > 0 ? dot(a, b, w) / (normA * normB) : 0
      return normB > 0 ? 1 - rho : 0
    },
    /** d rho / d a_i = w_i (b_i / |b| - rho a_i / |a|) / |a|; centring changes nothing, as both terms sum to 0. */
    gradient(scale) {
      if (!(normA > 0 && normB > 0)) return void ranksBar.fill(0)
      for (let i = 0; i < n; i++) ranksBar[i] = (-scale * w[i] * (b[i] / normB - (rho * a[i]) / normA)) / normA
    },
    /** With a' the direction less its mean: |a|' = a.a' / |a| and rho' = b.a' / (|a| |b|) - rho |a|' / |a|. */
    bend(scale, direction, out) {
      if (!(normA > 0 && normB > 0)) return void out.fill(0)
      let mean = 0
      for (let i = 0; i < n; i++) mean += w[i] * direction[i]
      for (let i = 0; i < n; i++) moved[i] = direction[i] - mean
      const longer = dot(a, moved, w) / normA
      const turned = dot(b, moved, w) / (normA * normB) - (rho * longer) / normA
      for (let i = 0; i < n; i++) {
        const slope = b[i] / normB - (rho * a[i]) / normA
        const bent = -(turned * a[i] + rho * moved[i] - (rho * a[i] * longer) / normA) / normA
        out[i] = (-scale * w[i] * (bent - (slope * longer) / normA)) / normA
      }
    },
  }
}

/** The ranks of the labels of a batch: by the same soft rank, or average ranks. */
interface Target {
  readonly ranks: FloatArray
  update(): void
  dispose(): void
}

function averageTarget({ shape, labels }: ScoredBatch, descending: boolean): Target {
  const ranks = new Float64Array(labels.length)
  const lists = Array.from({ length: rowCount(shape) }, (_, q) =>
    createAverageRanks(entriesOf(labels, shape, q), entriesOf(ranks, shape, q), descending),
  )
  return {
    ranks,
    update() {
      for (const update of lists) update()
    },
    dispose() {},
  }
}

const softTarget = ({ labels }: ScoredBatch, plan: Plan): Target => ({
  ranks: plan.output,
  update() {
    plan.values.set(labels)
    plan.forward()
  },
  dispose: () => plan.dispose(),
})

export const spearmanBatch =
  (ref: Ref): MakeLossBatch =>
  (batch, params, execution) => {
    const { shape, scores, weights } = batch
    const planRanks = () => nestedPlan(rankOperators.get(ref.name)!, shape, ref.params, execution)
    const inner = planRanks()
    if (!inner) return undefined
    const hard = params.target === 'hard'
    const target = hard ? averageTarget(batch, ref.params.direction === 'descending') : softTarget(batch, planRanks()!)
    const passes = Array.from({ length: rowCount(shape) }, (_, q) =>
      spearmanLoss({
        weights: entriesOf(weights, shape, q),
        ranks: entriesOf(inner.output, shape, q),
        ranksBar: entriesOf(inner.cotangent, shape, q),
        target: entriesOf(target.ranks, shape, q),
      }),
    )
    return {
      passes,
      indirect: true,
      ...bendThrough(inner, passes, shape.offsets),
      engine: inner.engine ?? 'reference',
      prepare() {
        inner.values.set(scores)
        inner.forward()
        target.update()
      },
      finish(gradient) {
        inner.backward()
        gradient.set(inner.gradient)
      },
      dispose() {
        inner.dispose()
        target.dispose()
      },
    }
  }
