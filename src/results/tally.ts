/** Counts of a run and the one sentence a log scraper can trust. */

import type { Result } from '../core/result.ts'
import type { RunData } from './view.ts'

type Tally = Readonly<Record<Result['status'], number>>

export function tally(run: RunData): Tally {
  const counts = { measured: 0, failed: 0, timeout: 0, skipped: 0, incomplete: 0 }
  for (const entry of run.entries) counts[entry.result.status]++
  return counts
}

export function closingLine(verb: string, counts: Tally, code: number, directory: string): string {
  const { measured, failed, timeout, skipped, incomplete } = counts
  return `${verb}: ${measured} measured, ${failed} failed, ${timeout} timed out, ${skipped} skipped, ${incomplete} incomplete — exit ${code} (${directory})`
}
