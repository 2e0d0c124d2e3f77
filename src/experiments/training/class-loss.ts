/**
 * What a network of classes is told: the class of each picture.
 *
 * - a soft top-k mask m of its outputs: -log min(1, m_y), y the true class: top-k cross entropy (Petersen, Kuehne, Borgelt, Deussen,
 *   Differentiable Top-k Classification Learning, ICML 2022) with all of p_k at one k, where m_y = sum of the first k entries of
 *   column y of the relaxed permutation; so families without a permutation have it too
 * - a loss of lists: the loss of the outputs under the label 1 of the true class and 0 of all others, mean over pictures
 */

import type { OperatorSpec, Plan } from '../../core/method.ts'
import type { MethodRef } from '../../core/method-ref.ts'
import { regularShape } from '../../core/shape.ts'
import type { LossAt } from '../../train/loop.ts'
import { planMask } from './mask.ts'

/** A share that is 0 has no logarithm: this is what it counts as, and it has no gradient. */
const smallest = 1e-300

interface Classified {
  /** One a row. */
  readonly labels: Uint8Array
}

interface ClassLoss {
  /** Of outputs, rows x classes. */
  at(outputs: Float64Array, batch: Classified): LossAt
  dispose(): void
}

/** Classes that an operator selects; 1 of a loss. */
export const selectedBy = ({ operator, params }: MethodRef): number => (operator === 'topk' ? Number(params.k) : 1)

/** -log min(1, m_y), mean over rows; what is certain cannot become more so, and has gradient 0. */
function maskLoss({ output, cotangent }: Plan, labels: Uint8Array, classes: number): number {
  cotangent.fill(0)
  let sum = 0
  for (let i = 0; i < labels.length; i++) {
    const at = i * classes + labels[i]
    if (output[at] >= 1) continue
    const share = Math.max(output[at], smallest)
    sum -= Math.log(share)
    cotangent[at] = output[at] > 0 ? -1 / (labels.length * share) : 0
  }
  return sum / labels.length
}

/** The label 1 of the true class, 0 of all others. */
function mark(plan: Plan, labels: Uint8Array, classes: number): void {
  plan.labels!.fill(0)
  for (let i = 0; i < labels.length; i++) plan.labels![i * classes + labels[i]] = 1
}

function listLoss({ output, cotangent }: Plan): number {
  cotangent.fill(1)
  // One entry, or one a row.
  let sum = 0
  for (const value of output) sum += value
  return sum
}

/**
 * @param rows pictures in a step
 * @throws RankBenchError(usage) for a top-k operator whose output is no mask
 */
export function classLoss(spec: OperatorSpec, method: MethodRef, rows: number, classes: number): ClassLoss {
  const isTopk = method.operator === 'topk'
  const { plan, sign } = isTopk
    ? planMask(spec, method, rows, classes)
    : { plan: spec.plan(regularShape(rows, classes), method.params, 'f64'), sign: 1 }
  return {
    at(outputs, { labels }) {
      for (let k = 0; k < outputs.length; k++) plan.values[k] = sign * outputs[k]
      if (!isTopk) mark(plan, labels, classes)
      plan.forward()
      const value = isTopk ? maskLoss(plan, labels, classes) : listLoss(plan)
      plan.backward()
      return { value, gradient: Float64Array.from(plan.gradient, (slope) => sign * slope) }
    },
    dispose: () => plan.dispose(),
  }
}
