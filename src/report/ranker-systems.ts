/** Which rankers are better than which: per-query tests on one data set, mean ranks over all. */

import { foldMeans } from '../results/fold-means.ts'
import { type Entry, groupBy, observation, type RunData } from '../results/view.ts'
import { compareRanks, type RankComparison } from '../stats/friedman.ts'
import { mean } from '../stats/mean.ts'
import { baselinesOf, type Ranker, rankerGroups } from './ranker-groups.ts'
import { type Standing, type System, standings, standingsTable } from './systems-table.ts'
import { left, type ReportTable, right, text } from './table.ts'

/**
 * Stored for every query, and of one meaning on both LETOR data sets; the first of each line that a run has. Runs of
 * before `letor3-padded` had a name call it `letor3`.
 */
const metrics: readonly (readonly string[])[] = [['ndcg@10:letor3-padded', 'ndcg@10:letor3'], ['map:letor4']]

/** Values a query of one fold, mean over seeds; nothing unless every seed has them. */
function foldValues(entries: readonly Entry[], metric: string): number[] | undefined {
  const samples = entries.map(({ result }) => observation(result, metric)?.samples)
  if (samples.length === 0 || samples.some((each) => each === undefined)) return undefined
  return samples[0]!.map((_, q) => mean(samples.map((each) => each![q])))
}

/** All test queries, fold after fold; undefined when a fold is missing. */
function queryValues({ entries }: Ranker, folds: readonly string[], metric: string): Float64Array | undefined {
  const byFold = groupBy(entries, ({ cell }) => cell.split)
  const values = folds.map((fold) => foldValues(byFold.get(fold) ?? [], metric))
  if (values.some((each) => each === undefined)) return undefined
  return Float64Array.from((values as number[][]).flat())
}

interface Contest {
  readonly dataset: string
  readonly folds: readonly string[]
  readonly rankers: readonly Ranker[]
}

/** All rankers of a data set, whatever their scorer, baselines too. */
function contests(run: RunData): Contest[] {
  const groups = rankerGroups(run)
  return [...new Set(groups.map(({ dataset }) => dataset))].map((dataset) => {
    const own = groups.filter((group) => group.dataset === dataset)
    const named = own.flatMap(({ scorer, rankers }) =>
      rankers.map(({ name, entries }) => ({ name: own.length > 1 ? `${name}, ${scorer}` : name, entries })),
    )
    const folds = [...new Set(own.flatMap(({ entries }) => entries.map(({ cell }) => cell.split)))]
    return { dataset, folds, rankers: [...named, ...baselinesOf(run, dataset)] }
  })
}

const fewest = 2

/** The rankers of one data set under one metric. */
export interface Field {
  readonly dataset: string
  readonly metric: string
  readonly queries: number
  readonly standings: readonly Standing[]
}

function systemsOf({ rankers, folds }: Contest, metric: string): System[] {
  return rankers.flatMap((ranker): System[] => {
    const perQuery = queryValues(ranker, folds, metric)
    return perQuery ? [{ name: ranker.name, perQuery }] : []
  })
}

function compared(run: RunData): Field[] {
  return contests(run).flatMap((contest) =>
    metrics.flatMap((alternatives) => {
      const found = alternatives
        .map((metric) => ({ metric, systems: systemsOf(contest, metric) }))
        .find(({ systems }) => systems.length >= fewest)
      if (!found) return []
      const { metric, systems } = found
      const queries = systems[0].perQuery.length
      return [{ dataset: contest.dataset, metric, queries, standings: standings(metric, systems, run.seed) }]
    }),
  )
}

const known = new WeakMap<RunData, Field[]>()

/**
 * One field a data set and metric that at least two rankers have for every query; compared once a run, however many tables and
 * pictures show it.
 * @throws RankBenchError(usage) when rankers count other queries
 */
export function fields(run: RunData): Field[] {
  const found = known.get(run) ?? compared(run)
  known.set(run, found)
  return found
}

/** One table a data set and metric. */
export const rankerSystemTables = (run: RunData): ReportTable[] =>
  fields(run).map(({ dataset, metric, queries, standings: field }) =>
    standingsTable(metric, queries, field, {
      id: `systems/${dataset}/${metric}`,
      title: `Which rankers differ: ${dataset}, ${metric}`,
      about: ['test queries of all folds, mean over seeds a query'],
    }),
  )

export interface RankedRankers extends RankComparison {
  readonly metric: string
  readonly names: readonly string[]
  readonly datasets: readonly string[]
}

/** Rankers that were measured on every fold of every data set, by their mean rank; undefined below two of either. */
export function rankedRankers(run: RunData): RankedRankers | undefined {
  for (const metric of metrics[0]) {
    const ranked = rankedUnder(run, metric)
    if (ranked) return ranked
  }
  return undefined
}

function rankedUnder(run: RunData, metric: string): RankedRankers | undefined {
  const all = contests(run)
  const values = all.map(({ rankers }) => new Map(rankers.map((each) => [each.name, foldMeans(each.entries, metric)])))
  const names = (all[0]?.rankers ?? [])
    .map(({ name }) => name)
    .filter((name) => values.every((own, at) => own.get(name)?.length === all[at].folds.length))
  if (all.length < fewest || names.length < fewest) return undefined
  const blocks = all.flatMap(({ folds }, at) =>
    folds.map((_, fold) => names.map((name) => values[at].get(name)![fold])),
  )
  return { metric, names, datasets: all.map(({ dataset }) => dataset), ...compareRanks(blocks) }
}

export function rankTable(run: RunData): ReportTable | undefined {
  const ranked = rankedRankers(run)
  if (!ranked) return undefined
  const { metric, names, datasets, meanRanks, p, criticalDifference, blocks } = ranked
  const order = names.map((_, i) => i).sort((i, j) => meanRanks[i] - meanRanks[j])
  return {
    id: 'ranks',
    title: `Mean ranks over ${datasets.join(' and ')}, ${metric}`,
    about: [
      `${blocks} blocks (a fold of a data set each), ${names.length} rankers, 1 is best; Friedman test (Iman and Davenport): p = ${p < 0.001 ? p.toExponential(1) : p.toFixed(3)}`,
      `mean ranks further apart than ${criticalDifference.toFixed(2)} differ (Nemenyi, 5 %); folds share training queries, so read it as a summary, not as a test of new data sets`,
    ],
    columns: [left('ranker'), right('mean rank'), left('within the critical difference of the best')],
    rows: order.map((i) => [
      text(names[i]),
      { text: meanRanks[i].toFixed(2), data: meanRanks[i] },
      text(meanRanks[i] - meanRanks[order[0]] <= criticalDifference ? 'yes' : 'no'),
    ]),
    notes: [],
  }
}
