/**
 * What a network is told when it sorts: which of the numbers is where, and nothing of the numbers themselves.
 *
 * - a relaxed permutation: cross entropy of its rows with the true permutation, mean over rows (Grover et al., ICLR 2019)
 * - a soft rank: half the squared distance from the true ranks, mean over items (Blondel et al., ICML 2020)
 */

import type { OperatorSpec, Plan } from '../../core/method.ts'
import type { MethodRef } from '../../core/method-ref.ts'
import { regularShape } from '../../core/shape.ts'
import type { LossAt } from '../../train/loop.ts'

/** Numbers of a batch, to be sorted. */
interface Numbers {
  readonly values: Float64Array
}

/** An entry that is 0 has no logarithm: this is what it counts as. */
const smallest = 1e-30

/** Items in the order of their values, ascending or descending; equal ones in their own order. */
export function orderOf(values: ArrayLike<number>, start: number, n: number, descending: boolean): number[] {
  const sign = descending ? -1 : 1
  return Array.from({ length: n }, (_, i) => i).sort((a, b) => sign * (values[start + a] - values[start + b]) || a - b)
}

/** -log P[position, item] of the true permutation. @param logarithm the plan puts out log P */
function permutationLoss(plan: Plan, { values }: Numbers, n: number, descending: boolean, logarithm: boolean): number {
  plan.cotangent.fill(0)
  let sum = 0
  for (let start = 0; start < values.length; start += n) {
    orderOf(values, start, n, descending).forEach((item, position) => {
      const at = start * n + position * n + item
      const entry = logarithm ? plan.output[at] : Math.max(plan.output[at], smallest)
      sum -= logarithm ? entry : Math.log(entry)
      plan.cotangent[at] = -1 / (values.length * (logarithm ? 1 : entry))
    })
  }
  return sum / values.length
}

function rankLoss(plan: Plan, { values }: Numbers, n: number, descending: boolean): number {
  let sum = 0
  for (let start = 0; start < values.length; start += n) {
    orderOf(values, start, n, descending).forEach((item, position) => {
      const difference = plan.output[start + item] - (position + 1)
      sum += difference ** 2 / 2
      plan.cotangent[start + item] = difference / values.length
    })
  }
  return sum / values.length
}

interface SortingLoss {
  at(scores: Float64Array, batch: Numbers): LossAt
  dispose(): void
}

/** @param sequences of n numbers in a batch */
export function sortingLoss(spec: OperatorSpec, method: MethodRef, sequences: number, n: number): SortingLoss {
  const logarithm = method.operator === 'matrix' ? spec.logarithm?.(method.params) : undefined
  const plan = (logarithm ?? spec).plan(regularShape(sequences, n), method.params, 'f64')
  const descending = method.params.direction === 'descending'
  return {
    at(scores, batch) {
      plan.values.set(scores)
      plan.forward()
      const value =
        method.operator === 'matrix'
          ? permutationLoss(plan, batch, n, descending, logarithm !== undefined)
          : rankLoss(plan, batch, n, descending)
      plan.backward()
      return { value, gradient: plan.gradient }
    },
    dispose: () => plan.dispose(),
  }
}
