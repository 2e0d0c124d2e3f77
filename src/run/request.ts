/** What a plan is asked for, and on what machine. */

import type { Precision } from '../core/shape.ts'

export interface SuiteRequest {
  readonly experiment: string
  /** None for experiments that bring their own. */
  readonly methods?: readonly string[] | undefined
  readonly datasets: readonly string[]
  readonly precisions?: readonly Precision[] | undefined
  readonly seeds?: readonly number[] | undefined
  readonly folds?: readonly string[] | undefined
}

/** What the machine gives that cells ask for. */
export interface Machine {
  readonly threads: number
  /** Why it has no engine, and what to do about it; undefined where it has one. */
  readonly engineMissing: { readonly reason: string; readonly cure: string } | undefined
}
