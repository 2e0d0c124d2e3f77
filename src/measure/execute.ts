/** Runs a schedule: untimed visits side by side, timed ones alone, every outcome handed over as soon as it is there. */

import type { Turn, TurnOutcome } from '../core/result.ts'
import { now } from './clock.ts'
import type { Slot } from './schedule.ts'

interface ExecuteOptions {
  /** Untimed visits at a time. */
  readonly jobs: number
  readonly visit: (slot: Slot) => Promise<TurnOutcome>
  /** Called once a finished visit, before the next one starts in its place. */
  readonly onTurn: (turn: Turn) => void
  readonly signal: AbortSignal
}

async function runSlot(slot: Slot, options: ExecuteOptions): Promise<void> {
  const started = now()
  const outcome = await options.visit(slot)
  // An interrupted visit says nothing about its cell: it is run again on resume.
  if (options.signal.aborted) return
  const elapsedMs = now().getTime() - started.getTime()
  options.onTurn({ key: slot.key, round: slot.round, startedAt: started.toISOString(), elapsedMs, outcome })
}

async function drain(slots: Slot[], options: ExecuteOptions): Promise<void> {
  for (let slot = slots.shift(); slot !== undefined && !options.signal.aborted; slot = slots.shift()) {
    await runSlot(slot, options)
  }
}

export async function execute(slots: readonly Slot[], options: ExecuteOptions): Promise<void> {
  const untimed = slots.filter((slot) => !slot.timed)
  const lanes = Math.max(1, Math.min(options.jobs, untimed.length))
  await Promise.all(Array.from({ length: lanes }, () => drain(untimed, options)))
  await drain(
    slots.filter((slot) => slot.timed),
    options,
  )
}
