/** Folds the visits of a cell into its result. Pure: resuming a run and rendering an old one go through here. */

import type { Cell } from '../core/cell.ts'
import type { Measured, Observation, Result, Turn, TurnOutcome, Warning } from '../core/result.ts'
import { forksOf, isMeasured } from '../core/turns.ts'
import { medianInterval } from '../stats/timing-interval.ts'

function mergeTiming(first: Observation, turns: readonly Turn[]): Observation {
  const forks = forksOf(turns, first.metric)
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

/** The result of `cell` from its turns; any failed, timed-out or skipped turn decides for the whole cell. */
export function foldTurns(key: string, cell: Cell, turns: readonly Turn[], rounds: number): Result {
  const base = { key, cell }
  const bad = turns.find((turn) => !isMeasured(turn.outcome))
  if (bad) return { ...base, ...(bad.outcome as Exclude<TurnOutcome, Measured>) }
  if (turns.length < rounds) return { ...base, status: 'incomplete', rounds: turns.length }
  const outcomes = turns.map((turn) => turn.outcome as Measured)
  const observations = outcomes[0].observations.map((first) =>
    first.unit === 'ns' && first.samples ? mergeTiming(first, turns) : first,
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
