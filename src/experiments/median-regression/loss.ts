/**
 * What networks are told that are to find the median of a sequence of pictures: the median, and nothing of the other numbers.
 *
 * - a relaxed permutation P of scores: squared distance of sum_j p_j v_j from the median, p the row of P in the middle, over its sum, and
 *   v the numbers that a second network reads (Grover et al., ICLR 2019, section 5.2 and the released code)
 * - a soft quantile: squared distance of the soft median of the numbers that one network reads
 */

import type { OperatorSpec, Plan } from '../../core/method.ts'
import type { MethodRef } from '../../core/method-ref.ts'
import { regularShape } from '../../core/shape.ts'
import type { LossAt } from '../../train/loop.ts'

interface Medians {
  /** One a sequence, in the unit of what the networks put out. */
  readonly medians: Float64Array
}

/** Networks that an operator takes: scores and numbers, or numbers alone. */
export const networksFor = ({ operator }: MethodRef): 1 | 2 => (operator === 'matrix' ? 2 : 1)

interface MedianLoss {
  /** Of outputs, one row a picture: score and number, or the number. */
  at(outputs: Float64Array, batch: Medians): LossAt
  dispose(): void
}

/** The numbers that are put out are weighted by the middle row of the relaxed permutation of the scores. */
function rowLoss(plan: Plan, n: number) {
  const gradient = new Float64Array(2 * plan.values.length)
  return (outputs: Float64Array, { medians }: Medians): LossAt => {
    for (let i = 0; i < plan.values.length; i++) plan.values[i] = outputs[2 * i]
    plan.forward()
    plan.cotangent.fill(0)
    let value = 0
    medians.forEach((median, sequence) => {
      const [row, first] = [sequence * n * n + (n >> 1) * n, sequence * n]
      const number = (j: number) => outputs[2 * (first + j) + 1]
      let [sum, found] = [0, 0]
      for (let j = 0; j < n; j++) {
        sum += plan.output[row + j]
        found += plan.output[row + j] * number(j)
      }
      found /= sum
      value += (found - median) ** 2 / medians.length
      const slope = (2 * (found - median)) / medians.length
      for (let j = 0; j < n; j++) {
        plan.cotangent[row + j] = (slope * (number(j) - found)) / sum
        gradient[2 * (first + j) + 1] = (slope * plan.output[row + j]) / sum
      }
    })
    plan.backward()
    for (let i = 0; i < plan.values.length; i++) gradient[2 * i] = plan.gradient[i]
    return { value, gradient }
  }
}

function quantileLoss(plan: Plan) {
  return (outputs: Float64Array, { medians }: Medians): LossAt => {
    plan.values.set(outputs)
    plan.forward()
    let value = 0
    medians.forEach((median, sequence) => {
      const error = plan.output[sequence] - median
      value += error ** 2 / medians.length
      plan.cotangent[sequence] = (2 * error) / medians.length
    })
    plan.backward()
    return { value, gradient: plan.gradient }
  }
}

/** @param n numbers in a sequence, odd */
export function medianLoss(spec: OperatorSpec, method: MethodRef, sequences: number, n: number): MedianLoss {
  const plan = spec.plan(regularShape(sequences, n), method.params, 'f64')
  return {
    at: networksFor(method) === 2 ? rowLoss(plan, n) : quantileLoss(plan),
    dispose: () => plan.dispose(),
  }
}
