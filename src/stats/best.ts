/**
 * Comparison with the best: which of several systems measured on the same queries may be the best, and how far is each from the
 * best of the others? A system is ruled out when some other is provably better, against a critical value that allows for all
 * the others at once, so that the truly best one is ruled out in at most 5 % of experiments. Testing against the system that
 * looks best would treat a lucky maximum as if it had been named beforehand.
 *
 * Hsu, "Constrained Simultaneous Confidence Intervals for Multiple Comparisons with the Best", Annals of Statistics 1984;
 * Edwards and Hsu, "Multiple Comparisons with the Best Treatment", JASA 1983, for unequal spreads. Critical values by resampling
 * queries with normal weights, which keeps every correlation between systems.
 */

import { maximum, minimum } from '../core/extremes.ts'
import type { Random } from '../core/random.ts'
import { mean, standardError } from './mean.ts'
import { differences } from './paired.ts'
import { quantileSorted } from './quantile.ts'

export interface AgainstBest {
  /** Not ruled out. */
  readonly mayBeBest: boolean
  /** Its mean less that of the best other. */
  readonly difference: number
  /** Simultaneous interval of that difference for all systems. */
  readonly low: number
  readonly high: number
}

const draws = 5000

/** Means of each system under random weights on the queries, centred: one vector a draw. */
function weightedMeans(values: readonly (readonly number[])[], random: Random): Float64Array[] {
  const centres = values.map((each) => mean(each))
  const centred = values.map((each, i) => Float64Array.from(each, (value) => (value - centres[i]) / each.length))
  const queries = values[0].length
  const weights = new Float64Array(queries)
  return Array.from({ length: draws }, () => {
    for (let q = 0; q < queries; q++) weights[q] = random.normal()
    return Float64Array.from(centred, (own) => {
      let sum = 0
      for (let q = 0; q < queries; q++) sum += weights[q] * own[q]
      return sum
    })
  })
}

/** Largest standardised lead of any other system over system i, at the level, when all are equally good. */
function criticalLead(
  i: number,
  errors: readonly (readonly number[])[],
  drawn: readonly Float64Array[],
  level: number,
) {
  const leads = Float64Array.from(drawn, (means) => {
    let most = 0
    for (let j = 0; j < means.length; j++) {
      if (errors[i][j] > 0) most = Math.max(most, (means[j] - means[i]) / errors[i][j])
    }
    return most
  })
  return quantileSorted(leads.sort(), level)
}

/**
 * @param values of each system, one a query, the same queries for all; at least two systems and two queries
 * @param level of all statements together
 */
export function comparisonWithBest(
  values: readonly (readonly number[])[],
  random: Random,
  level = 0.95,
): AgainstBest[] {
  const means = values.map((each) => mean(each))
  const errors = values.map((own) => values.map((other) => standardError(differences(own, other))))
  const drawn = weightedMeans(values, random)
  const critical = values.map((_, i) => criticalLead(i, errors, drawn, level))
  const others = values.map((_, i) => values.flatMap((__, j) => (j === i ? [] : [j])))
  const reach = others.map((rest, i) => minimum(rest.map((j) => means[i] - means[j] + critical[i] * errors[i][j])))
  const candidates = reach.flatMap((bound, i) => (bound >= 0 ? [i] : []))
  return others.map((rest, i): AgainstBest => {
    const rivals = candidates.filter((j) => j !== i)
    const low = minimum(
      rivals.map((j) => means[i] - means[j] - critical[j] * errors[i][j]),
      0,
    )
    const difference = means[i] - maximum(rest.map((j) => means[j]))
    return { mayBeBest: reach[i] >= 0, difference, low, high: Math.max(0, reach[i]) }
  })
}
