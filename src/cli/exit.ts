/** Exit codes, and the one place that turns an error into one. */

import { RankBenchError } from '../core/errors.ts'
import { printableLines } from '../core/printable.ts'
import { isSystemError, systemProblem } from '../files/problem.ts'
import { bugsAddress } from '../measure/version.ts'

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

/** A verb's action answers with its exit code. */
export type Finish = (code: number) => void

const reportTo = (): string => {
  const address = bugsAddress()
  return address === undefined ? 'please report it to its maintainers' : `please report it at ${address}`
}

/** What a person sees of an error: what was read, what was expected, the next command. */
export function describeError(error: unknown): { readonly text: string; readonly code: number } {
  if (error instanceof RankBenchError) {
    const hint = error.hint ? `\n  ${error.hint}` : ''
    return { text: `error: ${printableLines(error.message + hint)}\n`, code: exitCode.usage }
  }
  // What the operating system refuses is no bug, wherever it was met.
  if (isSystemError(error)) return describeError(systemProblem(error))
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { text: `bug in rank-bench, ${reportTo()} with this text:\n${stack}\n`, code: exitCode.bug }
}
