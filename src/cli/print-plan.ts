/** What a run would do: --dry-run. */

import type { Protocol } from '../core/protocol.ts'
import { formatRef } from '../core/selector.ts'
import { type Estimate, estimateLine } from '../run/estimate.ts'
import type { RunPlan } from '../run/plan.ts'
import type { PlannedRun } from '../run/run.ts'
import { readShard, shardsOf } from '../run/shards/part.ts'
import { dealtText } from '../run/shards/place.ts'
import { shardsTable } from '../run/shards/table.ts'
import { estimatesHere } from './estimates.ts'
import type { MeasuringFlags } from './measuring-options.ts'
import { print, tell } from './output.ts'
import { onScreen } from './screen.ts'

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

/** All shards, then what is planned for the one that was asked for. */
export function printShard(planned: PlannedRun, asked: string, flags: MeasuringFlags): void {
  const { plan, protocol } = planned
  const { index, count } = readShard(asked, tell)
  const { parts, facts } = shardsOf(plan.cells, count, protocol, flags.costs)
  const estimate = estimatesHere(planned, flags)
  const rows = parts.map((cells) => ({ cells, estimate: estimate(cells) }))
  print(onScreen([shardsTable(rows, protocol, index, dealtText(facts(index).dealt))]))
  printPlan({ ...plan, cells: parts[index - 1] }, protocol, rows[index - 1].estimate)
}
