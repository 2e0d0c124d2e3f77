/** What a cell's visits hold, in round order. */

import type { Measured, Turn, TurnOutcome } from './result.ts'

export const isMeasured = (outcome: TurnOutcome): outcome is Measured => outcome.status === 'measured'

/** Samples of one metric, one entry a round (a fork), in round order. */
export function forksOf(turns: readonly Turn[], metric: string): (readonly number[])[] {
  return [...turns]
    .sort((a, b) => a.round - b.round)
    .flatMap((turn) => (isMeasured(turn.outcome) ? turn.outcome.observations : []))
    .flatMap((observation) => (observation.metric === metric && observation.samples ? [observation.samples] : []))
}

/** The last word on each visit: a retried visit replaces the failed one. */
export function latestTurns(turns: readonly Turn[]): Turn[] {
  return [...new Map(turns.map((turn) => [`${turn.key}/${turn.round}`, turn])).values()]
}
