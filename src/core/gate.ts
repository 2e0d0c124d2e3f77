/** What a gate is asked, and how it answers: two versions of something, side by side, and a limit that one may not be worse by. */

import type { Observation } from './result.ts'

/** `before`: what is compared with. `after`: what is judged. */
export type Side = 'before' | 'after'

/** How much worse a number may get: by a share of what it was, or by an amount in its own unit. */
export type Limit = { readonly by: 'share' | 'amount'; readonly most: number; readonly because?: string }

export type GateVerdict =
  /** Proven better. */
  | 'improved'
  /** Proven not to be worse by the limit. */
  | 'equivalent'
  /** Proven worse by more than the limit, and once more in fresh processes. */
  | 'regressed'
  /** Neither is proven, or there was nothing to compare with. */
  | 'inconclusive'

/**
 * What a verdict rests on. `rounds`: pairs of fresh processes, tested as they come in. `runs`: processes of two stored runs.
 * `queries`: the same queries on both sides. `exact`: a number without noise. `none`: one side has no number.
 */
type GateEvidence = 'rounds' | 'runs' | 'queries' | 'exact' | 'none'

/** Times are noise and machine; counts of instructions are neither; results are what users get. Tables keep them apart. */
export type GateKind = 'time' | 'count' | 'size' | 'result'

/** How much worse: a share of what it was or an amount, as the limit is; less than 0 is better. Bounds are those that decide. */
export interface GateChange {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** One number of one subject. */
export interface GateRow {
  readonly key: string
  /** Key of the same cell by the earlier system; the group of both is one. */
  readonly earlierKey?: string
  readonly subject: string
  readonly metric: string
  readonly kind: GateKind
  readonly unit: Observation['unit']
  readonly better: Observation['better']
  readonly evidence: GateEvidence
  readonly limit: Limit
  readonly before?: number
  readonly after?: number
  readonly change?: GateChange
  /** Pairs behind it, without those that confirmed it. */
  readonly pairs: number
  readonly verdict: GateVerdict
  /** Why, in one sentence; of an open question also what it would take. */
  readonly reason: string
  /** Of each round: by how much the later side was worse, on the scale of the test. */
  readonly differences?: readonly number[]
  /** The same of the fresh rounds that an alarm was tried on. */
  readonly confirming?: readonly number[]
}

/** A subject that the later side could not measure, though it was planned. */
export interface GateFailure {
  readonly subject: string
  readonly side: Side
  readonly reason: string
}

/** How error rates are kept: see docs/gates.md. */
export interface GatePlan {
  /** Rounds at which is looked; the last one ends the gate. */
  readonly looks: readonly number[]
  /** Probability of a false alarm, all numbers of the gate together. */
  readonly alarm: number
  /** Probability that a number that is worse by the limit passes. */
  readonly pass: number
  readonly spending: 'pocock' | 'obrien-fleming'
  /** Fresh rounds that an alarm is tried on. */
  readonly confirm: number
}

/** Who was compared. */
export interface GateParty {
  readonly name: string
  /** What tells its content: a commit, a digest, versions. */
  readonly version: string
}

export interface GateResult {
  readonly format: 1
  readonly name: string
  readonly command: string
  readonly createdAt: string
  readonly before: GateParty
  readonly after: GateParty
  readonly machine: string
  readonly plan: GatePlan
  readonly rows: readonly GateRow[]
  readonly failures: readonly GateFailure[]
  /** Rounds that were measured, and minutes they took. */
  readonly rounds: number
  readonly minutes: number
  readonly notes: readonly string[]
}

/** What all rows and failures of a gate come to. */
export type GateOutcome = 'passed' | 'regressed' | 'incomplete' | 'inconclusive'

/** What is kept of one number. */
export interface PastNumber {
  readonly name: string
  readonly better: 'lower' | 'higher' | 'neither'
  readonly value: number
  /** Later over earlier, of the same rounds: the machine is not in it. */
  readonly ratio?: number
}

export interface PastGate {
  readonly at: string
  readonly version: string
  readonly against: string
  readonly machine: string
  readonly outcome: GateOutcome
  readonly numbers: readonly PastNumber[]
}
