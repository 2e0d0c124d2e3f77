/** What a cell's visits hold, in round order. */

import type { Measured, Visit, VisitOutcome } from './result.ts'

export const isMeasured = (outcome: VisitOutcome): outcome is Measured => outcome.status === 'measured'

/** Samples of one metric, one entry a round (a fork), in round order. */
export function forksOf(visits: readonly Visit[], metric: string): (readonly number[])[] {
  return [...visits]
    .sort((a, b) => a.round - b.round)
    .flatMap((visit) => (isMeasured(visit.outcome) ? visit.outcome.observations : []))
    .flatMap((observation) => (observation.metric === metric && observation.samples ? [observation.samples] : []))
}

/** The last word on each visit: a retried visit replaces the failed one. */
export function latestVisits(visits: readonly Visit[]): Visit[] {
  return [...new Map(visits.map((visit) => [`${visit.key}/${visit.round}`, visit])).values()]
}
