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

/** What must be the same wherever it was computed: all but times. */
export const answerText = ({ outcome }: Visit): string =>
  isMeasured(outcome)
    ? JSON.stringify(
        outcome.observations.filter(({ unit }) => unit !== 'ns'),
        spelled,
      )
    : ''

const spelled = (_key: string, value: unknown): unknown => (typeof value === 'number' ? String(value) : value)

/** Two answers to one question, of runs that were merged: neither can be believed. */
function disagreement(visits: readonly Visit[]): Extract<VisitOutcome, { status: 'failed' }> | undefined {
  const [first] = visits
  const other = visits.find(
    (visit) => visit !== first && visit.round === first.round && answerText(visit) !== answerText(first),
  )
  if (!other) return undefined
  const [one, two] = [first, other].map(({ outcome }) => (outcome as Measured).observations)
  const at = one.findIndex((each, i) => JSON.stringify(each, spelled) !== JSON.stringify(two[i], spelled))
  const metric = one[at]?.metric ?? two[at]?.metric ?? 'an observation'
  const told = ({ machine = 'one machine', startedAt }: Visit, value: number | undefined) =>
    `${value} (${machine}, ${startedAt})`
  return {
    status: 'failed',
    error: {
      message: `measured twice with different answers: ${metric} is ${told(first, one[at]?.value)} and ${told(other, two[at]?.value)}`,
      hint: 'compare versions of Node and of the package on the machines, then measure into a new folder',
    },
  }
}

/** The result of `cell` from its visits; any failed, timed-out or skipped visit decides for the whole cell. */
export function resultOf(key: string, cell: Cell, visits: readonly Visit[], rounds: number): Result {
  const base = { key, cell }
  const bad = visits.find((visit) => !isMeasured(visit.outcome))
  if (bad) return { ...base, ...(bad.outcome as Exclude<VisitOutcome, Measured>) }
  const twice = disagreement(visits)
  if (twice) return { ...base, ...twice }
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
