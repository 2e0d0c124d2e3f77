/**
 * Second derivatives. Backward passes are written by hand and are functions of plain numbers: nothing can differentiate
 * through them by accident and be wrong. What is asked for on purpose is answered from the exact gradient, by
 * differences that know their own error, or refused.
 */

import { usageError, valueError } from '../core/errors.ts'
import { gradientKind, type Plan } from '../core/method.ts'
import { formatRef } from '../core/selector.ts'
import { rowLengths } from '../core/shape.ts'
import { flatten, requireLengths, type Values } from '../methods/kit/nesting.ts'
import { resolveOperator } from './plan.ts'

export interface HessianVectorProduct {
  /** H v, one entry a value, row after row. */
  readonly product: readonly number[]
  /** Largest difference of the two estimates, relative to the largest entry. */
  readonly error: number
}

/** Central differences of the gradient along v at step h: error O(h^2). */
function difference(plan: Plan, at: Float64Array, v: Float64Array, h: number): Float64Array {
  const gradientAt = (t: number): Float64Array => {
    for (let i = 0; i < at.length; i++) plan.values[i] = at[i] + t * v[i]
    plan.forward()
    plan.backward()
    return Float64Array.from(plan.gradient)
  }
  const [behind, ahead] = [gradientAt(-h), gradientAt(h)]
  return ahead.map((value, i) => (value - behind[i]) / (2 * h))
}

const largest = (numbers: Float64Array): number => numbers.reduce((size, value) => Math.max(size, Math.abs(value)), 0)

const step = 1e-4
const tolerance = 1e-5

/**
 * H v, H being the second derivatives in the values of the scalar whose gradient in the output is `cotangent`: by
 * Richardson extrapolation of central differences of the exact gradient, O(h^4), in f64.
 *
 * ```ts
 * hessianVectorProduct('rank:sigmoid', [5, 1, 2], [1, 0, 0], [0, 1, 0]).product
 * ```
 *
 * @throws RankBenchError(usage) for a surrogate gradient, which is the derivative of nothing; RankBenchError(value) where
 * the gradient has a kink within the step, or its differences do not agree to 1e-5
 */
export function hessianVectorProduct(
  selector: string,
  values: Values,
  cotangent: Values,
  direction: Values,
  labels?: Values,
): HessianVectorProduct {
  const { ref, operator } = resolveOperator(selector)
  if (gradientKind(operator, ref.params) === 'surrogate') {
    throw usageError(
      `${formatRef(ref)} has a surrogate gradient: it is not the derivative of a function that has another`,
    )
  }
  const [x, v] = [flatten(values, 'values', 'f64'), flatten(direction, 'direction', 'f64')]
  requireLengths(v, rowLengths(x.shape), 'direction', 'the values')
  const plan = operator.plan(x.shape, ref.params, 'f64')
  const u = flatten(cotangent, 'cotangent', 'f64')
  if (u.numbers.length !== plan.cotangent.length) {
    throw valueError(`cotangent: ${u.numbers.length} entries; expected ${plan.cotangent.length}, as the output`)
  }
  plan.cotangent.set(u.numbers)
  if (labels) plan.labels?.set(flatten(labels, 'labels', 'f64').numbers)
  return extrapolate(plan, x.numbers, v.numbers, formatRef(ref))
}

function extrapolate(plan: Plan, x: Float64Array, v: Float64Array, name: string): HessianVectorProduct {
  const h = (step * Math.max(1, largest(x))) / Math.max(1e-300, largest(v))
  const [whole, half, quarter] = [h, h / 2, h / 4].map((size) => difference(plan, x, v, size))
  const once = half.map((value, i) => (4 * value - whole[i]) / 3)
  const twice = quarter.map((value, i) => (4 * value - half[i]) / 3)
  const scale = largest(twice)
  const error = largest(twice.map((value, i) => value - once[i])) / Math.max(scale, 1e-3)
  if (error <= tolerance) return { product: Array.from(twice), error }
  throw valueError(
    `${name}: differences of the gradient disagree by ${error.toPrecision(2)} of their size; expected ${tolerance} or less`,
    'there is a kink within a thousandth of the values, or the softness is too low for second derivatives',
  )
}
