/** What a shard asks of a machine: whether it times anything, threads, seconds and memory. */

import type { Growth, OperatorSpec } from '../core/method.ts'
import type { RunCell } from '../core/result.ts'

export interface ShardNeeds {
  /** From 1. */
  readonly index: number
  readonly cells: number
  /** Some of its cells are timed: nothing else may run on its machine. */
  readonly timed: boolean
  readonly cpus: number
  /** The most that it is expected to take. */
  readonly seconds: number
  readonly memoryGiB: number
}

/** Numbers that an operator holds by what it declares: inputs and outputs beside what grows. */
const held: Readonly<Record<Growth, (n: number) => number>> = {
  n: (n) => 16 * n,
  'n log n': (n) => 4 * n * Math.log2(n + 2),
  'n log^2 n': (n) => 4 * n * Math.log2(n + 2) ** 2,
  'n^2': (n) => 4 * n * n,
  'n^2 log^2 n': (n) => 4 * n * n * Math.log2(n + 2) ** 2,
  'n^3': (n) => 4 * n ** 3,
}

/** A process of its own with the package, its engine and a data set of LETOR's size; the run that starts them, with its peers. */
const [processGiB, runGiB] = [0.5, 0.75]

function cellGiB({ cell }: RunCell, spec: OperatorSpec | undefined): number {
  const { batch = 1, n = 0 } = cell.dataset.params
  return processGiB + (spec ? (8 * Number(batch) * held[spec.growth.memory](Number(n))) / 2 ** 30 : 0)
}

const threadsOf = ({ cell }: RunCell): number => Number(cell.experiment.params.threads ?? 1)

const largest = (values: readonly number[]): number => values.reduce((most, each) => Math.max(most, each), 0)

interface Terms {
  /** Untimed cells at a time. */
  readonly jobs: number
  /** What the shard is expected to take. */
  readonly seconds: number
  /** What one cell may take: beyond it a cell is ended, whatever it declares. */
  readonly mostGiB: number
  readonly operators: ReadonlyMap<string, OperatorSpec>
}

export function needsOf(
  index: number,
  cells: readonly RunCell[],
  { jobs, seconds, mostGiB, operators }: Terms,
): ShardNeeds {
  const own = cells.filter(({ skip }) => !skip)
  const needs = (some: readonly RunCell[]) =>
    largest(some.map((each) => Math.min(mostGiB, cellGiB(each, operators.get(each.cell.method.name)))))
  const [timed, untimed] = [own.filter((each) => each.timed), own.filter((each) => !each.timed)]
  const lanes = Math.min(jobs, untimed.length)
  return {
    index,
    cells: cells.length,
    timed: timed.length > 0,
    cpus: Math.max(1, lanes, largest(timed.map(threadsOf))),
    seconds,
    memoryGiB: Math.ceil(runGiB + Math.max(lanes * needs(untimed), needs(timed))),
  }
}

/** Where an estimate is exceeded a shard is ended and goes on from its journal: half as long again, in steps of ten minutes. */
export const limitSeconds = ({ seconds }: ShardNeeds): number => 600 * Math.ceil((1.5 * seconds + 300) / 600)
