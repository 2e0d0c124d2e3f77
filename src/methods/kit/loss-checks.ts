/** What losses refuse of labels and weights. */

import { valueError } from '../../core/errors.ts'
import type { FloatArray, Shape } from '../../core/shape.ts'

/** @throws RankBenchError(value) naming list and index of the first label that is no grade. */
export function requireGrades(labels: FloatArray, { offsets }: Shape): void {
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] >= 0 && labels[i] < Number.POSITIVE_INFINITY) continue
    const q = offsets.findLastIndex((start) => start <= i)
    throw valueError(`labels: row ${q}, index ${i - offsets[q]} is ${labels[i]}; expected a finite grade >= 0`)
  }
}

/** @throws RankBenchError(value) naming list and index of the first weight that is no weight. */
export function requireWeights(weights: FloatArray, { offsets }: Shape): void {
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] >= 0 && weights[i] < Number.POSITIVE_INFINITY) continue
    const q = offsets.findLastIndex((start) => start <= i)
    throw valueError(`weights: row ${q}, index ${i - offsets[q]} is ${weights[i]}; expected a finite number >= 0`)
  }
}
