/** What a comparison of rankings came to, in five lines. */

import type { ConclusionLine } from '../report/conclusion.ts'
import { formatMetric } from '../report/numbers.ts'
import { type Ranking, requireSameQueries, standings } from '../report/standings.ts'
import { mean } from '../stats/mean.ts'
import { differences, holm } from '../stats/paired.ts'
import { signFlipTest } from '../stats/sign-flip.ts'

/** Rankings under one metric: values a query, NaN where the convention drops one. */
export interface UnderMetric {
  readonly metric: string
  readonly systems: readonly Ranking[]
}

const level = 0.05

/** Which of two is ahead under which metric, after Holm's correction over the metrics. */
function between(all: readonly UnderMetric[]): { readonly apart: string[]; readonly open: string[] } {
  const lines = all.map(({ metric, systems }) => {
    const [a, b] = requireSameQueries(metric, systems)
    return { metric, systems, ahead: mean(a) - mean(b), p: signFlipTest(differences(a, b)) }
  })
  const corrected = holm(lines.map(({ p }) => p))
  const words = lines.map(({ metric, systems, ahead }, i) => ({
    isApart: corrected[i] < level,
    text: `${metric}: ${systems[ahead >= 0 ? 0 : 1].name} by ${formatMetric(Math.abs(ahead))} (p ${corrected[i].toPrecision(2)} after Holm)`,
  }))
  return {
    apart: words.filter(({ isApart }) => isApart).map(({ text }) => text),
    open: words.filter(({ isApart }) => !isApart).map(({ text }) => text),
  }
}

/** Which of several may be the best. */
function among(all: readonly UnderMetric[]): { readonly apart: string[]; readonly open: string[] } {
  const told = all.map(({ metric, systems }) => {
    const field = standings(metric, systems)
    const may = field.filter(({ mayBeBest }) => mayBeBest).map(({ name }) => name)
    return { metric, may, all: field.length }
  })
  return {
    apart: told.flatMap(({ metric, may, all: of }) =>
      may.length < 2 ? [`${metric}: ${may[0]} from all ${of - 1} others`] : [],
    ),
    open: told.flatMap(({ metric, may, all: of }) =>
      may.length > 1 ? [`${metric}: ${may.length} of ${of} may be the best: ${may.join(', ')}`] : [],
    ),
  }
}

function highest({ metric, systems }: UnderMetric): string {
  const means = requireSameQueries(metric, systems).map(mean)
  const top = means.indexOf(means.reduce((most, next) => Math.max(most, next)))
  return `${metric} ${systems[top].name} ${formatMetric(means[top])}`
}

/** Queries that a convention leaves out. */
function dropped(all: readonly UnderMetric[]): string {
  const told = all.flatMap(({ metric, systems: [{ perQuery }] }) => {
    const out = Array.from(perQuery).filter(Number.isNaN).length
    return out > 0 ? [`${metric}: ${out} of ${perQuery.length} queries, by its convention`] : []
  })
  return told.join('; ') || 'nothing: every query under every metric'
}

/** Always these five, as after a run. @throws RankBenchError(usage) when rankings count other queries */
export function concludeComparison(all: readonly UnderMetric[], output: string | undefined): ConclusionLine[] {
  const { apart, open } = all[0].systems.length > 2 ? among(all) : between(all)
  return [
    { topic: 'highest', text: all.map(highest).join('; ') },
    { topic: 'told apart', text: apart.join('; ') || 'none' },
    { topic: 'not told apart', text: open.join('; ') || 'none' },
    { topic: 'not counted', text: dropped(all) },
    { topic: 'files', text: output ?? 'none; -o <file> with --format markdown, csv, json or html keeps the tables' },
  ]
}
