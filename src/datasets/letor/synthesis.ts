/**
 * LETOR-shaped data with a known ranker behind it, so that everything runs offline.
 *
 *   relevance(x) = 2 x_1 + 1.5 x_2 x_3 + sin(pi x_4) - 4 (x_5 - 1/2)^2      features in [0, 1]
 *   label = number of thresholds that relevance(x) + query effect + noise exceeds
 *
 * Thresholds are quantiles of the whole set: 19 % of the documents are relevant, as in MQ2008, before the labels of
 * `blank` of the lists are cleared; short lists can be without relevant documents besides. Features are noisy
 * views of a few hidden qualities, scaled to [0, 1] within each list as LETOR's QueryLevelNorm. Lists have 5 to 121
 * documents, most of them about a dozen. A linear ranker gets part of the way, by construction not all of it: mean
 * test NDCG@10 at the defaults is 0.45 for random scores, 0.76 for least squares, 0.89 for the ranker itself.
 */

import type { RankingData } from '../../core/dataset.ts'
import type { Params } from '../../core/params.ts'
import { type Random, randomStream } from '../../core/random.ts'
import { quantiles } from './quantiles.ts'
import { trueRelevance } from './true-relevance.ts'

/** Raised when the same parameters give other data. */
export const synthesisVersion = 1
const hiddenQualities = 6
const relevantShare = 0.19

/** Log-normal lengths: 5 to 121, or 1 to 1,251. */
const listLength: Readonly<Record<string, (random: Random) => number>> = {
  mq2008: (random) => Math.min(121, 5 + Math.floor(Math.exp(1.9 + 0.9 * random.normal()))),
  mslr: (random) => Math.min(1251, 1 + Math.floor(Math.exp(4.63 + 0.55 * random.normal()))),
}

/** Scales each column of rows [start, end) to [0, 1]; a constant column becomes 0. */
function scaleWithinList(features: Float32Array, width: number, start: number, end: number): void {
  for (let j = 0; j < width; j++) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (let i = start; i < end; i++) {
      low = Math.min(low, features[i * width + j])
      high = Math.max(high, features[i * width + j])
    }
    for (let i = start; i < end; i++) {
      features[i * width + j] = high > low ? (features[i * width + j] - low) / (high - low) : 0
    }
  }
}

/** Feature j sees hidden quality j (mod their number), dimmer the larger j is. */
function fillDocument(features: Float32Array, width: number, row: number, random: Random): void {
  const hidden = Array.from({ length: hiddenQualities }, random.normal)
  for (let j = 0; j < width; j++) {
    const clarity = 1 / (1 + Math.floor(j / hiddenQualities))
    features[row * width + j] = clarity * hidden[j % hiddenQualities] + (1 - clarity / 2) * random.normal()
  }
}

function thresholds(worths: Float64Array, grades: number): readonly number[] {
  const shares = Array.from({ length: grades - 1 }, (_, g) => 1 - relevantShare / 2.5 ** g)
  return quantiles(worths, shares)
}

/** All lists of the set. */
export function generate(given: Params): RankingData {
  const random = randomStream(Number(given.seed), `synthetic-letor/${synthesisVersion}`)
  const [queries, width] = [Number(given.queries), Number(given.features)]
  const lengthOf = listLength[String(given.lengths)] ?? listLength.mq2008
  const offsets = new Uint32Array(queries + 1)
  for (let q = 0; q < queries; q++) offsets[q + 1] = offsets[q] + lengthOf(random)
  const documents = offsets[queries]
  const features = new Float32Array(documents * width)
  const worths = new Float64Array(documents)
  const blank: boolean[] = []
  for (let q = 0; q < queries; q++) {
    const effect = 0.3 * random.normal()
    blank.push(random.uniform() < Number(given.blank))
    for (let i = offsets[q]; i < offsets[q + 1]; i++) fillDocument(features, width, i, random)
    scaleWithinList(features, width, offsets[q], offsets[q + 1])
    for (let i = offsets[q]; i < offsets[q + 1]; i++) {
      worths[i] = trueRelevance(features, i * width) + effect + Number(given.noise) * random.normal()
    }
  }
  const limits = thresholds(worths, Number(given.grades))
  const labels = new Float32Array(documents)
  for (let q = 0; q < queries; q++) {
    if (blank[q]) continue
    for (let i = offsets[q]; i < offsets[q + 1]; i++) labels[i] = limits.filter((limit) => worths[i] > limit).length
  }
  return {
    queries: Array.from({ length: queries }, (_, q) => String(q + 1)),
    offsets,
    labels,
    features,
    width,
    documents: Array.from({ length: documents }, (_, i) => `d${String(i).padStart(7, '0')}`),
  }
}
