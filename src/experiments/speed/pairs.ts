/** Pairs of ours and theirs as they were timed: their ratio, and what tells one pair from another. */

import type { Cell } from '../../core/cell.ts'
import { hard } from '../../core/method-ref.ts'
import type { Entry } from '../../core/report.ts'
import { forksOf } from '../../core/visits.ts'
import { ratioInterval, type TimingEstimate } from '../../stats/timing-interval.ts'
import type { Pair } from '../pairs.ts'

/** The three passes that are timed. */
export const passes = { forward: 'time.forward', backward: 'time.backward', both: 'time.forward+backward' } as const
export type Pass = keyof typeof passes

/** theirs / ours of one pass: above 1 ours is faster. Nothing where a side has no time. */
export const speedRatio = (pair: Pair, pass: Pass): TimingEstimate | undefined => metricRatio(pair, passes[pass])

/** The same of any time. */
export function metricRatio({ ours, theirs }: Pair, metric: string): TimingEstimate | undefined {
  if (!theirs) return undefined
  const [a, b] = [forksOf(theirs.visits, metric), forksOf(ours.visits, metric)]
  if (a.length === 0 || b.length === 0) return undefined
  // A peer that agreed in one round by chance has no time.
  if (a.length === 1 && b.length > 1) return undefined
  return ratioInterval(a, b)
}

export const threadsOf = ({ experiment }: Pick<Cell, 'experiment'>): number => Number(experiment.params.threads)
export const sizeOf = ({ dataset }: Cell): { readonly batch: number; readonly n: number } => ({
  batch: Number(dataset.params.batch),
  n: Number(dataset.params.n),
})

/** Our own sort of the same numbers, without softness: the floor that soft ones stand above. */
export const isPlainSort = ({ method }: Cell): boolean => method.operator === 'sort' && method.method === hard

/** `rank:permutahedron` with what tells its variants apart. */
export function familyOf({ method: { name, params } }: Cell): string {
  const kind = params.regularization ?? params.network ?? params.cost
  return kind === undefined ? name : `${name}, ${kind}`
}

/** Why a time of theirs was withheld, as the run was warned; undefined where nothing disagrees and they just have no such pass. */
export function withheld({ result }: Entry): 'disagrees' | 'known defect' | undefined {
  const said = result.status === 'measured' ? result.warnings.map(({ code }) => code) : []
  if (said.includes('disagreement')) return 'disagrees'
  return said.includes('known defect') ? 'known defect' : undefined
}
