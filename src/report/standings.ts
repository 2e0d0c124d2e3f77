/** Many rankers on the same queries: means, which of them may be the best, and how far the others are from it. */

import { usageError } from '../core/errors.ts'
import { randomStream } from '../core/random.ts'
import { type AgainstBest, comparisonWithBest } from '../stats/best.ts'
import { mean } from '../stats/mean.ts'
import { differences, effectSize, winTieLoss } from '../stats/paired.ts'
import { formatMetric } from './numbers.ts'
import { dash, left, type ReportTable, right, text, type Value } from './table.ts'
import { differenceValue } from './values.ts'

/** One ranker; NaN where the convention drops a query. */
export interface Ranking {
  readonly name: string
  readonly perQuery: ArrayLike<number>
}

/** Too few values have no probability. Below 1e-15 no reader needs the digits. */
export function probability(p: number): Value {
  if (Number.isNaN(p)) return dash
  if (p < 1e-15) return { text: '<1e-15', data: p }
  return { text: p < 0.001 ? p.toExponential(1) : p.toFixed(3), data: p }
}

/**
 * Values on the queries that all rankings count.
 * @throws RankBenchError(usage) when rankings have other queries: their means would be of different things
 */
export function requireSameQueries(metric: string, rankings: readonly Ranking[]): number[][] {
  const [first] = rankings
  for (const { name, perQuery } of rankings) {
    const uneven = Array.from(first.perQuery, (value, q) => Number.isNaN(value) !== Number.isNaN(perQuery[q])).includes(
      true,
    )
    if (perQuery.length !== first.perQuery.length || uneven) {
      throw usageError(
        `${metric}: ${first.name} and ${name} do not count the same queries (${first.perQuery.length} and ${perQuery.length}); a paired test needs them`,
      )
    }
  }
  const kept = Array.from(first.perQuery, (_, q) => q).filter((q) => !Number.isNaN(first.perQuery[q]))
  return rankings.map(({ perQuery }) => kept.map((q) => perQuery[q]))
}

/** One ranker among others. */
export interface Standing extends AgainstBest {
  readonly name: string
  readonly mean: number
  /** Against the highest mean; that one itself has none. */
  readonly behind?: { readonly effect: number; readonly win: number; readonly tie: number; readonly loss: number }
}

/**
 * Rankers by their mean, the highest first, and which of them may be the best: one comparison of all of them together, whatever
 * page shows it.
 * @throws RankBenchError(usage) when they count other queries
 */
export function standings(metric: string, rankings: readonly Ranking[]): Standing[] {
  const unordered = requireSameQueries(metric, rankings)
  const order = rankings.map((_, i) => i).sort((i, j) => mean(unordered[j]) - mean(unordered[i]))
  const values = order.map((i) => unordered[i])
  // One stream whatever the seed of the run: who is ruled out must not hang on it.
  const compared = comparisonWithBest(values, randomStream(0, `best/${metric}`))
  return values.map((own, at) => {
    const d = differences(own, values[0])
    return {
      ...compared[at],
      name: rankings[order[at]].name,
      mean: mean(own),
      ...(at > 0 && { behind: { effect: effectSize(d), ...winTieLoss(d) } }),
    }
  })
}

type Heading = Pick<ReportTable, 'id' | 'title' | 'about'>

/** @throws RankBenchError(usage) when rankings count other queries */
export const rankingsTable = (metric: string, rankings: readonly Ranking[], heading: Heading): ReportTable =>
  standingsTable(metric, requireSameQueries(metric, rankings)[0].length, standings(metric, rankings), heading)

/** What "may be the best" means, in the words of every table that says it. @param over what values are of @param who competes */
export const bestRule = (over = 'test queries', who = 'rankers of the data set'): string =>
  `may be the best: not ruled out by Hsu's comparison with the best over the ${over}, 95 % for all ${who} together`

export function standingsTable(
  metric: string,
  queries: number,
  field: readonly Standing[],
  heading: Heading,
): ReportTable {
  return {
    ...heading,
    about: [
      ...heading.about,
      `${queries} queries; ${bestRule()}`,
      'less the best other: its mean less the highest mean of the others, with the simultaneous 95 % interval of that difference',
      "d: Cohen's d of the paired values; w/t/l: queries won, tied and lost, both against the highest mean",
    ],
    columns: [
      left('system'),
      right(metric),
      left('may be the best'),
      ...['less the best other', 'd', 'w/t/l'].map(right),
    ],
    rows: field.map(({ name, mean: value, mayBeBest, difference, low, high, behind }) => [
      text(name),
      { text: formatMetric(value), data: value },
      text(mayBeBest ? 'yes' : 'no'),
      differenceValue(difference, { low, high, level: 0.95 }),
      ...(behind
        ? [{ text: behind.effect.toFixed(2), data: behind.effect }, text(`${behind.win}/${behind.tie}/${behind.loss}`)]
        : [dash, dash]),
    ]),
    notes: [],
  }
}
