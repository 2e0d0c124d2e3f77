/**
 * Errors a person can act on: what was read, what was expected, and the next command.
 * Anything that is not a `RankBenchError` is a bug in rank-bench.
 */

export type ErrorKind = 'usage' | 'value' | 'data' | 'absent' | 'peer'

interface ErrorDetail {
  /** What to do next: usually a command. */
  readonly hint?: string
  readonly cause?: unknown
}

export class RankBenchError extends Error {
  readonly kind: ErrorKind
  readonly hint: string | undefined

  constructor(kind: ErrorKind, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause })
    this.name = 'RankBenchError'
    this.kind = kind
    this.hint = detail.hint
  }
}

/** A flag, selector, parameter or config that could not be understood. */
export const usageError = (message: string, hint?: string): RankBenchError =>
  new RankBenchError('usage', message, hint === undefined ? {} : { hint })

/** A number that an operator refuses: NaN, infinite, or out of range. */
export const valueError = (message: string, hint?: string): RankBenchError =>
  new RankBenchError('value', message, hint === undefined ? {} : { hint })

/** A data set that is not on this machine: its cells are skipped, with the hint, and the rest goes on. */
export const absentError = (message: string, hint: string): RankBenchError =>
  new RankBenchError('absent', message, { hint })

/** A file that is missing, damaged, or not what its catalogue entry says. */
export const dataError = (message: string, hint?: string): RankBenchError =>
  new RankBenchError('data', message, hint === undefined ? {} : { hint })
