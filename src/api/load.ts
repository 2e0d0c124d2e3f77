/** What a caller gives beside values, checked against the shape of the values and written to a plan. */

import { usageError, valueError } from '../core/errors.ts'
import type { Plan } from '../core/method.ts'
import type { Ref } from '../core/selector.ts'
import { type Precision, rowCount, rowLengths } from '../core/shape.ts'
import { type Flat, flatten, requireLengths, requireNumber, type Values } from '../methods/kit/nesting.ts'

/** What belongs to items and rows. */
export interface Given {
  /** One a value; required by losses, refused by the other operators. */
  readonly labels?: Values | undefined
  /** Item weights, one a value, finite and not negative; refused by operators that take none. */
  readonly weights?: Values | undefined
  /** One a row, finite and not negative: each multiplies the loss of its list; refused by operators other than losses. */
  readonly listWeights?: ArrayLike<number> | undefined
}

function loadLabels(plan: Plan, values: Flat, labels: Values | undefined, ref: Ref, precision: Precision): void {
  if (plan.labels === undefined) {
    if (labels !== undefined)
      throw usageError(`${ref.name} takes no labels`, 'labels belong to losses: rank-bench list methods')
    return
  }
  if (labels === undefined) throw usageError(`${ref.name} needs labels, one a value`)
  const flat = flatten(labels, 'labels', precision)
  requireLengths(flat, rowLengths(values.shape), 'labels', 'the values')
  plan.labels.set(flat.numbers)
}

function requireNotNegative({ numbers, shape }: Flat, what: string): void {
  const wrong = numbers.findIndex((number) => number < 0)
  if (wrong < 0) return
  const q = shape.offsets.findLastIndex((start) => start <= wrong)
  throw valueError(
    `${what}: row ${q}, index ${wrong - shape.offsets[q]} is ${numbers[wrong]}; expected a finite number >= 0`,
  )
}

function loadWeights(plan: Plan, values: Flat, weights: Values | undefined, ref: Ref, precision: Precision): void {
  if (weights === undefined) return
  if (plan.weights === undefined) throw usageError(`${ref.name} takes no weights`, 'rank-bench list methods')
  const flat = flatten(weights, 'weights', precision)
  requireLengths(flat, rowLengths(values.shape), 'weights', 'the values')
  requireNotNegative(flat, 'weights')
  plan.weights.set(flat.numbers)
}

function loadListWeights(
  plan: Plan,
  values: Flat,
  given: ArrayLike<number> | undefined,
  ref: Ref,
  precision: Precision,
) {
  if (given === undefined) return
  if (plan.listWeights === undefined) {
    throw usageError(`${ref.name} takes no list weights`, 'list weights belong to losses: rank-bench list methods')
  }
  const rows = rowCount(values.shape)
  const isList = Array.isArray(given) || ArrayBuffer.isView(given)
  if (!isList) throw valueError(`listWeights: ${String(given)} is not a list; expected one number a row`)
  if (given.length !== rows) throw valueError(`listWeights: ${given.length} entries; expected ${rows}, one a row`)
  for (let q = 0; q < rows; q++) {
    const weight = requireNumber(given[q], precision, () => `listWeights: row ${q}`)
    if (weight < 0) throw valueError(`listWeights: row ${q} is ${weight}; expected a finite number >= 0`)
    plan.listWeights[q] = weight
  }
}

/**
 * Writes labels and weights to the plan.
 * @throws RankBenchError(value) on another shape or a number that is none, by row and index; RankBenchError(usage) on labels that
 * are missing, or labels and weights where none belong
 */
export function loadGiven(plan: Plan, values: Flat, given: Given, ref: Ref, precision: Precision): void {
  loadLabels(plan, values, given.labels, ref, precision)
  loadWeights(plan, values, given.weights, ref, precision)
  loadListWeights(plan, values, given.listWeights, ref, precision)
}
