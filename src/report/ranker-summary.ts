/** One table a reader can grasp: every loss on every data set, and how the published numbers came out. */

import type { Verdict } from '../core/claim.ts'
import type { RunData } from '../results/view.ts'
import type { ClaimRow } from './claims-table.ts'
import { formatMetric } from './numbers.ts'
import { type Field, fields, rankedRankers } from './ranker-systems.ts'
import type { Standing } from './systems-table.ts'
import { left, type ReportTable, right, text, type Value } from './table.ts'

/** Stands for settings that differ from most; they differ by scorer, and the tables name them. */
const otherSettings = ' †'

/** A name without its scorer and settings, and the scorer; baselines have none. */
function parted(name: string): { readonly ranker: string; readonly scorer: string } {
  const scorer = /, (linear|mlp)$/.exec(name)?.[1] ?? ''
  const ranker = scorer ? name.slice(0, -scorer.length - 2) : name
  return { ranker: ranker.replace(/, letor\[.*\]$/, otherSettings), scorer }
}

interface Column {
  readonly title: string
  readonly values: ReadonlyMap<string, Standing>
}

/** The best ranker and those that the randomisation test does not tell from it. */
const isAmongBest = ({ behind }: Standing): boolean => !behind || behind.randomisation >= 0.05

function columnsOf({ dataset, standings: all }: Field): Column[] {
  const scorers = [...new Set(all.map(({ name }) => parted(name).scorer))].filter((scorer) => scorer !== '').sort()
  const shown = scorers.length > 0 ? scorers : ['']
  return shown.map((scorer) => ({
    title: [dataset, scorer].filter((part) => part !== '').join(', '),
    // Baselines stand in every column of their data set.
    values: new Map(
      all
        .filter(({ name }) => ['', scorer].includes(parted(name).scorer))
        .map((each) => [parted(each.name).ranker, each]),
    ),
  }))
}

const none: Value = { text: '–', data: null }

export function summaryTables(run: RunData): ReportTable[] {
  const all = fields(run)
  if (all.length === 0) return []
  const [{ metric }] = all
  const columns = all.filter((field) => field.metric === metric).flatMap(columnsOf)
  const ranked = rankedRankers(run)
  const rankOf = (ranker: string): number => {
    const ranks = (ranked?.names ?? []).flatMap((name, i) =>
      parted(name).ranker === ranker ? [ranked!.meanRanks[i]] : [],
    )
    return ranks.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...ranks)
  }
  const rankers = [...new Set(columns.flatMap(({ values }) => [...values.keys()]))].sort(
    (a, b) => rankOf(a) - rankOf(b),
  )
  return [
    {
      id: 'summary/rankers',
      title: `Which loss ranks best: ${metric}`,
      about: [
        'test queries of all folds, mean over queries and seeds; every choice was made on the validation part',
        '* : not told apart from the best of the data set (paired randomisation test over queries, Holm over all rankers of the data set, 5 %)',
        'mean rank: of the better scorer, over all folds of all data sets, 1 is best',
      ],
      columns: [left('ranker'), ...columns.map(({ title }) => right(title)), right('mean rank')],
      notes: rankers.some((ranker) => ranker.endsWith(otherSettings))
        ? [`${otherSettings.trim()}: with other settings than most, named in the tables of each data set`]
        : [],
      rows: rankers.map((ranker) => [
        text(ranker),
        ...columns.map(({ values }): Value => {
          const found = values.get(ranker)
          if (!found) return none
          return { text: `${formatMetric(found.mean)}${isAmongBest(found) ? ' *' : '  '}`, data: found.mean }
        }),
        Number.isFinite(rankOf(ranker)) ? { text: rankOf(ranker).toFixed(1), data: rankOf(ranker) } : none,
      ]),
    },
  ]
}

const verdicts: readonly Verdict[] = [
  'reproduced',
  'exceeds',
  'differs',
  'inconclusive',
  'not run',
  'recalled',
  'reference',
]

/** How the numbers of each paper and method came out. */
export function verdictTable(
  papers: readonly { readonly key: string; readonly rows: readonly ClaimRow[] }[],
): ReportTable[] {
  const lines = papers.flatMap(({ key, rows }) => {
    const groups = new Map<string, ClaimRow[]>()
    for (const row of rows) {
      if (row.judgement.verdict === 'reference') continue
      const name = `${row.claim.method} on ${row.claim.dataset}`
      groups.set(name, [...(groups.get(name) ?? []), row])
    }
    return [...groups].map(([name, own]) => ({ key, name, own }))
  })
  if (lines.length === 0) return []
  const shown = verdicts.filter((verdict) =>
    lines.some(({ own }) => own.some((row) => row.judgement.verdict === verdict)),
  )
  return [
    {
      id: 'summary/verdicts',
      title: 'Published numbers: how many came out',
      about: [
        'reproduced: within the tolerance of the paper; exceeds: ours is better by more; differs: worse by more; recalled: nobody read the number in its source, so it is not judged',
      ],
      columns: [left('paper'), left('published for'), left('ours'), ...shown.map(right)],
      rows: lines.map(({ key, name, own }) => [
        text(key),
        text(name),
        text(own.find((row) => row.ref.method !== '')?.ref.method ?? '–'),
        ...shown.map((verdict): Value => {
          const count = own.filter((row) => row.judgement.verdict === verdict).length
          return { text: count === 0 ? '' : String(count), data: count }
        }),
      ]),
      notes: [],
    },
  ]
}
