/** Generated label rankings: the order of linear scores with noise, so that everything runs offline. */

import type { Params } from '../../core/params.ts'
import { randomStream } from '../../core/random.ts'
import { formatRef } from '../../core/selector.ts'
import type { LabelRankingDataset, LabelRankings } from './types.ts'

const params = {
  rows: { kind: 'number', integer: true, min: 20, max: 1_000_000, default: 300, meaning: 'rows' },
  features: { kind: 'number', integer: true, min: 1, max: 10_000, default: 6, meaning: 'features of a row' },
  labels: { kind: 'number', integer: true, min: 2, max: 1_000, default: 5, meaning: 'labels that are ranked' },
  noise: { kind: 'number', min: 0, default: 0.5, meaning: 'standard deviation of what the features do not tell' },
  seed: { kind: 'number', integer: true, min: 0, default: 1, meaning: 'the data is a function of its parameters only' },
} as const

const name = 'synthetic-label-ranking'

/** Ranks of scores, 1 for the smallest. */
function ranksOf(scores: readonly number[]): number[] {
  const order = scores.map((_, label) => label).sort((a, b) => scores[a] - scores[b])
  const ranks = new Array<number>(scores.length)
  order.forEach((label, at) => {
    ranks[label] = at + 1
  })
  return ranks
}

function generate(given: Params): LabelRankings {
  const [rows, width, labels] = [given.rows, given.features, given.labels].map(Number)
  const random = randomStream(Number(given.seed), formatRef({ name, params: given }))
  const weights = Float64Array.from({ length: labels * width }, () => random.normal() / Math.sqrt(width))
  const features = Float64Array.from({ length: rows * width }, () => random.normal())
  const ranks = new Float64Array(rows * labels)
  for (let i = 0; i < rows; i++) {
    const scores = Array.from({ length: labels }, (_, label) => {
      let score = Number(given.noise) * random.normal()
      for (let j = 0; j < width; j++) score += weights[label * width + j] * features[i * width + j]
      return score
    })
    ranks.set(ranksOf(scores), i * labels)
  }
  return { features, width, ranks, labels }
}

export const syntheticLabelRanking: LabelRankingDataset = {
  kind: 'label-ranking',
  name,
  title: 'generated label rankings with a linear model behind them',
  licence: 'none needed: generated',
  citation: '',
  params,
  folds: () => ['generated'],
  digest: async (given) => `generated/1/${formatRef({ name, params: given })}`,
  load: async (_set, given) => generate(given),
}
