/** What a run would do: --dry-run. */

import type { Protocol } from '../core/protocol.ts'
import { formatRef } from '../core/selector.ts'
import { type Estimate, estimateLine } from '../run/estimate.ts'
import type { RunPlan } from '../run/plan.ts'
import { print } from './output.ts'

export function printPlan(plan: RunPlan, protocol: Protocol, estimate: Estimate): void {
  for (const { key, cell, timed, skip } of plan.cells) {
    const place = [formatRef(cell.dataset), cell.split].filter(Boolean).join('/')
    const what = `${key}  ${cell.experiment.name}  ${cell.system}  ${formatRef(cell.method)}  ${place}  seed=${cell.seed}  ${cell.precision}`
    print(`${what}${skip ? `  skipped: ${skip.reason}` : timed ? `  x${protocol.rounds} rounds` : ''}`)
  }
  const visits = plan.cells.reduce((sum, cell) => sum + (cell.skip ? 0 : cell.timed ? protocol.rounds : 1), 0)
  const skipped = plan.cells.filter((cell) => cell.skip).length
  print(estimateLine(estimate))
  print(`plan: ${plan.cells.length} cells, ${skipped} skipped, ${visits} visits — nothing was measured`)
}
