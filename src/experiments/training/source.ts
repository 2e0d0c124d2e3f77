/** Where sequences of pictures are drawn from. */

import type { Cell } from '../../core/cell.ts'
import { usageError } from '../../core/errors.ts'
import type { Bench } from '../../core/experiment.ts'

export type Source = Awaited<ReturnType<Extract<ReturnType<Bench['dataset']>, { kind: 'sequences' }>['open']>>

/** @throws RankBenchError(usage) where the data set of the cell holds other data */
export function openSource(cell: Cell, bench: Bench): Promise<Source> {
  const dataset = bench.dataset(cell.dataset)
  if (dataset.kind !== 'sequences')
    throw usageError(`${cell.experiment.name} needs sequences of pictures; ${dataset.name} holds other data`)
  return dataset.open(cell.dataset.params, bench.data)
}
