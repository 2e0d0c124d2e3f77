/** One ranking under every named convention: how far NDCG moves with nothing but its definition. */

import { evaluateAll, type JudgedLists, meanOverQueries } from './evaluate.ts'
import { parseMetric } from './metric.ts'
import { ndcgConventions } from './presets.ts'

export type ConventionRow =
  /** Mean NDCG over queries, one value a cutoff. */
  | { readonly preset: string; readonly values: readonly number[] }
  /** The data lacks what the convention needs. */
  | { readonly preset: string; readonly values: undefined; readonly reason: string }

/**
 * Mean NDCG at each of `cutoffs`, one row a preset, in the order of `ndcgConventions`. A preset that breaks ties by document
 * name has no values where `lists` has no names: another tie rule under its name would be another convention.
 * @throws RankBenchError as `evaluateAll` does
 */
export function conventionTable(lists: JudgedLists, cutoffs: readonly number[]): ConventionRow[] {
  const usable = [...ndcgConventions.keys()].filter(
    (name) => ndcgConventions.get(name)!.ties !== 'docid' || lists.documents,
  )
  const name = (preset: string, cutoff: number) => `ndcg@${cutoff}:${preset}`
  const metrics = usable.flatMap((preset) => cutoffs.map((cutoff) => parseMetric(name(preset, cutoff))))
  const values = evaluateAll(metrics, lists)
  return [...ndcgConventions.keys()].map((preset) =>
    usable.includes(preset)
      ? { preset, values: cutoffs.map((cutoff) => meanOverQueries(values.get(name(preset, cutoff))!)) }
      : { preset, values: undefined, reason: 'ties=docid needs document names, and this data has none' },
  )
}
