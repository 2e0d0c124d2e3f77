/** Exit codes, and the one place that turns an error into one. */

import { RankBenchError } from '../core/errors.ts'

export const exitCode = {
  good: 0,
  /** Judged and bad. */
  bad: 1,
  /** Usage, config, data or plug-in could not be understood; nothing ran. */
  usage: 2,
  /** A planned cell failed or timed out. */
  incomplete: 3,
  inconclusive: 4,
  bug: 70,
  interrupted: 130,
} as const

/** What a person sees of an error: what was read, what was expected, the next command. */
export function describeError(error: unknown): { readonly text: string; readonly code: number } {
  if (error instanceof RankBenchError) {
    const hint = error.hint ? `\n  ${error.hint}` : ''
    return { text: `error: ${error.message}${hint}\n`, code: exitCode.usage }
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { text: `bug in rank-bench, please report it with this text:\n${stack}\n`, code: exitCode.bug }
}
