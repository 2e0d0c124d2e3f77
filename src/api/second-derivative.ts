/**
 * Second derivatives. Backward passes are written by hand and are functions of plain numbers: nothing can differentiate
 * through them by accident and be wrong. What is asked for on purpose is answered by formula where the family has one, else by
 * differences of the exact gradient that know their own error, or refused.
 */

import { usageError, valueError } from '../core/errors.ts'
import { gradientKind, type OperatorSpec, type Plan, promisesOf } from '../core/method.ts'
import type { MethodRef } from '../core/method-ref.ts'
import { formatRef } from '../core/selector.ts'
import { rowCount, rowLengths, type Shape } from '../core/shape.ts'
import { entriesOf } from '../methods/kit/loss-plan.ts'
import type { Mask } from '../methods/kit/masking.ts'
import { cut, type Flat, flatten, requireLengths, type Values } from '../methods/kit/nesting.ts'
import { requireInRange } from './apply.ts'
import { apart, centred, differenceProduct, type Estimate, extentOf, largest } from './differences.ts'
import { type Given, loadGiven } from './load.ts'
import { applyMask } from './masked.ts'
import { parts, readOptions } from './options.ts'
import { type Numbers, nestingOf } from './output-nesting.ts'
import { resolveOperator } from './plan.ts'

export interface HessianOptions extends Given {
  /** True where an item is present, nested as the values. Absent items take no part; their entries are 0. */
  readonly mask?: Mask | undefined
}

export interface HessianVectorProduct {
  /** H v, one entry a value, row after row. */
  readonly product: readonly number[]
  /**
   * How far off an entry may be, relative to the largest of its row, the largest of all rows; where a row has next to no second
   * derivative, relative to a millionth of gradient times direction over spread.
   */
  readonly error: number
  /** `formula`: forward over reverse; its error is what moving every value by up to 2^-47 of its size changes. */
  readonly by: 'formula' | 'differences'
}

/** Five digits are enough for a step of Newton or of a trust region; differences of an f64 gradient rarely know more. */
const tolerance = 1e-5

const { mask, labels, weights, listWeights } = parts

/** Labels alone, as a list, or options. */
const optionsOf = (given: Values | HessianOptions | undefined): HessianOptions =>
  readOptions(
    Array.isArray(given) || ArrayBuffer.isView(given) ? { labels: given as Values } : (given as HessianOptions),
    { mask, labels, weights, listWeights },
    'hessianVectorProduct',
  )

/**
 * H v, H being the second derivatives in the values of the scalar whose gradient in the output is `cotangent`, nested as for
 * `apply`, in f64. Options are labels, weights, list weights and a mask, or labels alone.
 *
 * @example
 * ```ts
 * hessianVectorProduct('rank:sigmoid', [5, 1, 2], [1, 0, 0], [0, 1, 0]).product // [0.0170..., -0.0170..., 0]
 * const given = { labels: [1, 0], weights: [2, 1] }
 * hessianVectorProduct('loss:ranknet', [0.7, 0], 1, [1, 0], given).product // [0.4434..., -0.4434...]
 * ```
 *
 * @throws RankBenchError(usage) for a surrogate gradient, also of an operator that a loss is made of: it is the derivative of
 * nothing; and on labels that are missing or belong nowhere. RankBenchError(value) on numbers and shapes as `apply`, at a kink,
 * and where the error would exceed 1e-5
 */
export function hessianVectorProduct(
  selector: string,
  values: Values,
  cotangent: Numbers,
  direction: Values,
  options?: Values | HessianOptions,
): HessianVectorProduct {
  const { ref, operator } = resolveOperator(selector)
  requireDerivative(ref, operator)
  const given = optionsOf(options)
  const all = { ...given, cotangent, tangent: direction }
  if (given.mask === undefined) return productOf(ref, operator, values, all)
  const masked = applyMask(ref.operator, given.mask, values, all, 'f64')
  const { product, ...rest } = productOf(ref, operator, masked.values, masked.parts as typeof all)
  const { shape, batched } = flatten(masked.values, 'values', 'f64')
  const nested = cut(product, rowLengths(shape))
  const { gradient = [] } = masked.scatter({ gradient: batched ? nested : (nested[0] ?? []) })
  return { product: gradient.flat(), ...rest }
}

function requireDerivative(ref: MethodRef, operator: OperatorSpec): void {
  if (gradientKind(operator, ref.params) !== 'surrogate') return
  throw usageError(
    `${formatRef(ref)} has a surrogate gradient: it is not the derivative of a function that has another`,
    'leave straight-through and stop-gradient out, also of the operator that a loss is made of',
  )
}

interface All extends Given {
  readonly cotangent: Numbers
  readonly tangent: Values
}

function productOf(ref: MethodRef, operator: OperatorSpec, rows: Values, given: All): HessianVectorProduct {
  const values = flatten(rows, 'values', 'f64')
  const v = flatten(given.tangent, 'direction', 'f64')
  requireLengths(v, rowLengths(values.shape), 'direction', 'the values')
  const plan = operator.plan(values.shape, ref.params, 'f64')
  try {
    loadGiven(plan, values, given, ref, 'f64')
    plan.cotangent.set(nestingOf(ref, values).flatten(given.cotangent, 'f64').numbers)
    const shifts = promisesOf(operator, ref.params).shift !== undefined
    const x = shifts ? centred(values.numbers, values.shape) : values.numbers
    return answer(plan, ref, { ...values, numbers: x }, v.numbers)
  } finally {
    plan.dispose()
  }
}

