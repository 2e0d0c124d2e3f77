/** Every requested metric of the test part with its values a query, and the published tables' metrics as means. */

import type { RankingData } from '../../core/dataset.ts'
import type { EveryQuery } from '../../core/experiment.ts'
import type { Observation } from '../../core/result.ts'
import { evaluateAll, meanOverQueries } from '../../metrics/evaluate.ts'
import { type Metric, parseMetric } from '../../metrics/metric.ts'
import { presets } from '../../metrics/presets.ts'

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)

/** What published tables print, and one ranking under every convention. */
const alsoReported: readonly Metric[] = [
  ...['letor3', 'letor3-padded', 'letor4'].flatMap((script) => [
    ...upTo(10).flatMap((k) => [`ndcg@${k}:${script}`, `p@${k}:${script}`]),
    `map:${script}`,
  ]),
  ...['letor3-padded', 'letor4'].map((script) => `mean-ndcg:${script}`),
  ...[...presets.keys()].flatMap((preset) => [1, 3, 5, 10, 20].map((k) => `ndcg@${k}:${preset}`)),
  'mrr:rax',
].map(parseMetric)

/** A mean without values a query behind it. */
export const plain = (metric: string, value: number): Observation => ({ metric, unit: '1', better: 'higher', value })

/** `stored` first, then the others; each once. Conventions that need names of documents only where the data has them. */
function applicable(stored: readonly Metric[], named: boolean): Metric[] {
  const unique = new Map([...stored, ...alsoReported].map((metric) => [metric.text, metric]))
  return [...unique.values()].filter((metric) => named || metric.convention.ties !== 'docid')
}

/**
 * @param scores one a document of `test`
 * @param stored metrics whose values are kept for every query, in data order; NaN where the metric drops a query
 * @param also keep those of these metrics too, or of all
 */
export function testObservations(
  scores: Float64Array,
  test: RankingData,
  stored: readonly Metric[],
  also: EveryQuery = false,
): Observation[] {
  const metrics = applicable(stored, test.documents !== undefined)
  const values = evaluateAll(metrics, { ...test, scores })
  const isAsked = (text: string): boolean => (typeof also === 'boolean' ? also : also.includes(text))
  const isStored = new Set(stored.map((metric) => metric.text))
  return metrics.map(({ text }) => {
    const perQuery = values.get(text)!
    const mean = plain(text, meanOverQueries(perQuery))
    return isStored.has(text) || isAsked(text) ? { ...mean, samples: Array.from(perQuery) } : mean
  })
}
