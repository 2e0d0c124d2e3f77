/** Metrics of scored lists: one value a query, in data order. */

import { valueError } from '../core/errors.ts'
import { requireFinite } from '../core/shape.ts'
import { averagePrecision } from './average-precision.ts'
import type { Convention } from './convention.ts'
import { dcg } from './dcg.ts'
import { expectedReciprocalRank } from './err.ts'
import type { Metric } from './metric.ts'
import { meanNdcg, ndcg } from './ndcg.ts'
import { precision, recall } from './precision.ts'
import { kendall, pairwiseAccuracy, spearman } from './rank-agreement.ts'
import { type RankedList, rankList, type ScoredList } from './ranked-list.ts'
import { reciprocalRank } from './reciprocal-rank.ts'

export interface JudgedLists {
  /** List q owns documents offsets[q] up to offsets[q + 1]. */
  readonly offsets: Uint32Array
  readonly labels: ArrayLike<number>
  readonly scores: ArrayLike<number>
  readonly documents?: readonly string[]
}

type Ranked = (ties: Convention['ties']) => RankedList

function evaluateList({ name, cutoff, convention }: Metric, list: ScoredList, ranked: Ranked): number {
  switch (name) {
    case 'spearman':
      return spearman(list)
    case 'kendall':
      return kendall(list)
    case 'pairwise-accuracy':
      return pairwiseAccuracy(list)
    case 'dcg':
      return dcg(ranked(convention.ties), cutoff, convention)
    case 'ndcg':
      return ndcg(ranked(convention.ties), cutoff, convention)
    case 'mean-ndcg':
      return meanNdcg(ranked(convention.ties), convention)
    case 'map':
      return averagePrecision(ranked(convention.ties), cutoff, convention)
    case 'p':
      return precision(ranked(convention.ties), cutoff!, convention)
    case 'recall':
      return recall(ranked(convention.ties), cutoff!, convention)
    case 'mrr':
      return reciprocalRank(ranked(convention.ties), cutoff, convention)
    case 'err':
      return expectedReciprocalRank(ranked(convention.ties), cutoff, convention)
  }
}

/** Each tie rule orders a list once, however many metrics read it. */
function rankedOnce(list: ScoredList): Ranked {
  const byRule = new Map<Convention['ties'], RankedList>()
  return (ties) => {
    const known = byRule.get(ties)
    if (known) return known
    const ranked = rankList(list, ties)
    byRule.set(ties, ranked)
    return ranked
  }
}

function requireJudged({ offsets, labels, scores }: JudgedLists): void {
  const items = offsets[offsets.length - 1]
  if (labels.length !== items || scores.length !== items) {
    throw valueError(`${labels.length} labels and ${scores.length} scores for ${items} documents`)
  }
  requireFinite(scores, { offsets }, 'scores')
  requireFinite(labels, { offsets }, 'labels')
  for (let q = 0; q < offsets.length - 1; q++) {
    for (let i = offsets[q]; i < offsets[q + 1]; i++) {
      if (labels[i] < 0)
        throw valueError(`labels: row ${q}, index ${i - offsets[q]} is ${labels[i]}; expected 0 or more`)
    }
  }
}

function listAt({ offsets, labels, scores, documents }: JudgedLists, q: number): ScoredList {
  const [start, length] = [offsets[q], offsets[q + 1] - offsets[q]]
  return {
    labels: Float64Array.from({ length }, (_, i) => labels[start + i]),
    scores: Float64Array.from({ length }, (_, i) => scores[start + i]),
    documents: documents?.slice(start, start + length),
  }
}

/**
 * Values of several metrics, by their canonical name; NaN where a metric drops a query. A list without documents is
 * one without relevant documents.
 * @throws RankBenchError(value) naming row and index of a score that is not finite or a label that is negative;
 *   RankBenchError(usage) where a tie rule cannot be applied
 */
export function evaluateAll(metrics: readonly Metric[], lists: JudgedLists): Map<string, Float64Array> {
  requireJudged(lists)
  const queries = lists.offsets.length - 1
  const values = new Map(metrics.map((metric) => [metric.text, new Float64Array(queries)]))
  for (let q = 0; q < queries; q++) {
    const list = listAt(lists, q)
    const ranked = rankedOnce(list)
    for (const metric of metrics) values.get(metric.text)![q] = evaluateList(metric, list, ranked)
  }
  return values
}

/** Values of one metric. See `evaluateAll`. */
export const evaluateQueries = (metric: Metric, lists: JudgedLists): Float64Array =>
  evaluateAll([metric], lists).get(metric.text)!

/** Mean over the queries that the metric does not drop; NaN when it drops all. */
export function meanOverQueries(perQuery: ArrayLike<number>): number {
  let [sum, counted] = [0, 0]
  for (let q = 0; q < perQuery.length; q++) {
    if (Number.isNaN(perQuery[q])) continue
    sum += perQuery[q]
    counted++
  }
  return sum / counted
}
