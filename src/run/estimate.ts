/** How long a plan will take, before anything is measured: from visits of earlier runs, else from protocol and declared growth. */

import type { Growth, OperatorSpec } from '../core/method.ts'
import type { Protocol } from '../core/protocol.ts'
import type { RunCell } from '../core/result.ts'

/** How long a visit to a cell took in an earlier run. */
export interface EarlierVisit {
  readonly key: string
  /** Name of its experiment. */
  readonly experiment: string
  readonly elapsedMs: number
}

export interface Estimate {
  readonly lowSeconds: number
  readonly highSeconds: number
  /** Visits by what is known of them. */
  readonly by: {
    readonly sameCell: number
    readonly protocol: number
    readonly sameExperiment: number
    readonly guess: number
  }
}

/** Starting a process, loading the registry and the data. */
const startMs = 500
/** How long an untimed visit takes that nothing is known about. */
const guessMs = 3000
/** Time a unit of growth: some operations an item, pair or triple. */
const unitNs = 10

const units: Readonly<Record<Growth, (n: number) => number>> = {
  n: (n) => n,
  'n log n': (n) => n * Math.log2(n + 2),
  'n log^2 n': (n) => n * Math.log2(n + 2) ** 2,
  'n^2': (n) => n * n,
  'n^2 log^2 n': (n) => n * n * Math.log2(n + 2) ** 2,
  'n^3': (n) => n ** 3,
}

/** One call of an operator on all rows of a list data set; nothing known counts as nothing. */
function callMs({ cell }: RunCell, spec: OperatorSpec | undefined): number {
  const { batch = 1, n = 0 } = cell.dataset.params
  if (!spec) return 0
  return (
    (Number(batch) * unitNs * (units[spec.growth.forward](Number(n)) + units[spec.growth.backward](Number(n)))) / 1e6
  )
}

const timingsAVisit = 3

/** Warm-up, calibration and samples, each at least as long as a call. */
function timedMs(planned: RunCell, protocol: Protocol, spec: OperatorSpec | undefined): number {
  const call = callMs(planned, spec)
  const sample = Math.max(protocol.batchNs / 1e6, call)
  const samples = Math.max(3 * sample, Math.min(protocol.samples * sample, protocol.budgetMs))
  return startMs + timingsAVisit * (Math.max(protocol.warmupMs, call) + 2 * sample + samples)
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]

function grouped(visits: readonly EarlierVisit[], of: (visit: EarlierVisit) => string): Map<string, number[]> {
  const groups = new Map<string, number[]>()
  for (const visit of visits) groups.set(of(visit), [...(groups.get(of(visit)) ?? []), visit.elapsedMs])
  return groups
}

/** What is said of one visit, and by how much it may be off either way. */
const knowledge = {
  sameCell: { off: 1.5 },
  protocol: { off: 2 },
  sameExperiment: { off: 3 },
  guess: { off: 10 },
} as const
type Known = keyof typeof knowledge

/**
 * @param jobs untimed visits at a time
 * @param earlier visits that took their time on this machine
 */
export function estimateTime(
  cells: readonly RunCell[],
  protocol: Protocol,
  jobs: number,
  earlier: readonly EarlierVisit[],
  operators: ReadonlyMap<string, OperatorSpec>,
): Estimate {
  const [ofCell, ofExperiment] = [grouped(earlier, ({ key }) => key), grouped(earlier, (visit) => visit.experiment)]
  const by: Record<Known, number> = { sameCell: 0, protocol: 0, sameExperiment: 0, guess: 0 }
  let [low, high] = [0, 0]
  const add = (known: Known, ms: number, visits: number, lanes: number): void => {
    by[known] += visits
    low += (visits * ms) / knowledge[known].off / lanes
    high += (visits * ms * knowledge[known].off) / lanes
  }
  for (const planned of cells.filter(({ skip }) => !skip)) {
    const [visits, lanes] = planned.timed ? [protocol.rounds, 1] : [1, jobs]
    const [same, similar] = [ofCell.get(planned.key), ofExperiment.get(planned.cell.experiment.name)]
    if (same) add('sameCell', median(same), visits, lanes)
    else if (planned.timed)
      add('protocol', timedMs(planned, protocol, operators.get(planned.cell.method.name)), visits, lanes)
    else if (similar) add('sameExperiment', median(similar), visits, lanes)
    else add('guess', guessMs, visits, lanes)
  }
  return { lowSeconds: low / 1000, highSeconds: high / 1000, by }
}

const spoken = (seconds: number): string => {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toPrecision(2)} h`
}

const why: Readonly<Record<Known, string>> = {
  sameCell: 'as the same cells took here before',
  protocol: 'by the protocol and the declared growth',
  sameExperiment: 'as other cells of the experiment took here',
  guess: `guessed at ${guessMs / 1000} s each, nothing like them was measured here`,
}

/** `time: 40 s to 2 min (24 visits by the protocol and the declared growth)`. */
export function estimateLine({ lowSeconds, highSeconds, by }: Estimate): string {
  const parts = (Object.keys(why) as Known[]).flatMap((known) =>
    by[known] > 0 ? [`${by[known]} visit${by[known] === 1 ? '' : 's'} ${why[known]}`] : [],
  )
  return `time: ${spoken(lowSeconds)} to ${spoken(highSeconds)} (${parts.join('; ') || 'no visits'})`
}
