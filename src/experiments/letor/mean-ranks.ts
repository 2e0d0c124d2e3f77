/** Mean rank of each loss over the folds of all data sets, each with the scorer that its validation parts prefer. */

import { randomStream } from '../../core/random.ts'
import { probability } from '../../report/standings.ts'
import { left, type ReportTable, right, text } from '../../report/table.ts'
import type { RunData } from '../../results/view.ts'
import { compareRanks, type RankComparison } from '../../stats/friedman.ts'
import { mean } from '../../stats/mean.ts'
import { quantileSorted } from '../../stats/quantile.ts'
import { type Competitor, type Contest, contestMetrics, contests, queryValues, validationValue } from './contest.ts'

const fewest = 2
const resamples = 1000

/** One competitor a ranker: its only one, or that of the scorer with the highest validation value. */
function chosen({ competitors }: Contest): Map<string, Competitor> {
  const found = new Map<string, Competitor>()
  for (const each of competitors) {
    const other = found.get(each.ranker)
    const better = !other || (validationValue(each) ?? 0) > (validationValue(other) ?? 0)
    if (better) found.set(each.ranker, each)
  }
  return found
}

export interface RankedRankers extends RankComparison {
  readonly metric: string
  readonly names: readonly string[]
  readonly datasets: readonly string[]
  /** The scorer of each ranker on each data set; empty for baselines. */
  readonly scorers: readonly (readonly string[])[]
  /** Percentile interval of each mean rank when the test queries of every fold are drawn again. */
  readonly intervals: readonly { readonly low: number; readonly high: number }[]
  /** Pairs of rankers whose mean ranks are further apart than the critical difference, of all pairs. */
  readonly separated: { readonly pairs: number; readonly of: number }
}

/** blocks x rankers x queries -> mean rank under one resample of the queries of each block. */
function resampledRanks(blocks: readonly (readonly number[])[][], draw: (queries: number) => number[]): number[] {
  const means = blocks.map((rankers) => {
    const queries = draw(rankers[0].length)
    return rankers.map((values) => mean(queries.map((q) => values[q])))
  })
  return [...compareRanks(means).meanRanks]
}

function rankIntervals(blocks: readonly (readonly number[])[][], count: number) {
  const random = randomStream(0, 'mean ranks')
  const draw = (queries: number) => Array.from({ length: queries }, () => random.integer(queries))
  const all = Array.from({ length: resamples }, () => resampledRanks(blocks, draw))
  return Array.from({ length: count }, (_, i) => {
    const ranks = Float64Array.from(all, (each) => each[i]).sort()
    return { low: quantileSorted(ranks, 0.025), high: quantileSorted(ranks, 0.975) }
  })
}

function separatedPairs(ranks: readonly number[], difference: number): RankedRankers['separated'] {
  const pairs = ranks.flatMap((rank, i) => ranks.slice(i + 1).map((other) => Math.abs(rank - other)))
  return { pairs: pairs.filter((apart) => apart > difference).length, of: pairs.length }
}

function ranked(run: RunData): RankedRankers | undefined {
  const [metric] = contestMetrics(run)
  const all = contests(run)
  if (all.length < fewest) return undefined
  const picked = all.map((contest) => chosen(contest))
  const valuesOf = (ranker: string) =>
    all.map(({ folds }, at) => {
      const found = picked[at].get(ranker)
      return found && queryValues(found, folds, metric)
    })
  const complete = [...picked[0].keys()].flatMap((name) => {
    const values = valuesOf(name)
    return values.some((each) => each === undefined) ? [] : [{ name, values: values as number[][][] }]
  })
  if (complete.length < fewest) return undefined
  const blocks = all.flatMap(({ folds }, at) => folds.map((_, fold) => complete.map(({ values }) => values[at][fold])))
  const comparison = compareRanks(blocks.map((rankers) => rankers.map((values) => mean(values))))
  return {
    ...comparison,
    metric,
    names: complete.map(({ name }) => name),
    datasets: all.map(({ dataset }) => dataset),
    scorers: complete.map(({ name }) => picked.map((own) => own.get(name)!.scorer ?? '')),
    intervals: rankIntervals(blocks, complete.length),
    separated: separatedPairs(comparison.meanRanks, comparison.criticalDifference),
  }
}

const known = new WeakMap<RunData, RankedRankers | undefined>()

/** Rankers that have every fold of every data set, by query; undefined below two of either. Computed once a run. */
export function rankedRankers(run: RunData): RankedRankers | undefined {
  if (!known.has(run)) known.set(run, ranked(run))
  return known.get(run)
}

/** `= 0.012`, or `< 1e-15`. */
const equation = (shown: string): string => (shown.startsWith('<') ? shown.replace('<', '< ') : `= ${shown}`)

/** Names that stand for one loss are one ranker. */
export const rankOf = (all: RankedRankers | undefined, ranker: string): number | undefined => {
  const at = all?.names.indexOf(ranker) ?? -1
  return at < 0 ? undefined : all!.meanRanks[at]
}

export function rankTable(run: RunData): ReportTable | undefined {
  const all = rankedRankers(run)
  if (!all) return undefined
  const { metric, names, datasets, scorers, meanRanks, intervals, p, criticalDifference, separated, blocks } = all
  const order = names.map((_, i) => i).sort((i, j) => meanRanks[i] - meanRanks[j])
  return {
    id: 'ranks',
    title: `Mean ranks over ${datasets.join(' and ')}, ${metric}`,
    about: [
      `${blocks} blocks (a fold of a data set each), ${names.length} rankers, 1 is best; the scorer of each loss was chosen on the validation parts; interval: 95 %, test queries drawn again`,
      `ranks as uneven as these among rankers that are all the same: p ${equation(probability(p).text)} (Friedman, Iman and Davenport)`,
      `a summary, not a verdict: mean ranks would have to be ${criticalDifference.toFixed(2)} apart (Nemenyi, 5 %), which separates ${separated.pairs} of ${separated.of} pairs; folds share training queries. Which rankers may be the best is said by the tables of each data set`,
    ],
    columns: [left('ranker'), right('mean rank'), ...datasets.map((dataset) => left(`scorer on ${dataset}`))],
    rows: order.map((i) => [
      text(names[i]),
      {
        text: `${meanRanks[i].toFixed(2)} [${intervals[i].low.toFixed(2)}, ${intervals[i].high.toFixed(2)}]`,
        data: meanRanks[i],
      },
      ...scorers[i].map((scorer) => text(scorer || '–')),
    ]),
    notes: [],
  }
}
