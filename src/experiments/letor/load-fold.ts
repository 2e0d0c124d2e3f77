/** The fold of a cell, its parts checked to be apart. */

import type { Cell } from '../../core/cell.ts'
import type { Fold } from '../../core/dataset.ts'
import { usageError } from '../../core/errors.ts'
import type { Bench } from '../../core/experiment.ts'
import { requireSeparateParts } from './parts.ts'

/** @throws RankBenchError(usage) for lists of numbers, RankBenchError(data) for parts that share queries */
export async function loadFold(cell: Cell, bench: Bench): Promise<Fold> {
  const dataset = bench.dataset(cell.dataset)
  if (dataset.kind !== 'ranking') {
    throw usageError(`${cell.experiment.name} needs ranking data; ${dataset.name} holds lists of numbers`)
  }
  const fold = await dataset.load(cell.split, cell.dataset.params, bench.data)
  requireSeparateParts(fold, `${dataset.name}, ${cell.split}`)
  return fold
}
