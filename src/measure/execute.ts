/** Runs a schedule: untimed visits side by side, timed ones alone, every outcome handed over as soon as it is there. */

import type { Visit, VisitOutcome } from '../core/result.ts'
import { now } from './clock.ts'
import type { PlannedVisit } from './schedule.ts'

interface ExecuteOptions {
  /** Untimed visits at a time. */
  readonly jobs: number
  readonly visit: (next: PlannedVisit) => Promise<VisitOutcome>
  /** Called once a finished visit, before the next one starts in its place. */
  readonly onVisit: (visit: Visit) => void
  readonly signal: AbortSignal
}

async function carryOut(next: PlannedVisit, options: ExecuteOptions): Promise<void> {
  const started = now()
  const outcome = await options.visit(next)
  // An interrupted visit says nothing about its cell: it is run again on resume.
  if (options.signal.aborted) return
  const elapsedMs = now().getTime() - started.getTime()
  options.onVisit({ key: next.key, round: next.round, startedAt: started.toISOString(), elapsedMs, outcome })
}

async function drain(planned: PlannedVisit[], options: ExecuteOptions): Promise<void> {
  for (let next = planned.shift(); next !== undefined && !options.signal.aborted; next = planned.shift()) {
    await carryOut(next, options)
  }
}

export async function execute(planned: readonly PlannedVisit[], options: ExecuteOptions): Promise<void> {
  const untimed = planned.filter((next) => !next.timed)
  const lanes = Math.max(1, Math.min(options.jobs, untimed.length))
  await Promise.all(Array.from({ length: lanes }, () => drain(untimed, options)))
  await drain(
    planned.filter((next) => next.timed),
    options,
  )
}
