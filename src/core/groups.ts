/** Cells that are measured side by side, together. */

import { groupOf } from './cell.ts'
import type { RunCell } from './result.ts'

/** In the order of the first cell of each. */
export function groupsOf(cells: readonly RunCell[]): RunCell[][] {
  const groups = new Map<string, RunCell[]>()
  for (const planned of cells) {
    const group = groupOf(planned.cell)
    const known = groups.get(group)
    if (known) known.push(planned)
    else groups.set(group, [planned])
  }
  return [...groups.values()]
}
