/** What losses refuse of labels and weights. */

import { valueError } from '../../core/errors.ts'
import type { ParamSpec } from '../../core/params.ts'
import type { FloatArray, Shape } from '../../core/shape.ts'

/** A loss that only compares labels may be told that those below 0 are meant. */
export const negativeLabels = {
  kind: 'flag',
  default: false,
  meaning: 'labels below 0 are values like any other; false refuses them, as padding that was not masked',
} as const satisfies ParamSpec

/** @throws RankBenchError(value) naming list and index of the first label that is no grade. */
export function requireGrades(labels: FloatArray, { offsets }: Shape, hasFlag = false): void {
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] >= 0 && labels[i] < Number.POSITIVE_INFINITY) continue
    const q = offsets.findLastIndex((start) => start <= i)
    throw valueError(
      `labels: row ${q}, index ${i - offsets[q]} is ${labels[i]}; expected a finite grade >= 0`,
      `a mask, or ignore=${labels[i]}, leaves such items out${hasFlag ? '; negative-labels=true takes them as they are' : ''}`,
    )
  }
}

const isWeight = (weight: number): boolean => weight >= 0 && weight < Number.POSITIVE_INFINITY

/** @throws RankBenchError(value) naming the first list whose weight is no weight. */
export function requireListWeights(weights: FloatArray): void {
  const wrong = weights.findIndex((weight) => !isWeight(weight))
  if (wrong < 0) return
  throw valueError(`list weights: row ${wrong} is ${weights[wrong]}; expected a finite number >= 0`)
}

/** @throws RankBenchError(value) naming list and index of the first weight that is no weight. */
export function requireWeights(weights: FloatArray, { offsets }: Shape): void {
  for (let i = 0; i < weights.length; i++) {
    if (isWeight(weights[i])) continue
    const q = offsets.findLastIndex((start) => start <= i)
    throw valueError(`weights: row ${q}, index ${i - offsets[q]} is ${weights[i]}; expected a finite number >= 0`)
  }
}
