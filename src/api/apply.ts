/** One operator on numbers given: nested lists in, the same nesting out, everything checked. */

import { usageError, valueError } from '../core/errors.ts'
import { type Engine, type Execution, executed, type OperatorSpec, type Plan } from '../core/method.ts'
import { type MethodRef, methodRef } from '../core/method-ref.ts'
import { factsOf } from '../core/operators.ts'
import { resolveParams } from '../core/params.ts'
import { formatRef, type Ref } from '../core/selector.ts'
import { type Precision, rowLengths } from '../core/shape.ts'
import { didYouMean } from '../core/suggest.ts'
import type { Mask } from '../methods/kit/masking.ts'
import { type Flat, flatten, requireLengths, type Values } from '../methods/kit/nesting.ts'
import { operators } from '../methods/registry.ts'
import { loadGiven } from './load.ts'
import { applyMask, type Parts } from './masked.ts'
import { execution, executionOf, parts, readOptions } from './options.ts'
import { itemNesting, type Nesting, type Numbers, nestingOf } from './output-nesting.ts'
import { resolveOperator } from './plan.ts'
import { type OperatorWarning, warningsOf } from './warnings.ts'

export type { Numbers } from './output-nesting.ts'

/** `cotangent` given, the result has a gradient; `tangent` given, the derivative along it (forward mode). */
export interface ApplyOptions extends Execution, Parts {
  /** True where an item is present, nested as the values. Absent items take no part, whatever they hold. */
  readonly mask?: Mask | undefined
  /** Asks for the second derivative of a loss in every score alone; for losses that have it by formula. */
  readonly hessian?: 'diagonal' | undefined
  /** Default f64. */
  readonly precision?: Precision | undefined
  /** Called once a warning: softness outside its safe range, pooled or saturated items, too little precision. */
  readonly onWarning?: ((warning: OperatorWarning) => void) | undefined
  /** Told who computes: the engine's kernels, or the reference. */
  readonly onEngine?: ((engine: Engine) => void) | undefined
}

export interface Applied {
  /** sort, rank, topk: nested as the values. matrix: n rows of n a row of values. quantile, loss: a number, or one a row. */
  readonly output: Numbers
  /** Nested as the values. Present when a cotangent was given. */
  readonly gradient?: number[] | number[][]
  /** Facts about the forward pass, one number a row, e.g. the residual of an iteration; present where there are any. */
  readonly diagnostics?: Readonly<Record<string, readonly number[]>>
  /** Nested as the output. Present when a tangent was given. */
  readonly tangent?: Numbers
  /** The diagonal of the Hessian, nested as the values. Present when it was asked for. */
  readonly hessian?: number[] | number[][]
}

/** Finite numbers near the end of the range can overflow on the way; an infinity is not handed on as an answer. */
export function requireInRange(results: ArrayLike<number>, what: string, ref: Ref, precision: Precision): void {
  for (let i = 0; i < results.length; i++) {
    if (Number.isFinite(results[i])) continue
    throw valueError(
      `${what} of ${formatRef(ref)} is ${results[i]} in ${precision}; the values or 1 / strength are too large for it`,
      precision === 'f32' ? 'use precision f64, or scale the values' : 'scale the values, or raise the strength',
    )
  }
}

/** An empty row has no quantile, and a number that means nothing is not handed on. */
function requireItems({ operator }: MethodRef, { shape }: Flat): void {
  const empty = rowLengths(shape).indexOf(0)
  if (empty >= 0 && factsOf(operator).output === 'row') {
    throw valueError(`values: row ${empty} is empty; expected at least one value to take a quantile of`)
  }
}

function diagnosticsOf({ diagnostics }: Plan): Pick<Applied, 'diagnostics'> {
  if (!diagnostics) return {}
  return {
    diagnostics: Object.fromEntries(Object.entries(diagnostics).map(([name, rows]) => [name, Array.from(rows)])),
  }
}

/** One call: the operator, its values, and how the output is nested. */
interface Call {
  readonly ref: MethodRef
  readonly operator: OperatorSpec
  readonly values: Flat
  readonly nesting: Nesting
  readonly precision: Precision
}

/** The derivative of the output along a direction, at the values of the last forward. */
function pushed(plan: Plan, call: Call, direction: Values | undefined): { readonly tangent?: Numbers } {
  const { ref, values, nesting, precision } = call
  if (direction === undefined) return {}
  if (!plan.tangents) throw usageError(`${ref.name} has no forward mode`, 'leave the tangent out')
  const flat = flatten(direction, 'tangent', precision)
  requireLengths(flat, rowLengths(values.shape), 'tangent', 'the values')
  const pass = plan.tangents()
  pass.input.set(flat.numbers)
  pass.run()
  requireInRange(pass.output, 'the tangent', ref, precision)
  return { tangent: nesting.nest(pass.output) }
}

