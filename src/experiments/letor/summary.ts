/** One table a reader can grasp: every loss on every data set, and which of them may be the best. */

import { withoutOperators } from '../../core/method-ref.ts'
import { formatMetric } from '../../report/numbers.ts'
import { bestRule } from '../../report/standings.ts'
import { dash, left, type ReportTable, right, text, type Value } from '../../report/table.ts'
import type { RunData } from '../../results/view.ts'
import { type Field, fields } from './field.ts'
import { rankedRankers, rankOf } from './mean-ranks.ts'

/** Stands for settings that differ from most; they differ by scorer, and the tables name them. */
const otherSettings = ' †'

const shown = (ranker: string): string => ranker.replace(/, letor\[[^\]]*\]/g, otherSettings)

interface Column {
  readonly title: string
  readonly values: ReadonlyMap<string, Field['standings'][number]>
}

function columnsOf({ dataset, standings: all }: Field): Column[] {
  const scorers = [...new Set(all.flatMap(({ competitor }) => competitor.scorer ?? []))].sort()
  return (scorers.length > 0 ? scorers : [undefined]).map((scorer) => ({
    title: [dataset, ...(scorer === undefined ? [] : [scorer])].join(', '),
    // Baselines stand in every column of their data set.
    values: new Map(
      all
        .filter(({ competitor }) => competitor.scorer === undefined || competitor.scorer === scorer)
        .map((each) => [shown(each.competitor.ranker), each]),
    ),
  }))
}

/** Who may be the best of a data set, in one line. */
function contenders({ dataset, metric, standings: all }: Field): string {
  const names = all.filter(({ mayBeBest }) => mayBeBest).map(({ name }) => withoutOperators(shown(name)))
  return `${dataset}, ${metric}: ${names.length} of ${all.length} rankers cannot be told apart from the best: ${names.join('; ')}`
}

export function summaryTables(run: RunData): ReportTable[] {
  const all = fields(run)
  if (all.length === 0) return []
  const [{ metric }] = all
  const own = all.filter((field) => field.metric === metric)
  const columns = own.flatMap(columnsOf)
  const ranks = rankedRankers(run)
  const meanRank = new Map((ranks?.names ?? []).map((name) => [shown(name), rankOf(ranks, name)!]))
  const last = (ranker: string): number => meanRank.get(ranker) ?? Number.POSITIVE_INFINITY
  const rankers = [...new Set(columns.flatMap(({ values }) => [...values.keys()]))].sort((a, b) => last(a) - last(b))
  return [
    {
      id: 'summary/rankers',
      title: `Which loss ranks best: ${metric}`,
      about: [
        'test queries of all folds, mean over queries and seeds; every choice was made on the validation part',
        `* ${bestRule()}`,
        'mean rank: over all folds of all data sets, 1 is best, of the scorer that the validation parts prefer',
      ],
      columns: [left('ranker'), ...columns.map(({ title }) => right(title)), right('mean rank')],
      notes: [
        ...own.map(contenders),
        ...(rankers.some((ranker) => ranker.includes(otherSettings))
          ? [`${otherSettings.trim()}: with other settings than most, named in the tables of each data set`]
          : []),
      ],
      rowKeys: rankers.map((ranker) =>
        columns.flatMap(({ values }) => (values.get(ranker)?.competitor.entries ?? []).map(({ key }) => key)),
      ),
      rows: rankers.map((ranker) => [
        text(ranker),
        ...columns.map(({ values }): Value => {
          const found = values.get(ranker)
          if (!found) return dash
          return { text: `${formatMetric(found.mean)}${found.mayBeBest ? ' *' : '  '}`, data: found.mean }
        }),
        meanRank.has(ranker) ? { text: last(ranker).toFixed(1), data: last(ranker) } : dash,
      ]),
    },
  ]
}
