/** The contract of an experiment: one question, planned purely, run in a process of its own. */

import type { BenchmarkScript } from './benchmark-script.ts'
import type { Cell } from './cell.ts'
import type { DataContext, DataKind, Dataset, RankingFacts } from './dataset.ts'
import type { Keeper } from './keeper.ts'
import type { Measures } from './measure.ts'
import type { Execution, OperatorSpec, Plan } from './method.ts'
import type { MethodRef } from './method-ref.ts'
import type { OpenNetwork } from './network.ts'
import type { Operator } from './operators.ts'
import type { ParamSpace } from './params.ts'
import type { Reporter } from './report.ts'
import type { Observation, Warning } from './result.ts'
import type { Ref } from './selector.ts'
import type { Precision } from './shape.ts'
import type { AskedSystems, Computed } from './system.ts'

/** What the user selected, resolved against the registries. */
export interface Scope {
  /** The experiment with one point of its own parameters. */
  readonly experiment: Ref
  readonly methods: readonly MethodRef[]
  readonly datasets: readonly Ref[]
  readonly seeds: readonly number[]
  readonly precisions: readonly Precision[]
  /** Parts of a data set that cells are measured on apart; none where it has no parts. */
  folds(dataset: Ref): readonly string[]
  kindOf(dataset: Ref): DataKind
  /** What is known of ranking data before it is read; nothing of data whose publisher says nothing. */
  facts(dataset: Ref): RankingFacts
  /** Who else computes what; empty for experiments that do not ask for it in `takes`. */
  readonly systems: AskedSystems
}

/** A cell before the harness adds data digests and the protocol. */
export type PlannedCell = Omit<Cell, 'dataDigest' | 'protocol' | 'experiment' | 'version' | 'engine'>

/** A cell that is somebody else's, computed by them. */
export interface Theirs {
  /** Output and gradient at one input, at the cotangent and labels of the cell; gradients of tied items shared, as `comparable` does. */
  compute(values: ArrayLike<number>): Promise<Computed>
  /** A gradient of ours as it can be compared with theirs: a sort may hand tied items over in any order. */
  comparable(gradient: ArrayLike<number>, values: ArrayLike<number>): Float64Array
  /**
   * How far values, and gradients where they are to be compared, are from ours at one input. Warned of: how the peer is called,
   * and a disagreement with what is known of it.
   */
  agree(values: ArrayLike<number>, compared: { readonly gradients: boolean }): Promise<readonly Observation[]>
  /** Agreement with ours, and the three timings; a pass that disagrees is not timed. */
  times(): Promise<readonly Observation[]>
  /** What a benchmark script prints of its passes, and then agreement with ours: nothing is called before the script begins. */
  published(script: BenchmarkScript): Promise<readonly Observation[]>
}

/** Metrics whose value is kept for every query besides those that an experiment stores anyway: all, none, or these. */
export type EveryQuery = boolean | readonly string[]

/** Exponents of n. */
interface Grown {
  readonly forward: number
  readonly backward: number
  readonly memory: number
}

export interface PlanBytes {
  readonly held: number
  /** A call. */
  readonly forward: number
  readonly backward: number
}

/** What an experiment may ask of the harness; implemented in measure/, faked in tests. */
export interface Bench {
  /** Carried out as asked; the reference implementation unless told. */
  operator(ref: Ref, execution?: Execution): OperatorSpec
  dataset(ref: Ref): Dataset
  readonly data: DataContext
  /** Present when the cell is somebody else's: an experiment that measures it must ask them. */
  readonly theirs?: Theirs
  /** Keep the value of every query under these metrics too. */
  readonly everyQuery: EveryQuery
  /** Calls `call` in calibrated batches and answers with samples in ns a call, in the order taken. */
  time(metric: string, call: () => void): Observation
  /** How many ns a piece of work takes, once: for those who measure as others do. */
  elapsed(work: () => void): number
  /** By which powers of n time and memory of an operator grow, from doublings. */
  growth(ref: Ref, execution?: Execution): Grown
  /** Bytes that a plan holds, and that a call of it leaves on the heap. */
  bytes(make: () => Plan): PlanBytes
  /** Networks that the peer computes whom the experiment needs; absent where it needs none. */
  readonly network?: OpenNetwork | undefined
  /** Keeps the state of a long cell from process to process until it is measured; absent where nothing can be kept. */
  readonly keeper?: Keeper | undefined
  /** Adds a warning to the visit: timer resolution, empty control, drift. */
  warn(warning: Warning): void
}

/**
 * What an experiment looks at: what it is given when nothing is named, what `check` tries it on, and what a user is told who
 * named something else.
 */
export interface Takes {
  /** Operators whose methods it measures; `own` when it brings methods that no registry knows. */
  readonly operators: readonly Operator[] | 'own'
  /** Kind of data; `own` when it draws its own values and needs a list data set only as a part of the cell's key. */
  readonly data: Dataset['kind'] | 'own'
  /** Asks peers what they offer before it plans. */
  readonly systems?: 'peers'
  /** Operators that only a peer brings may be selected too: their cells are that peer's. */
  readonly brought?: true
  /** Selectors of methods and data sets taken when none are named; default: all methods of the operators, data that is always here. */
  readonly methods?: readonly string[]
  readonly datasets?: readonly string[]
}

export interface Experiment {
  readonly name: string
  readonly version: number
  readonly question: string
  readonly params: ParamSpace
  readonly takes: Takes
  /** Every number it can answer with; runs, judges and tables take names, units and good sides from here. */
  readonly measures: Measures
  /** Timed cells get a fresh process a round and never run side by side with anything. */
  readonly timed: boolean
  /** Each visit to a peer's cell is a process of its own: what another visit left warm would show. */
  readonly freshPeers?: true
  /** Whether a cell's operators are carried out by the engine where there is one; absent: by the reference, always. */
  usesEngine?(planned: PlannedCell, experiment: Ref): boolean
  /** Its cells are facts about data or about what others published: no rankers that a verdict is held against. */
  readonly certifies?: true
  /** A peer without whom its cells cannot be measured, as they have their networks computed by it; undefined where there is none. */
  needs?(experiment: Ref): string | undefined
  /**
   * Digest of what a cell reads of its data set besides the fold; it goes into the cell's key.
   * @throws RankBenchError(absent) when it is not on this machine: the cell is skipped
   */
  reads?(planned: PlannedCell, dataset: Dataset, data: DataContext): Promise<string>
  /** Pure: what would be measured. No data, no clock, no file. */
  plan(scope: Scope): PlannedCell[]
  run(cell: Cell, bench: Bench): Promise<readonly Observation[]>
  /** Its own tables and pictures, loaded where a report is made; without it one row a cell, a column a measure. */
  report?(): Promise<Reporter>
}
