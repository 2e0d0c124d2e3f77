/** How long a plan will take, before anything is measured: from visits of earlier runs, else from protocol and declared growth. */

import type { Growth, OperatorSpec } from '../core/method.ts'
import type { Protocol } from '../core/protocol.ts'
import type { RunCell } from '../core/result.ts'

/** How long a visit to a cell took in an earlier run. */
export interface EarlierVisit {
  readonly key: string
  /** Name of its experiment. */
  readonly experiment: string
  /** What it shares with cells that take as long: see `likenessOf`. */
  readonly likeness?: Likeness
  readonly elapsedMs: number
}

interface Likeness {
  /** Everything but seed and split. */
  readonly cell: string
  /** Experiment and data. */
  readonly data: string
}

/** What decides how long a cell takes: most of all who computes what on which data, then the experiment and the data. */
export function likenessOf({ experiment, system, method, dataset, precision }: RunCell['cell']): Likeness {
  const data = JSON.stringify([experiment, dataset])
  return { cell: `${data} ${JSON.stringify([system, method.name, method.params, precision])}`, data }
}

export interface Estimate {
  readonly lowSeconds: number
  readonly highSeconds: number
  /** Visits by what is known of them. */
  readonly by: {
    readonly sameCell: number
    readonly alike: number
    readonly protocol: number
    readonly sameData: number
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

/** The middle of what visits took, by what they have in common. */
function medians(visits: readonly EarlierVisit[], of: (visit: EarlierVisit) => string | undefined) {
  const groups = new Map<string, number[]>()
  for (const visit of visits) {
    const group = of(visit)
    if (group === undefined) continue
    const known = groups.get(group)
    if (known) known.push(visit.elapsedMs)
    else groups.set(group, [visit.elapsedMs])
  }
  return new Map([...groups].map(([group, took]) => [group, took.sort((a, b) => a - b)[took.length >> 1]]))
}

/** What is said of one visit, and by how much it may be off either way. */
const knowledge = {
  sameCell: { off: 1.5 },
  alike: { off: 1.5 },
  protocol: { off: 2 },
  sameData: { off: 2 },
  sameExperiment: { off: 3 },
  guess: { off: 10 },
} as const
type Known = keyof typeof knowledge

/** What is expected of a cell. */
export interface Expected {
  readonly known: Known
  /** One visit. */
  readonly ms: number
}

/** How long each visit to a cell takes, from earlier visits to it or to others like it, else from the protocol. */
export function expectations(
  protocol: Protocol,
  earlier: readonly EarlierVisit[],
  operators: ReadonlyMap<string, OperatorSpec>,
): (planned: RunCell) => Expected {
  const ofCell = medians(earlier, ({ key }) => key)
  const alike = medians(earlier, ({ likeness }) => likeness?.cell)
  const ofData = medians(earlier, ({ likeness }) => likeness?.data)
  const ofExperiment = medians(earlier, ({ experiment }) => experiment)
  return (planned) => {
    const { key, cell, timed } = planned
    const likeness = likenessOf(cell)
    const found = (known: Known, ms: number | undefined) => (ms === undefined ? undefined : { known, ms })
    return (
      found('sameCell', ofCell.get(key)) ??
      found('alike', alike.get(likeness.cell)) ??
      (timed ? found('protocol', timedMs(planned, protocol, operators.get(cell.method.name))) : undefined) ??
      found('sameData', ofData.get(likeness.data)) ??
      found('sameExperiment', ofExperiment.get(cell.experiment.name)) ?? { known: 'guess', ms: guessMs }
    )
  }
}

/**
 * @param jobs untimed visits at a time
 * @param expected as `expectations` answers
 */
export function estimateTime(
  cells: readonly RunCell[],
  protocol: Protocol,
  jobs: number,
  expected: (planned: RunCell) => Expected,
): Estimate {
  const by: Record<Known, number> = { sameCell: 0, alike: 0, protocol: 0, sameData: 0, sameExperiment: 0, guess: 0 }
  let [low, high] = [0, 0]
  for (const planned of cells) {
    if (planned.skip) continue
    const [visits, lanes] = planned.timed ? [protocol.rounds, 1] : [1, jobs]
    const { known, ms } = expected(planned)
    by[known] += visits
    low += (visits * ms) / knowledge[known].off / lanes
    high += (visits * ms * knowledge[known].off) / lanes
  }
  return { lowSeconds: low / 1000, highSeconds: high / 1000, by }
}

export const spokenSeconds = (seconds: number): string => {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toPrecision(2)} h`
}

const why: Readonly<Record<Known, string>> = {
  sameCell: 'as the same cells took here before',
  alike: 'as cells that differ in seed and fold took here',
  protocol: 'by the protocol and the declared growth',
  sameData: 'as other cells of the experiment took on the same data here',
  sameExperiment: 'as other cells of the experiment took here',
  guess: `guessed at ${guessMs / 1000} s each, nothing like them was measured here`,
}

/** `time: 40 s to 2 min (24 visits by the protocol and the declared growth)`. */
export function estimateLine({ lowSeconds, highSeconds, by }: Estimate): string {
  const parts = (Object.keys(why) as Known[]).flatMap((known) =>
    by[known] > 0 ? [`${by[known]} visit${by[known] === 1 ? '' : 's'} ${why[known]}`] : [],
  )
  return `time: ${spokenSeconds(lowSeconds)} to ${spokenSeconds(highSeconds)} (${parts.join('; ') || 'no visits'})`
}
