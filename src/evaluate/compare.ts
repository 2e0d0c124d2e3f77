/** Two rankings of the same queries beside each other, metric by metric, with what the difference may mean. */

import { randomStream } from '../core/random.ts'
import type { Metric } from '../metrics/metric.ts'
import { formatMetric } from '../report/numbers.ts'
import { probability, requireSameQueries } from '../report/standings.ts'
import { left, type ReportTable, right, text } from '../report/table.ts'
import { differenceValue } from '../report/values.ts'
import { mean } from '../stats/mean.ts'
import { bootstrapMean, differences, effectSize, holm, pairedTTest, winTieLoss } from '../stats/paired.ts'
import { signFlipTest } from '../stats/sign-flip.ts'

/** Values of one metric, one a query; NaN where the convention drops the query. */
interface Compared {
  readonly metric: Metric
  readonly first: Float64Array
  readonly second: Float64Array
}

/** One line a metric: a - b with a bootstrap interval over queries, both tests, Holm's correction over the metrics. */
export function compareTable(
  names: readonly [string, string],
  compared: readonly Compared[],
  seed: number,
): ReportTable {
  const lines = compared.map((each) => {
    const [a, b] = requireSameQueries(each.metric.text, [
      { name: names[0], perQuery: each.first },
      { name: names[1], perQuery: each.second },
    ])
    const d = differences(a, b)
    const random = randomStream(seed, `compare/${each.metric.text}`)
    return { ...each, a: mean(a), b: mean(b), d, interval: bootstrapMean(d, random), p: signFlipTest(d) }
  })
  const corrected = holm(lines.map(({ p }) => p))
  return {
    id: 'compare',
    title: `${names[0]} against ${names[1]}`,
    about: [
      'difference: first less second, mean over queries, with a 95 % bootstrap interval over queries',
      'p: paired randomisation test, two-sided, over all sign patterns; Holm: the same corrected for the number of metrics; t: paired t-test',
      "d: Cohen's d of the paired values; w/t/l: queries on which the first wins, ties, loses",
    ],
    columns: [left('metric'), ...['first', 'second', 'difference', 'd', 'w/t/l', 'p', 'p (Holm)', 'p (t)'].map(right)],
    rows: lines.map(({ metric, a, b, d, interval, p }, i) => {
      const { win, tie, loss } = winTieLoss(d)
      return [
        text(metric.text),
        { text: formatMetric(a), data: a },
        { text: formatMetric(b), data: b },
        differenceValue(a - b, { low: interval.low, high: interval.high, level: 0.95 }),
        { text: effectSize(d).toFixed(2), data: effectSize(d) },
        text(`${win}/${tie}/${loss}`),
        probability(p),
        probability(corrected[i]),
        probability(pairedTTest(d)),
      ]
    }),
    notes: [],
  }
}