/** At the cotangent, which is 1 for a loss unless another is given. */
function bent(plan: Plan, { ref, values, precision }: Call, options: ApplyOptions): Pick<Applied, 'hessian'> {
  if (options.hessian === undefined) return {}
  if (!plan.diagonal || !factsOf(ref.operator).labels) {
    throw usageError(
      `${ref.name} has no Hessian diagonal by formula`,
      'pairwise, pointwise and softmax losses have one, and listnet, listmle and kendall',
    )
  }
  if (options.cotangent === undefined) plan.cotangent.fill(1)
  const pass = plan.diagonal()
  pass.run()
  requireInRange(pass.output, 'the Hessian', ref, precision)
  return { hessian: itemNesting(values).nest(pass.output) as number[] | number[][] }
}

function findOperator({ name }: Ref): OperatorSpec {
  const operator = operators.get(name)
  if (operator) return operator
  throw usageError(`no method is called "${name}"`, didYouMean(name, operators.keys(), 'rank-bench list methods'))
}

/**
 * The output of one operator, and its gradient when a cotangent is given. Inputs are never changed.
 *
 * @example
 * ```ts
 * applyOperator({ name: 'rank:sigmoid', params: { strength: 0, direction: 'ascending' } }, [5, 1, 2]) // { output: [3, 1, 2] }
 * ```
 *
 * With a mask, absent items (false) take no part, whatever they and their labels and weights hold, NaN included. Ranks, mask
 * entries and gradients are 0 there. Sorted values and matrix rows are positions, not items: those of the present items come
 * first, then 0.
 *
 * @throws RankBenchError(value) naming row and index of a number that is null, NaN or infinite, on labels, weights, a mask or
 * a cotangent of another shape, and when the result overflows the precision; RankBenchError(usage) on an unknown operator,
 * parameter or option, and on labels or weights where none belong.
 */
export function applyOperator(ref: Ref, rows: Values, options: ApplyOptions = {}): Applied {
  const operator = findOperator(ref)
  const resolved = methodRef({ name: ref.name, params: resolveParams(operator.params, ref.params ?? {}, ref.name) })
  const read = readOptions(options, { ...execution, ...parts }, 'apply')
  if (read.mask === undefined) return applyRows(resolved, operator, rows, read)
  const masked = applyMask(resolved.operator, read.mask, rows, read, read.precision ?? 'f64')
  return masked.scatter(applyRows(resolved, operator, masked.values, { ...read, ...masked.parts }))
}

function applyRows(ref: MethodRef, operator: OperatorSpec, rows: Values, options: ApplyOptions): Applied {
  const precision = options.precision ?? 'f64'
  const values = flatten(rows, 'values', precision)
  requireItems(ref, values)
  // Second derivatives are the reference's.
  const how = options.hessian ? ({ engine: 'reference' } as const) : executionOf(options)
  const plan = executed(operator, how).plan(values.shape, ref.params, precision)
  try {
    return runPlan(plan, { ref, operator, values, nesting: nestingOf(ref, values), precision }, options)
  } finally {
    plan.dispose()
  }
}

function runPlan(plan: Plan, call: Call, options: ApplyOptions): Applied {
  const { ref, operator, values, nesting, precision } = call
  options.onEngine?.(plan.engine ?? 'reference')
  plan.values.set(values.numbers)
  loadGiven(plan, values, options, ref, precision)
  plan.forward()
  requireInRange(plan.output, 'the output', ref, precision)
  const output = nesting.nest(plan.output)
  const warn = (hasGradient: boolean) => {
    const passed = { ...plan, operator: ref.operator, shape: values.shape }
    for (const warning of warningsOf(ref, operator, precision, passed, hasGradient)) options.onWarning?.(warning)
  }
  const extra = { ...pushed(plan, call, options.tangent), ...diagnosticsOf(plan) }
  if (options.cotangent === undefined) {
    if (options.onWarning) warn(false)
    return { output, ...extra, ...bent(plan, call, options) }
  }
  plan.cotangent.set(nesting.flatten(options.cotangent, precision).numbers)
  plan.backward()
  requireInRange(plan.gradient, 'the gradient', ref, precision)
  if (options.onWarning) warn(true)
  const gradient = itemNesting(values).nest(plan.gradient) as number[] | number[][]
  return { output, ...extra, gradient, ...bent(plan, call, options) }
}

/**
 * `applyOperator` by selector.
 *
 * @example
 * ```ts
 * apply('rank:permutahedron[strength=2]', [5, 1, 2]) // { output: [3, 1.25, 1.75] }
 * apply('loss:listnet', [2, 1, 0.5], { labels: [0, 2, 1], cotangent: 1 }).gradient // [0.5385..., -0.4340..., -0.1044...]
 * const [labels, mask, weights] = [[1, 0, 1], [true, true, false], [2, 1, 1]]
 * apply('loss:softmax', [1, 2, 3], { labels, mask, weights }) // { output: 2.6265... }
 * ```
 *
 * @throws RankBenchError(usage) unless `selector` names one operator with one value a parameter.
 */
export const apply = (selector: string, rows: Values, options: ApplyOptions = {}): Applied =>
  applyOperator(resolveOperator(selector).ref, rows, options)
