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

/**
 * The last word on each visit: a retried visit replaces the failed one. Measured ones of one run are never repeated; merged runs
 * bring several where two of them measured a cell and disagree, and each stands.
 * @param timed keys of cells whose rounds belong to the machine that made them
 */
export function latestVisits(visits: readonly Visit[], timed: ReadonlySet<string>): Visit[] {
  const byVisit = new Map<string, Visit[]>()
  for (const visit of visits) {
    const { key, round, machine = '' } = visit
    const id = `${key}/${round}/${timed.has(key) ? machine : ''}`
    const earlier = byVisit.get(id)
    if (!earlier) byVisit.set(id, [visit])
    else byVisit.set(id, [...earlier.filter(({ outcome }) => isMeasured(outcome)), visit])
  }
  return [...byVisit.values()].flat()
}
