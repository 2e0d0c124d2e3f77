/**
 * What a network is told when it sorts: which of the numbers is where, and nothing of the numbers themselves.
 *
 * - a relaxed permutation: cross entropy of its rows with the true permutation, mean over rows (Grover et al., ICLR 2019)
 * - a soft rank: half the squared distance from the true ranks, mean over items (Blondel et al., ICML 2020)
 *
 * NeuralSort's stochastic variant is the mean of either over scores with Gumbel noise (the same paper, section 5; its released code adds
 * it to the scores as they are, five samples a step).
 */

import type { OperatorSpec, Plan } from '../../core/method.ts'
import type { MethodRef } from '../../core/method-ref.ts'
import { regularShape } from '../../core/shape.ts'
import type { LossAt } from '../../train/loop.ts'
import { repeated, summed, writeNoisy } from '../training/gumbel.ts'

/** Numbers of a batch, to be sorted. */
interface Numbers {
  readonly values: Float64Array
  /** Noise that is added to their scores, one sample after another, each of all numbers; empty where there is none. */
  readonly noise: Float64Array
}

/** An entry that is 0 has no logarithm: this is what it counts as. */
const smallest = 1e-30

/** Items in the order of their values, ascending or descending; equal ones in their own order. */
export function orderOf(values: ArrayLike<number>, start: number, n: number, descending: boolean): number[] {
  const sign = descending ? -1 : 1
  return Array.from({ length: n }, (_, i) => i).sort((a, b) => sign * (values[start + a] - values[start + b]) || a - b)
}

/** -log P[position, item] of the true permutation. @param logarithm the plan puts out log P */
function permutationLoss(plan: Plan, values: Float64Array, n: number, descending: boolean, logarithm: boolean): number {
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

function rankLoss(plan: Plan, values: Float64Array, n: number, descending: boolean): number {
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

/**
 * @param sequences of n numbers in a batch
 * @param gumbel samples of noise that a batch brings: the loss is the mean over them; 0 where scores are taken as they are
 */
export function sortingLoss(
  spec: OperatorSpec,
  method: MethodRef,
  { sequences, n, gumbel }: { readonly sequences: number; readonly n: number; readonly gumbel: number },
): SortingLoss {
  const samples = Math.max(1, gumbel)
  const logarithm = method.operator === 'matrix' ? spec.logarithm?.(method.params) : undefined
  const plan = (logarithm ?? spec).plan(regularShape(sequences * samples, n), method.params, 'f64')
  const descending = method.params.direction === 'descending'
  return {
    at(scores, { values, noise }) {
      writeNoisy(plan.values, scores, noise)
      plan.forward()
      const numbers = repeated(values, samples)
      const value =
        method.operator === 'matrix'
          ? permutationLoss(plan, numbers, n, descending, logarithm !== undefined)
          : rankLoss(plan, numbers, n, descending)
      plan.backward()
      return { value, gradient: summed(plan.gradient, scores.length) }
    },
    dispose: () => plan.dispose(),
  }
}
