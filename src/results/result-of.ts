/** Folds the visits of a cell into its result. Pure: resuming a run and rendering an old one go through here. */

import type { Cell } from '../core/cell.ts'
import type { Measured, Observation, Result, Visit, VisitOutcome, Warning } from '../core/result.ts'
import { forksOf, isMeasured } from '../core/visits.ts'
import { medianInterval } from '../stats/timing-interval.ts'

function mergeTiming(first: Observation, visits: readonly Visit[]): Observation {
  const forks = forksOf(visits, first.metric)
  const { value, low, high } = medianInterval(forks)
  const interval = Number.isFinite(high) ? { interval: { level: 0.95, low, high, by: 'student' as const } } : {}
  return { ...first, value, ...interval, samples: forks.flat() }
}

function mergeWarnings(outcomes: readonly Measured[]): Warning[] {
  const byCode = new Map<string, Warning & { count: number }>()
  for (const warning of outcomes.flatMap((outcome) => outcome.warnings)) {
    const id = `${warning.code} ${warning.message.split(':')[0]}`
    const seen = byCode.get(id)
    byCode.set(id, seen ? { ...seen, count: seen.count + 1 } : { ...warning, count: 1 })
  }
  // A guard that fires in a minority of the rounds is that round's noise, not a property of the cell.
  return [...byCode.values()]
    .filter((warning) => warning.count * 2 > outcomes.length)
    .map(({ code, message }) => ({ code, message }))
}

/** The result of `cell` from its visits; any failed, timed-out or skipped visit decides for the whole cell. */
export function resultOf(key: string, cell: Cell, visits: readonly Visit[], rounds: number): Result {
  const base = { key, cell }
  const bad = visits.find((visit) => !isMeasured(visit.outcome))
  if (bad) return { ...base, ...(bad.outcome as Exclude<VisitOutcome, Measured>) }
  if (visits.length < rounds) return { ...base, status: 'incomplete', rounds: visits.length }
  const outcomes = visits.map((visit) => visit.outcome as Measured)
  const observations = outcomes[0].observations.map((first) =>
    first.unit === 'ns' && first.samples ? mergeTiming(first, visits) : first,
  )
  const { computedBy } = outcomes[0]
  return {
    ...base,
    status: 'measured',
    observations,
    warnings: mergeWarnings(outcomes),
    ...(computedBy && { computedBy }),
  }
}
