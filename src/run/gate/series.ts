/** What the rounds of a contest leave behind of one number. */

import type { GateKind, Limit, Side } from '../../core/gate.ts'
import type { Observation, VisitOutcome } from '../../core/result.ts'
import { kindOf, limitOf, type PolicyLine } from '../../judge/gate/policy.ts'
import { limitOn, worsening } from '../../judge/gate/scale.ts'
import type { Question } from '../../judge/gate/sequential.ts'
import { median } from '../../stats/quantile.ts'

/** What is measured on both sides: a cell, a command. */
export interface GateSubject {
  readonly key: string
  /** Key of the same cell by the earlier system. */
  readonly earlierKey?: string
  readonly label: string
  /** What a line of a policy may match. */
  readonly names: readonly string[]
}

export interface Series {
  readonly subject: GateSubject
  readonly metric: string
  readonly unit: Observation['unit']
  readonly better: Observation['better']
  readonly kind: GateKind
  readonly limit: Limit
  /** One number a round and side. */
  readonly before: number[]
  readonly after: number[]
}

/** One number of a visit: the median of its samples, where there are some. */
const numberOf = ({ value, samples }: Observation): number => (samples && samples.length > 0 ? median(samples) : value)

export type Outcomes = Readonly<Record<Side, VisitOutcome>>

/** Numbers that both sides measured and a limit is set for. */
export function seriesOf(subject: GateSubject, { before, after }: Outcomes, policy: readonly PolicyLine[]): Series[] {
  if (before.status !== 'measured' || after.status !== 'measured') return []
  return after.observations.flatMap((observation) => {
    const { metric, unit, better } = observation
    const limit = better === 'neither' ? undefined : limitOf(policy, [...subject.names, subject.label], metric)
    if (!limit || !before.observations.some((each) => each.metric === metric)) return []
    return [{ subject, metric, unit, better, kind: kindOf(observation), limit, before: [], after: [] }]
  })
}

const found = (outcome: VisitOutcome, metric: string): Observation | undefined =>
  outcome.status === 'measured' ? outcome.observations.find((each) => each.metric === metric) : undefined

/** Adds the numbers of one pair; a pair that misses one side adds none. */
export function addPair(series: Series, { before, after }: Outcomes): void {
  const [earlier, later] = [found(before, series.metric), found(after, series.metric)]
  if (!earlier || !later) return
  series.before.push(numberOf(earlier))
  series.after.push(numberOf(later))
}

export const differencesOf = ({ better, limit, before, after }: Series): number[] =>
  after.map((value, round) => worsening(better, limit, before[round], value))

export const questionOf = (series: Series): Question => ({
  differences: differencesOf(series),
  limit: limitOn(series.limit),
})
