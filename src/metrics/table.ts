/** One ranking under every named convention: how far NDCG moves with nothing but its definition. */

import { RankBenchError } from '../core/errors.ts'
import { evaluateAll, type JudgedLists, meanOverQueries } from './evaluate.ts'
import { requireJudged, requireToolLabels } from './judged-lists.ts'
import { parseMetric } from './metric.ts'
import { ndcgConventions } from './presets.ts'

type ConventionRow =
  /** Mean NDCG over queries, one value a cutoff. */
  | { readonly preset: string; readonly values: readonly number[] }
  /** The data lacks what the convention needs. */
  | { readonly preset: string; readonly values: undefined; readonly reason: string }

function rowOf(preset: string, lists: JudgedLists, cutoffs: readonly number[]): ConventionRow {
  if (ndcgConventions.get(preset)!.ties === 'docid' && !lists.documents)
    return { preset, values: undefined, reason: 'ties=docid needs document names, and this data has none' }
  const metrics = cutoffs.map((cutoff) => parseMetric(`ndcg@${cutoff}:${preset}`))
  try {
    requireToolLabels(metrics, lists)
    const values = evaluateAll(metrics, lists)
    return { preset, values: metrics.map(({ text }) => meanOverQueries(values.get(text)!)) }
  } catch (error) {
    if (error instanceof RankBenchError && error.kind === 'value')
      return { preset, values: undefined, reason: error.message }
    throw error
  }
}

/**
 * Mean NDCG at each of `cutoffs`, one row a preset, in the order of `ndcgConventions`. A preset has no values where its
 * tool does not take the labels, nor one that breaks ties by document name where `lists` has no names: another rule
 * under its name would be another convention.
 * @throws RankBenchError(value) for scores that are not finite
 */
export function conventionTable(lists: JudgedLists, cutoffs: readonly number[]): ConventionRow[] {
  requireJudged([], lists)
  return [...ndcgConventions.keys()].map((preset) => rowOf(preset, lists, cutoffs))
}
