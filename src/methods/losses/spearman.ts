/**
 * Spearman loss: 1 - Pearson correlation of the soft ranks of the scores with the ranks of the labels.
 *
 * The ranks of the labels are soft too by default, by the same operator, as in the README of torchsort
 * (https://github.com/teddykoker/torchsort); target=hard takes average ranks, which makes the loss 1 - Spearman's rho
 * in the hard limit. Soft ranks: Blondel et al., ICML 2020.
 *
 * Lists of fewer than 2 items and lists with constant labels have loss 0 and gradient 0. When the soft ranks of the
 * scores are constant the correlation is undefined; it counts as 0: loss 1, gradient 0.
 */

import { defineMethod, type OperatorSpec } from '../../core/method.ts'
import type { ParamSpace, Params } from '../../core/params.ts'
import { type Ref, resolveOne } from '../../core/selector.ts'
import { regularShape } from '../../core/shape.ts'
import { createAverageRanks } from '../shared/average-ranks.ts'
import { type LossKernel, lossOperator, type ScoredList } from '../shared/loss-plan.ts'
import { operatorsOf } from '../value-methods.ts'

const params: ParamSpace = {
  rank: {
    kind: 'text',
    default: 'permutahedron',
    examples: [
      'permutahedron',
      'permutahedron[regularization=kl]',
      'sigmoid[strength=0.5]',
      'neuralsort',
      'softsort[power=2]',
    ],
    meaning: 'selector of the soft rank, e.g. sigmoid[strength=0.1]',
  },
  target: {
    kind: 'choice',
    default: 'soft',
    choices: ['soft', 'hard'],
    meaning: 'ranks of the labels: by the same soft rank, or average ranks',
  },
}

const rankOperators = operatorsOf('rank')

/** @throws RankBenchError(usage) unless `selector` names one rank operator, with or without its prefix */
const resolveRank = (selector: string): Ref =>
  resolveOne(selector, new Map([...rankOperators].map(([name, { params }]) => [name, params])), 'method')

/** The soft rank of one list, as a plan of its own. */
const planRank = (ref: Ref, n: number) => rankOperators.get(ref.name)!.plan(regularShape(1, n), ref.params, 'f64')

/** A function that brings `ranks` up to date with the labels. */
function createTarget(labels: Float64Array, ref: Ref, hard: boolean): { ranks: Float64Array; update(): void } {
  const ranks = new Float64Array(labels.length)
  if (hard) return { ranks, update: createAverageRanks(labels, ranks, ref.params.direction === 'descending') }
  const plan = planRank(ref, labels.length)
  const update = () => {
    plan.values.set(labels)
    plan.forward()
    ranks.set(plan.output)
  }
  return { ranks, update }
}

/** Writes x less its mean to out and answers with the Euclidean norm; 0 when the spread of x is only rounding. */
function centre(x: ArrayLike<number>, out: Float64Array): number {
  let mean = 0
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let i = 0; i < x.length; i++) {
    mean += x[i] / x.length
    low = Math.min(low, x[i])
    high = Math.max(high, x[i])
  }
  let squares = 0
  for (let i = 0; i < x.length; i++) {
    out[i] = x[i] - mean
    squares += out[i] * out[i]
  }
  // A few units in the last place of ranks are noise; their correlation would be a plausible number that means nothing.
  return high - low <= 8 * Number.EPSILON * high ? 0 : Math.sqrt(squares)
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

function spearmanLoss({ scores, labels }: ScoredList, params: Params, ref: Ref): LossKernel {
  const n = scores.length
  const rank = planRank(ref, n)
  const target = createTarget(labels, ref, params.target === 'hard')
  const [a, b] = [new Float64Array(n), new Float64Array(n)]
  let [normA, normB, rho] = [0, 0, 0]
  return {
    value() {
      rank.values.set(scores)
      rank.forward()
      target.update()
      normA = centre(rank.output, a)
      normB = centre(target.ranks, b)
      rho = normA > 0 && normB > 0 ? dot(a, b) / (normA * normB) : 0
      return normB > 0 ? 1 - rho : 0
    },
    /** d rho / d a_i = (b_i / |b| - rho a_i / |a|) / |a|; centring changes nothing, as both terms sum to 0. */
    gradient(scale, out) {
      if (!(normA > 0 && normB > 0)) return void out.fill(0)
      for (let i = 0; i < n; i++) rank.cotangent[i] = (-scale * (b[i] / normB - (rho * a[i]) / normA)) / normA
      rank.backward()
      out.set(rank.gradient)
    },
  }
}

const declared = {
  params,
  // Those of the default rank operator; a quadratic one makes the loss quadratic.
  growth: { forward: 'n log n', backward: 'n', memory: 'n' },
  labels: 'any',
} as const

/** The rank selector is resolved once a plan, so that a wrong one is refused even for a batch of no lists. */
const spearmanOperator = (ref: Ref): OperatorSpec =>
  lossOperator(declared, (list, params) => spearmanLoss(list, params, ref))

const byDefault = spearmanOperator(resolveRank(params.rank.default as string))

/**
 * Spearman loss over any soft rank.
 * Its plan throws RankBenchError(usage) when `rank` is not the selector of one rank operator.
 */
export const spearman = defineMethod({
  name: 'spearman',
  title: 'Spearman: one minus the correlation of soft ranks',
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
    loss: {
      ...byDefault,
      plan: (shape, params, precision) =>
        spearmanOperator(resolveRank(params.rank as string)).plan(shape, params, precision),
    },
  },
})
