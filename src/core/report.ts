/** What a report is made of: tables and pictures as values, and the run that they are read from. */

import type { Cell } from './cell.ts'
import type { JudgedNumber } from './claim.ts'
import type { RankingFacts } from './dataset.ts'
import type { ParamSpace } from './params.ts'
import type { Result, Visit } from './result.ts'

export interface Column {
  readonly title: string
  readonly align: 'left' | 'right'
}

/** Bounds of a value in its own unit; `level` where they are bounds of confidence, e.g. 0.95. */
export interface Bounds {
  readonly low: number
  readonly high: number
  readonly level?: number
}

/** What a person reads, and what a program reads. */
export interface Value {
  readonly text: string
  /** The number in full, in `unit`, or the text; null where there is none. Absent: the text itself. */
  readonly data?: number | string | null
  readonly unit?: 'ns' | 'bytes' | '1' | 'x'
  readonly interval?: Bounds
  /** How many values it is a mean or median of. */
  readonly n?: number
  /** A mark of the table's own beside the number, e.g. `*`; the table says what it means. */
  readonly mark?: string
}

export interface ReportTable {
  readonly id: string
  readonly title: string
  /** What is compared, where, with how many threads. */
  readonly about: readonly string[]
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Value[])[]
  /** Keys of the cells that each row was made of; pages lead from a row to them. */
  readonly rowKeys?: readonly (readonly string[])[]
  /** Warnings and reasons, below the table. */
  readonly notes: readonly string[]
}

export interface Figure {
  /** File name without its ending. */
  readonly name: string
  readonly title: string
  readonly svg: string
}

/** A cell of a run with everything that came out of it. */
export interface Entry {
  readonly key: string
  readonly cell: Cell
  readonly result: Result
  readonly visits: readonly Visit[]
  /** Which machine timed it, of a run that several took part in. */
  readonly machine?: string
}

/** A stored run as reports want it. */
export interface RunData {
  readonly name: string
  readonly directory: string
  readonly command: string
  readonly createdAt: string
  /** One line: processor, cores, memory, Node. */
  readonly machine: string
  /** All that took part, each with its line, in the order of their names; absent of runs that one machine measured whole. */
  readonly machines?: readonly { readonly id: string; readonly text: string }[]
  /** Which part of a larger plan it is, `2/8`; absent of whole runs. */
  readonly shard?: string
  /** Whether the machine had the engine, and why not; absent in runs that did not write it down. */
  readonly engine?: string | undefined
  /** Plug-ins that the run was measured with, as its config names them. */
  readonly plugins?: readonly string[]
  readonly protocol: { readonly rounds: number; readonly samples: number }
  readonly seed: number
  readonly peers: Readonly<Record<string, string>>
  /** Digest of each data set that was read, by its label. */
  readonly dataDigests: Readonly<Record<string, string>>
  readonly entries: readonly Entry[]
  /** Parameter spaces by catalogue name, so that labels can leave defaults out. */
  readonly spaces: ReadonlyMap<string, ParamSpace>
  /** What publishers of ranking data say of it, by the name of the data set. */
  readonly facts?: ReadonlyMap<string, RankingFacts>
  /** Keys of the papers whose numbers the run was made to be judged by. */
  readonly papers?: readonly string[]
}

/** What a reader asked for beyond what is always shown. */
export interface ReportOptions {
  /** Published numbers with their verdicts, to stand beside ours. */
  readonly published: readonly JudgedNumber[]
  /** Columns of ranking tables. */
  readonly metrics?: readonly string[] | undefined
  /** One ranking under every metric convention. */
  readonly conventions?: boolean
}

/** `summary`: what is grasped at once; `main`: the answer; `detail`: what it is made of. Reports show them in this order. */
export type Place = 'summary' | 'main' | 'detail'

export type Section =
  | { readonly at: Place; readonly table: ReportTable }
  /** Drawn only where pictures are shown: the plotting library is loaded then. */
  | { readonly at: Place; readonly figures: () => Promise<readonly Figure[]> }

/** The tables and pictures of an experiment, of the run's cells that are its own; none where the run has none. */
export interface Reporter {
  sections(run: RunData, options: ReportOptions): readonly Section[]
  /** Who may be the best, a clause a field of competitors: the conclusion of a report says them. */
  contenders?(run: RunData): readonly string[]
}
