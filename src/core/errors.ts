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

/**
 * `kind` says who can mend it: `usage` (what was asked for), `value` (numbers), `data` (files), `absent` (data that is not here), `peer`.
 *
 * @example
 * ```ts
 * softRank([5, Number.NaN]) // throws 'values: row 0, index 1 is NaN; expected a finite number'
 * softRank([5, 1], { strenght: 2 }) // throws 'strenght'
 * try {
 *   softRank([5, 1], { strength: -1 })
 * } catch (error) {
 *   error instanceof RankBenchError && error.kind // 'usage'
 * }
 * ```
 */
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
