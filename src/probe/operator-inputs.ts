/**
 * The inputs of a timed cell, a pure function of the cell, so that rank-bench and every peer get the same numbers.
 * Several inputs are rotated: one input repeated lets the branch predictor learn it, and a sort then looks several times faster.
 */

import type { Cell } from '../core/cell.ts'
import type { Dataset } from '../core/dataset.ts'
import { usageError } from '../core/errors.ts'
import { randomStream } from '../core/random.ts'
import { formatRef } from '../core/selector.ts'
import { itemCount, type Shape } from '../core/shape.ts'

export interface OperatorInputs {
  readonly shape: Shape
  /** Distinct inputs of one shape, to be rotated. */
  readonly values: readonly Float64Array[]
  /** Graded labels 0..4, for losses. */
  readonly labels: Float64Array
  /** Standard normal numbers: an all-ones cotangent has a zero or trivial gradient for rank and sort. */
  cotangent(length: number): Float64Array
}

const mostInputs = 64
const mostNumbers = 2 ** 22

const inputCount = (items: number): number =>
  Math.max(2, Math.min(mostInputs, Math.floor(mostNumbers / Math.max(1, items))))

/** @throws RankBenchError(usage) when the data set is not one of lists. */
export function operatorInputs(dataset: Dataset, cell: Cell): OperatorInputs {
  if (dataset.kind !== 'lists') {
    throw usageError(
      `${cell.experiment.name} takes lists of numbers; ${dataset.name} is learning-to-rank data`,
      'use -d sorting',
    )
  }
  const { offsets, values } = dataset.generate(cell.dataset.params, cell.seed)
  const shape = { offsets }
  const stream = (name: string) => randomStream(cell.seed, `${formatRef(cell.dataset)}/${name}`)
  const more = Array.from({ length: inputCount(itemCount(shape)) - 1 }, (_, i) =>
    dataset.generate(cell.dataset.params, cell.seed + 1_000_003 * (i + 1)),
  ).filter((other) => other.values.length === values.length)
  const labels = stream('labels')
  return {
    shape,
    values: [values, ...more.map((other) => other.values)],
    labels: Float64Array.from(values, () => labels.integer(5)),
    cotangent: (length) => {
      const random = stream('cotangent')
      return Float64Array.from({ length }, () => random.normal())
    },
  }
}
