/** Cells of ours side by side with whoever else computed the same. */

import { groupOf, isOurs } from '../core/cell.ts'
import { type Entry, groupBy } from '../results/view.ts'

export interface Pair {
  readonly ours: Entry
  /** Absent where nobody else computes this. */
  readonly theirs: Entry | undefined
}

/** One pair a system that stands beside ours; ours alone where there is none. */
export function pairsOf(entries: readonly Entry[]): Pair[] {
  return [...groupBy(entries, ({ cell }) => groupOf(cell)).values()].flatMap((group) => {
    const ours = group.find(({ cell }) => isOurs(cell))
    const others = group.filter((entry) => entry !== ours)
    const theirs: readonly (Entry | undefined)[] = others.length === 0 ? [undefined] : others
    return ours ? theirs.map((each): Pair => ({ ours, theirs: each })) : []
  })
}
