/** Many rankers on the same queries: means, letters that say which cannot be told apart, and the best against each. */

import { usageError } from '../core/errors.ts'
import { randomStream } from '../core/random.ts'
import { significanceLetters } from '../stats/letters.ts'
import { mean } from '../stats/mean.ts'
import {
  bootstrapMean,
  differences,
  effectSize,
  holm,
  pairedTTest,
  randomisationTest,
  winTieLoss,
} from '../stats/paired.ts'
import { formatDifference, formatMetric } from './numbers.ts'
import { left, type ReportTable, right, text, type Value } from './table.ts'

/** One ranker; NaN where the convention drops a query. */
export interface System {
  readonly name: string
  readonly perQuery: ArrayLike<number>
}

/** Below 1e-15 the distribution function is 1 to all digits. */
export function probability(p: number): Value {
  if (p < 1e-15) return { text: '<1e-15', data: p }
  return { text: p < 0.001 ? p.toExponential(1) : p.toFixed(3), data: p }
}

/**
 * Values on the queries that all systems count.
 * @throws RankBenchError(usage) when systems have other queries: their means would be of different things
 */
export function requireSameQueries(metric: string, systems: readonly System[]): number[][] {
  const [first] = systems
  for (const { name, perQuery } of systems) {
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
  return systems.map(({ perQuery }) => kept.map((q) => perQuery[q]))
}

const level = 0.05

/** Whether systems i < j differ: paired t-tests of all pairs, corrected together. */
function pairTests(values: readonly number[][]): (i: number, j: number) => boolean {
  const pairs = values.flatMap((_, i) => values.slice(i + 1).map((__, k) => [i, i + 1 + k] as const))
  const p = holm(pairs.map(([i, j]) => pairedTTest(differences(values[i], values[j]))))
  const differ = new Set(pairs.flatMap(([i, j], at) => (p[at] < level ? [i * values.length + j] : [])))
  return (i, j) => differ.has(i * values.length + j)
}

/** One ranker among others, against the best of them. */
export interface Standing {
  readonly name: string
  readonly mean: number
  readonly letters: string
  /** Against the best; the best itself has none. */
  readonly behind?: {
    readonly difference: number
    readonly low: number
    readonly high: number
    readonly effect: number
    readonly win: number
    readonly tie: number
    readonly loss: number
    readonly randomisation: number
    readonly student: number
  }
}

/**
 * Rankers by their mean, the best first.
 * @param seed of bootstrap and randomisation
 * @throws RankBenchError(usage) when they count other queries
 */
export function standings(metric: string, systems: readonly System[], seed: number): Standing[] {
  const unordered = requireSameQueries(metric, systems)
  const order = systems.map((_, i) => i).sort((i, j) => mean(unordered[j]) - mean(unordered[i]))
  const values = order.map((i) => unordered[i])
  const letters = significanceLetters(values.length, pairTests(values))
  const toBest = values.slice(1).map((each, at) => {
    const d = differences(each, values[0])
    const random = randomStream(seed, `systems/${metric}/${at}`)
    return { d, interval: bootstrapMean(d, random), p: randomisationTest(d, random) }
  })
  const corrected = holm(toBest.map(({ p }) => p))
  return values.map((own, at) => {
    const line = toBest[at - 1]
    return {
      name: systems[order[at]].name,
      mean: mean(own),
      letters: letters[at],
      ...(line && {
        behind: {
          difference: mean(line.d),
          ...line.interval,
          effect: effectSize(line.d),
          ...winTieLoss(line.d),
          randomisation: corrected[at - 1],
          student: pairedTTest(line.d),
        },
      }),
    }
  })
}

type Heading = Pick<ReportTable, 'id' | 'title' | 'about'>

/** @throws RankBenchError(usage) when systems count other queries */
export const systemsTable = (metric: string, systems: readonly System[], seed: number, heading: Heading): ReportTable =>
  standingsTable(metric, requireSameQueries(metric, systems)[0].length, standings(metric, systems, seed), heading)

export function standingsTable(
  metric: string,
  queries: number,
  field: readonly Standing[],
  heading: Heading,
): ReportTable {
  const none: Value = { text: '–', data: null }
  return {
    ...heading,
    about: [
      ...heading.about,
      `${queries} queries; systems that share a letter do not differ (paired t-tests of all pairs, Holm, 5 %)`,
      'difference: less the best, with a 95 % bootstrap interval over queries; p: paired randomisation test against the best, 10,000 sign patterns, Holm over the systems',
      "d: Cohen's d of the paired values; w/t/l: queries won, tied and lost against the best",
    ],
    columns: [
      left('system'),
      right(metric),
      left('letters'),
      ...['difference', 'd', 'w/t/l', 'p (Holm)', 'p (t)'].map(right),
    ],
    rows: field.map(({ name, mean: value, letters, behind }) => {
      const known = [text(name), { text: formatMetric(value), data: value }, text(letters)]
      if (!behind) return [...known, none, none, none, none, none]
      const { difference, low, high, effect, win, tie, loss, randomisation, student } = behind
      const bounds = `[${formatDifference(low)}, ${formatDifference(high)}]`
      return [
        ...known,
        { text: `${formatDifference(difference)} ${bounds}`, data: difference },
        { text: effect.toFixed(2), data: effect },
        text(`${win}/${tie}/${loss}`),
        probability(randomisation),
        probability(student),
      ]
    }),
    notes: [],
  }
}
