/** Cells of the speed experiment side by side with whoever else was timed on the same numbers. */

import { type Cell, groupOf, isOurs } from '../../core/cell.ts'
import { forksOf } from '../../core/turns.ts'
import { type Entry, entriesOf, groupBy, type RunData } from '../../results/view.ts'
import { ratioInterval, type TimingEstimate } from '../../stats/timing-interval.ts'

export interface SpeedPair {
  readonly ours: Entry
  /** Absent where nobody else computes this. */
  readonly theirs: Entry | undefined
}

export const passes = { forward: 'time.forward', both: 'time.forward+backward' } as const
export type Pass = keyof typeof passes

export function speedPairs(run: RunData): SpeedPair[] {
  return [...groupBy(entriesOf(run, 'speed'), ({ cell }) => groupOf(cell)).values()].flatMap((entries) => {
    const ours = entries.find(({ cell }) => isOurs(cell))
    const others = entries.filter((entry) => entry !== ours)
    const theirs: readonly (Entry | undefined)[] = others.length === 0 ? [undefined] : others
    return ours ? theirs.map((each): SpeedPair => ({ ours, theirs: each })) : []
  })
}

/** theirs / ours of one pass: above 1 ours is faster. Nothing where a side has no time. */
export function speedRatio({ ours, theirs }: SpeedPair, pass: Pass): TimingEstimate | undefined {
  if (!theirs) return undefined
  const [a, b] = [forksOf(theirs.turns, passes[pass]), forksOf(ours.turns, passes[pass])]
  if (a.length === 0 || b.length === 0) return undefined
  return ratioInterval(a, b)
}

export const threadsOf = ({ experiment }: Cell): number => Number(experiment.params.threads)
export const sizeOf = ({ dataset }: Cell): { readonly batch: number; readonly n: number } => ({
  batch: Number(dataset.params.batch),
  n: Number(dataset.params.n),
})

/** `rank:permutahedron` with what tells its variants apart. */
export function familyOf({ method: { name, params } }: Cell): string {
  const kind = params.regularization ?? params.network ?? params.cost
  return kind === undefined ? name : `${name}, ${kind}`
}
