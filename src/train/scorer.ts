/** A ranking function with parameters: scores from features, gradients from gradients of scores. */

import type { RankingData } from '../core/dataset.ts'

export interface Scorer {
  /** All parameters, flat; the optimiser changes them in place. */
  readonly parameters: Float64Array
  /** Scores of `rows` documents; `features` is rows x width, row-major. Keeps what `backward` needs. */
  forward(features: Float32Array, rows: number, scores: Float64Array): void
  /** Adds to `gradient` that of the parameters, given that of the scores of the last `forward` (one a row). */
  backward(scoreGradient: ArrayLike<number>, gradient: Float64Array): void
}

/** Documents scored at a time: what a scorer keeps of them stays small, whatever the size of the data. */
const block = 1024

/** The scores of all documents, in data order. */
export function scoreAll(scorer: Scorer, { features, labels, width }: RankingData): Float64Array {
  const scores = new Float64Array(labels.length)
  for (let start = 0; start < scores.length; start += block) {
    const end = Math.min(start + block, scores.length)
    scorer.forward(features.subarray(start * width, end * width), end - start, scores.subarray(start, end))
  }
  return scores
}
