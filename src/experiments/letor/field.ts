/** Which rankers of a data set may be the best: one comparison a data set and metric, whatever tables and pictures show it. */

import { withoutOperators } from '../../core/method-ref.ts'
import { formatMetric } from '../../report/numbers.ts'
import { type Ranking, type Standing, standings, standingsTable } from '../../report/standings.ts'
import type { ReportTable } from '../../report/table.ts'
import type { RunData } from '../../results/view.ts'
import { type Competitor, contestMetrics, contests, queryValues } from './contest.ts'

const fewest = 2

/** The rankers of one data set under one metric. */
export interface Field {
  readonly dataset: string
  readonly metric: string
  readonly queries: number
  readonly standings: readonly (Standing & { readonly competitor: Competitor })[]
}

function compared(run: RunData): Field[] {
  return contests(run).flatMap(({ dataset, folds, competitors }) =>
    contestMetrics(run).flatMap((metric) => {
      const ranked = competitors.flatMap((competitor): (Ranking & { competitor: Competitor })[] => {
        const perQuery = queryValues(competitor, folds, metric)?.flat()
        return perQuery ? [{ name: competitor.name, perQuery, competitor }] : []
      })
      if (ranked.length < fewest) return []
      const byName = new Map(ranked.map(({ name, competitor }) => [name, competitor]))
      const field = standings(metric, ranked).map((each) => ({ ...each, competitor: byName.get(each.name)! }))
      return [{ dataset, metric, queries: ranked[0].perQuery.length, standings: field }]
    }),
  )
}

const known = new WeakMap<RunData, Field[]>()

/**
 * One field a data set and metric that at least two rankers have for every query; compared once a run.
 * @throws RankBenchError(usage) when rankers count other queries
 */
export function fields(run: RunData): Field[] {
  const found = known.get(run) ?? compared(run)
  known.set(run, found)
  return found
}

/** One table a data set and metric. */
export const standingTables = (run: RunData): ReportTable[] =>
  fields(run).map(({ dataset, metric, queries, standings: field }) => ({
    ...standingsTable(metric, queries, field, {
      id: `systems/${dataset}/${metric}`,
      title: `Which rankers may be the best: ${dataset}, ${metric}`,
      about: ['test queries of all folds, mean over seeds a query'],
    }),
    rowKeys: field.map(({ competitor }) => competitor.entries.map(({ key }) => key)),
  }))

const mostNamed = 8

const named = (names: readonly string[]): string =>
  names.length > mostNamed
    ? `${names.slice(0, mostNamed).join('; ')}; and ${names.length - mostNamed} more`
    : names.join('; ')

/** Which rankers cannot be told apart from the best: a clause a data set, under the first metric. */
export function contenders(run: RunData): string[] {
  const all = fields(run)
  return all
    .filter(({ metric }) => metric === all[0].metric)
    .map(({ dataset, metric, standings: field }) => {
      const may = field.filter(({ mayBeBest }) => mayBeBest).map(({ name }) => withoutOperators(name))
      const top = field[0]
      const highest = `highest ${metric} ${formatMetric(top.mean)} (${withoutOperators(top.name)})`
      return may.length < 2
        ? `${dataset}: ${highest}, told apart from all ${field.length - 1} others`
        : `${dataset}: ${may.length} of ${field.length}: ${named(may)}; ${highest}`
    })
}
