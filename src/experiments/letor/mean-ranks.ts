/** Mean rank of each loss over the folds of all data sets, each with the scorer that its validation parts prefer. */

import { randomStream } from '../../core/random.ts'
import { rankLines, rankValue } from '../../report/mean-ranks.ts'
import { left, type ReportTable, right, text } from '../../report/table.ts'
import type { RunData } from '../../results/view.ts'
import { type RankedBlocks, rankBlocks } from '../../stats/mean-ranks.ts'
import { type Competitor, type Contest, contestMetrics, contests, queryValues, validationValue } from './contest.ts'

const fewest = 2

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

export interface RankedRankers extends RankedBlocks {
  readonly metric: string
  readonly names: readonly string[]
  readonly datasets: readonly string[]
  /** The scorer of each ranker on each data set; empty for baselines. */
  readonly scorers: readonly (readonly string[])[]
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
  return {
    ...rankBlocks(blocks, randomStream(0, 'mean ranks')),
    metric,
    names: complete.map(({ name }) => name),
    datasets: all.map(({ dataset }) => dataset),
    scorers: complete.map(({ name }) => picked.map((own) => own.get(name)!.scorer ?? '')),
  }
}

const known = new WeakMap<RunData, RankedRankers | undefined>()

/** Rankers that have every fold of every data set, by query; undefined below two of either. Computed once a run. */
export function rankedRankers(run: RunData): RankedRankers | undefined {
  if (!known.has(run)) known.set(run, ranked(run))
  return known.get(run)
}

/** Names that stand for one loss are one ranker. */
export const rankOf = (all: RankedRankers | undefined, ranker: string): number | undefined => {
  const at = all?.names.indexOf(ranker) ?? -1
  return at < 0 ? undefined : all!.meanRanks[at]
}

export function rankTable(run: RunData): ReportTable | undefined {
  const all = rankedRankers(run)
  if (!all) return undefined
  const { metric, names, datasets, scorers, meanRanks, blocks } = all
  const order = names.map((_, i) => i).sort((i, j) => meanRanks[i] - meanRanks[j])
  return {
    id: 'ranks',
    title: `Mean ranks over ${datasets.join(' and ')}, ${metric}`,
    about: [
      `${blocks} blocks (a fold of a data set each), ${names.length} rankers, 1 is best; the scorer of each loss was chosen on the validation parts; interval: 95 %, test queries drawn again`,
      ...rankLines(
        all,
        'folds share training queries. Which rankers may be the best is said by the tables of each data set',
      ),
    ],
    columns: [left('ranker'), right('mean rank'), ...datasets.map((dataset) => left(`scorer on ${dataset}`))],
    rows: order.map((i) => [text(names[i]), rankValue(all, i), ...scorers[i].map((scorer) => text(scorer || '–'))]),
    notes: [],
  }
}
