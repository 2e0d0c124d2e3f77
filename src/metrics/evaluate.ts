/** Metrics of scored lists: one value a query, in data order. */

import { averagePrecision } from './average-precision.ts'
import { dcg } from './dcg.ts'
import { expectedReciprocalRank } from './err.ts'
import { type JudgedLists, requireJudged } from './judged-lists.ts'
import { kendall } from './kendall.ts'
import type { Metric } from './metric.ts'
import { meanNdcg, ndcg } from './ndcg.ts'
import { pairwiseAccuracy } from './pairwise-accuracy.ts'
import { precision, recall } from './precision.ts'
import { type OrderRule, type RankedList, rankList, type ScoredList } from './ranked-list.ts'
import { reciprocalRank } from './reciprocal-rank.ts'
import { spearman } from './spearman.ts'

export type { JudgedLists } from './judged-lists.ts'

type Ranked = (rule: OrderRule) => RankedList

function evaluateList({ name, cutoff, convention }: Metric, list: ScoredList, ranked: Ranked): number {
  switch (name) {
    case 'spearman':
      return spearman(list)
    case 'kendall':
      return kendall(list)
    case 'pairwise-accuracy':
      return pairwiseAccuracy(list)
    case 'dcg':
      return dcg(ranked(convention), cutoff, convention)
    case 'ndcg':
      return ndcg(ranked(convention), cutoff, convention)
    case 'mean-ndcg':
      return meanNdcg(ranked(convention), convention)
    case 'map':
      return averagePrecision(ranked(convention), cutoff, convention)
    case 'p':
      return precision(ranked(convention), cutoff!, convention)
    case 'recall':
      return recall(ranked(convention), cutoff!, convention)
    case 'mrr':
      return reciprocalRank(ranked(convention), cutoff, convention)
    case 'err':
      return expectedReciprocalRank(ranked(convention), cutoff, convention)
  }
}

/** Each rule of order is applied to a list once, however many metrics read it. */
function rankedOnce(list: ScoredList): Ranked {
  const byRule = new Map<string, RankedList>()
  return (rule) => {
    const key = `${rule.ties} ${rule.scores} ${rule.labels}`
    const known = byRule.get(key)
    if (known) return known
    const ranked = rankList(list, rule)
    byRule.set(key, ranked)
    return ranked
  }
}

/**
 * Values of several metrics, by their canonical name; NaN where a metric drops a query. A list without documents is
 * one without relevant documents.
 * @throws RankBenchError(value) naming row and index of a score that is not finite or a label that a metric cannot
 *   use (see `requireJudged`); RankBenchError(usage) where a tie rule cannot be applied
 */
export function evaluateAll(metrics: readonly Metric[], lists: JudgedLists): Map<string, Float64Array> {
  requireJudged(metrics, lists)
  const { offsets, documents, unranked } = lists
  const [labels, scores] = [new Float64Array(lists.labels), new Float64Array(lists.scores)]
  const columns = metrics.map((metric) => ({ metric, values: new Float64Array(offsets.length - 1) }))
  for (let q = 0; q < offsets.length - 1; q++) {
    const [start, end] = [offsets[q], offsets[q + 1]]
    const list: ScoredList = {
      labels: labels.subarray(start, end),
      scores: scores.subarray(start, end),
      documents: documents?.slice(start, end),
      unranked: unranked?.[q],
    }
    const ranked = rankedOnce(list)
    for (const { metric, values } of columns) values[q] = evaluateList(metric, list, ranked)
  }
  return new Map(columns.map(({ metric, values }) => [metric.text, values]))
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
