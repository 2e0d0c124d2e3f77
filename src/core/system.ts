/** Who else computes: peers as a plan sees them. They say themselves what they offer. */

import type { OperatorSpec } from './method.ts'
import type { MethodRef } from './method-ref.ts'
import type { Ref } from './selector.ts'
import type { Precision } from './shape.ts'

/** This build as a user gets it. */
export const ours = 'rank-bench'

/** Our plain TypeScript, where that is the comparison. */
export const reference = 'reference'

/** Who else can compute the networks that operators are trained with: PyTorch, as its adapter is called. */
export const networkPeer = 'torch'

/** Whether somebody else computes: ours and our reference need not be asked for. */
export const isPeer = (system: string): boolean => system !== ours && system !== reference

/** One operator on one data set: what a system is asked whether it computes it. */
export interface Question {
  readonly method: MethodRef
  readonly dataset: Ref
  readonly precision: Precision
}

/**
 * Versions of a system as they go into the keys of timed cells, with the digest of the user's own adapter, which goes into the
 * keys of all; or why it cannot take part, with the command that helps.
 */
export type Presence = { readonly versions: string; readonly adapter?: string } | { readonly missing: string }

/** What a plan may ask about systems that are not this build. */
export interface Systems {
  /** All that are known by name, whether they are installed or not; those that ship come first. */
  readonly names: readonly string[]
  /** Who stands beside ours where nobody is named: the first of them that has the operator. */
  readonly usual: readonly string[]
  /** Names that offer each question. Where nobody can be asked, all may: their rows then say how to get them. */
  offering(questions: readonly Question[]): Promise<readonly (readonly string[])[]>
  describe(name: string): Promise<Presence>
  /** Operators that a system brings along, which nobody else has, by name. */
  brings(name: string): ReadonlyMap<string, OperatorSpec>
}

/** The same, asked beforehand: a plan is pure. */
export interface AskedSystems {
  readonly names: readonly string[]
  readonly usual: readonly string[]
  offering(question: Question): readonly string[]
  /** Who brings an operator that is not one of ours. */
  bringer(operator: string): string | undefined
}

export const nobodyElse: AskedSystems = { names: [], usual: [], offering: () => [], bringer: () => undefined }

/** A system's answers, for an experiment that measures whoever the cell is of. */
export interface Computed {
  readonly output: Float64Array
  readonly gradient: Float64Array
}
