/** What a run leaves behind. A result is a union of states; failures are rows, never silence. */

import type { Cell } from './cell.ts'

interface Interval {
  readonly level: number
  readonly low: number
  readonly high: number
  readonly by: 'bootstrap' | 'student'
}

export interface Observation {
  /** Fully spelled: `time.backward`, `ndcg@10:letor4`. */
  readonly metric: string
  readonly unit: 'ns' | 'bytes' | '1'
  /** `neither`: a fact, such as an axis or a chosen setting; no side of it is better. */
  readonly better: 'lower' | 'higher' | 'neither'
  readonly value: number
  readonly interval?: Interval
  /** In the order taken (times), or one a query in data order (metrics). */
  readonly samples?: readonly number[]
}

/** Something a reader of the number must know: a guard that fired, a peer that disagreed. */
export interface Warning {
  readonly code: string
  readonly message: string
}

/** The engine's kernels, or plain TypeScript; `fast+reference` where a cell needs both. */
export type ComputedBy = 'fast' | 'reference' | 'fast+reference'

/** One visit to a cell: timed cells are visited once a round, each time in a fresh process; others once. */
export interface Visit {
  readonly key: string
  readonly round: number
  readonly startedAt: string
  readonly elapsedMs: number
  readonly outcome: VisitOutcome
  /** Name of the machine that made it, in runs that several may take part in. */
  readonly machine?: string
}

export type VisitOutcome =
  | {
      readonly status: 'measured'
      readonly observations: readonly Observation[]
      readonly warnings: readonly Warning[]
      /** Who carried out the operator of the cell, where one was carried out here. */
      readonly computedBy?: ComputedBy
    }
  | { readonly status: 'failed'; readonly error: { readonly message: string; readonly hint?: string } }
  | { readonly status: 'timeout'; readonly limitMs: number }
  | { readonly status: 'skipped'; readonly reason: SkipReason; readonly detail: string }

export type Measured = Extract<VisitOutcome, { status: 'measured' }>

type SkipReason = 'peer not installed' | 'data absent' | 'unsupported'

/** All visits of a cell folded into one. `incomplete`: some rounds are still to run. */
export type Result = { readonly key: string; readonly cell: Cell } & (
  | VisitOutcome
  | { readonly status: 'incomplete'; readonly rounds: number }
)

/** A cell of a run's plan. */
export interface RunCell {
  readonly key: string
  readonly cell: Cell
  readonly timed: boolean
  /** Why the cell cannot run here; such cells are rows of the report. */
  readonly skip?: { readonly reason: SkipReason; readonly detail: string }
}
