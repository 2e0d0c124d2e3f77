/** What rows and lines are called: an operator with noise on its scores stands beside the one without. */

import type { Cell } from '../../core/cell.ts'
import { experimentLabel, methodLabel, type RunData } from '../../results/view.ts'

export function operatorName(run: RunData, cell: Cell): string {
  const samples = Number(cell.experiment.params.gumbel ?? 0)
  return samples > 0 ? `${methodLabel(run, cell)}, gumbel=${samples}` : methodLabel(run, cell)
}

/** Settings that are alike for all that is compared. */
export function settingsLabel(run: RunData, cell: Cell): string {
  const { gumbel: _, ...params } = cell.experiment.params
  return experimentLabel(run, { ...cell, experiment: { ...cell.experiment, params } })
}