function answer(plan: Plan, ref: MethodRef, { numbers: x, shape }: Flat, v: Float64Array): HessianVectorProduct {
  const formula = plan.curvature !== undefined
  const { product, errors } = formula ? formulaProduct(plan, x, v, shape) : differenceProduct(plan, x, v, shape)
  const jumps = rowsThatJump(plan, x, shape)
  const gradient = passesAt(plan, x).gradient
  requireInRange(product, 'the second derivative', ref, 'f64')
  let error = 0
  for (let q = 0; q < rowCount(shape); q++) {
    const own = (whole: Float64Array) => entriesOf(whole, shape, q)
    const reach = largest(own(v))
    if (reach === 0) continue
    if (jumps[q]) throw refusal(ref, `row ${q} has a kink at these values`)
    const small = (largest(own(gradient)) * reach) / extentOf(own(x))
    const size = Math.max(largest(own(product)), 1e-6 * small)
    if (errors[q] > 0) error = Math.max(error, errors[q] / size)
  }
  if (error <= tolerance) return { product: Array.from(product), error, by: formula ? 'formula' : 'differences' }
  throw refusal(ref, `it is known to ${error.toPrecision(2)} of its size; expected ${tolerance} or less`)
}

const refusal = (ref: MethodRef, why: string): Error =>
  valueError(
    `${formatRef(ref)} has no second derivative to be had: ${why}`,
    'move the values off their ties and kinks, or raise the softness',
  )

function passesAt(plan: Plan, x: Float64Array): { gradient: Float64Array; output: Float64Array } {
  plan.values.set(x)
  plan.forward()
  plan.backward()
  return { gradient: Float64Array.from(plan.gradient), output: Float64Array.from(plan.output) }
}

/** By forward over reverse. Its error is what it changes by when values move as little as they can. */
function formulaProduct(plan: Plan, x: Float64Array, v: Float64Array, shape: Shape): Estimate {
  const pass = plan.curvature!()
  pass.input.set(v)
  const at = (values: Float64Array) => {
    passesAt(plan, values)
    pass.run()
    return Float64Array.from(pass.output)
  }
  const product = at(x)
  const [ahead, behind] = [1, -1].map((sign) => at(nudged(x, shape, sign * least)))
  const errors = Float64Array.from({ length: rowCount(shape) }, (_, q) => {
    const own = (whole: Float64Array) => entriesOf(whole, shape, q)
    const rounding = 2 ** -52 * own(product).length * largest(own(product))
    return rounding + Math.max(apart(own(ahead), own(product)), apart(own(behind), own(product)))
  })
  return { product, errors }
}

/** A value is moved by up to half this share of itself: enough to be seen behind the rounding of exponentials. */
const least = 2 ** -46
/** The same where a jump is looked for: enough to be seen by families that take numbers within 2^-40 of each other for equal. */
const small = 2 ** -36

/** Every value moved by less than `size` times itself, ties apart; a 0 by that of the spread of its row. */
function nudged(x: Float64Array, shape: Shape, size: number): Float64Array {
  const out = Float64Array.from(x)
  for (let q = 0; q < rowCount(shape); q++) {
    const [row, to] = [entriesOf(x, shape, q), entriesOf(out, shape, q)]
    const extent = extentOf(row)
    for (let i = 0; i < row.length; i++) {
      const turn = ((i * 0.6180339887498949) % 1) - 0.5
      to[i] = row[i] + size * turn * (row[i] === 0 ? extent : Math.abs(row[i]))
    }
  }
  return out
}

/**
 * Rows at whose values the gradient, or what it is of, jumps: there is no derivative there, whatever formulas say on either side.
 * What is smooth changes by a quarter of as much when values move by a quarter.
 */
function rowsThatJump(plan: Plan, x: Float64Array, shape: Shape): boolean[] {
  const middle = passesAt(plan, x)
  const found = Array.from({ length: rowCount(shape) }, () => false)
  // Iterations that stop at a tolerance jitter by it, at most a millionth; formulas by the rounding of a few thousand terms.
  const seen = plan.curvature ? 1e-9 : 1e-6
  const perRow = plan.output.length === x.length
  for (const sign of [1, -1]) {
    const [far, near] = [small, small / 4].map((size) => passesAt(plan, nudged(x, shape, sign * size)))
    const jumpsIn = (what: 'gradient' | 'output', q: number | undefined) => {
      const own = (whole: Float64Array) => (q === undefined ? whole : entriesOf(whole, shape, q))
      const [wide, narrow] = [far, near].map((passes) => apart(own(passes[what]), own(middle[what])))
      return narrow > seen * largest(own(middle[what])) && narrow > wide / 2
    }
    for (let q = 0; q < found.length; q++) {
      found[q] ||= jumpsIn('gradient', q) || (perRow && jumpsIn('output', q))
    }
    if (!perRow && found.length === 1) found[0] ||= jumpsIn('output', undefined)
  }
  return found
}
