/** One operator on numbers given: nested lists in, the same nesting out, everything checked. */

import { usageError, valueError } from '../core/errors.ts'
import { type Execution, executed, type OperatorSpec, type Plan } from '../core/method.ts'
import { type MethodRef, methodRef } from '../core/method-ref.ts'
import { exhaustive, factsOf } from '../core/operators.ts'
import { formatRef, type Ref } from '../core/selector.ts'
import { type Precision, rowLengths } from '../core/shape.ts'
import { didYouMean } from '../core/suggest.ts'
import { cut, type Flat, flatten, requireLengths, rowsOf, type Values } from '../methods/kit/nesting.ts'
import { operators } from '../methods/registry.ts'
import { resolveOperator } from './plan.ts'
import { type OperatorWarning, warningsOf } from './warnings.ts'

/** A number or nested lists of numbers. */
export type Numbers = number | readonly Numbers[] | ArrayLike<number>

export interface ApplyOptions extends Execution {
  /** One a value; required by losses, refused by the other operators. */
  readonly labels?: Values
  /** One a value; refused by operators that take none. */
  readonly weights?: Values
  /** Gradient of the caller's scalar in the output, nested as the output is. Given, the result has a gradient. */
  readonly cotangent?: Numbers
  /** Direction in the values, nested as they are. Given, the result has the derivative along it (forward mode). */
  readonly tangent?: Values
  /** Default f64. */
  readonly precision?: Precision
  /** Called once a warning: softness outside its safe range, pooled or saturated items, too little precision. */
  readonly onWarning?: (warning: OperatorWarning) => void
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
}

/** How the flat output of a plan is nested for the caller. */
interface Nesting {
  flatten(cotangent: unknown, precision: Precision): Flat
  nest(output: ArrayLike<number>): Numbers
}

function nestingOf({ operator, params }: MethodRef, values: Flat): Nesting {
  const { output } = factsOf(operator)
  switch (output) {
    case 'item':
      return itemNesting(values)
    case 'pair':
      return matrixNesting(values)
    case 'row':
      return rowNesting(values.batched, values)
    case 'list':
      return rowNesting(params.reduction === 'none' && values.batched, values)
    default:
      return exhaustive(output)
  }
}

function itemNesting({ shape, batched }: Flat): Nesting {
  const lengths = rowLengths(shape)
  return {
    flatten(cotangent, precision) {
      const flat = flatten(cotangent, 'cotangent', precision)
      requireLengths(flat, lengths, 'cotangent', 'the output')
      return flat
    },
    nest: (output) => (batched ? cut(output, lengths) : cut(output, lengths)[0]),
  }
}

/** The rows of all matrices below each other. */
function matrixNesting({ shape, batched }: Flat): Nesting {
  const sizes = rowLengths(shape)
  const lengths = sizes.flatMap((n) => Array<number>(n).fill(n))
  return {
    flatten(cotangent, precision) {
      const { rows } = rowsOf(cotangent, 'cotangent')
      if (batched && rows.length !== sizes.length) {
        throw valueError(`cotangent: ${rows.length} matrices; expected ${sizes.length}, one a row of values`)
      }
      const all = batched ? rows.flatMap((matrix) => Array.from(matrix)) : rows
      const flat = flatten(all, 'cotangent', precision)
      requireLengths(flat, lengths, 'cotangent', 'the rows of the output')
      return flat
    },
    nest(output) {
      const rows = cut(output, lengths)
      return batched ? sizes.map((n) => rows.splice(0, n)) : rows
    },
  }
}

/** A number, or one a row. */
function rowNesting(separate: boolean, { shape }: Flat): Nesting {
  const expected = separate ? shape.offsets.length - 1 : 1
  return {
    flatten(cotangent, precision) {
      if (separate === (typeof cotangent === 'number')) {
        throw valueError(
          `cotangent: expected ${separate ? 'a list with one number a row' : 'one number, as the output is'}`,
        )
      }
      const flat = flatten(typeof cotangent === 'number' ? [cotangent] : cotangent, 'cotangent', precision)
      if (flat.numbers.length !== expected) {
        throw valueError(`cotangent: ${flat.numbers.length} entries; expected ${expected}, one a row`)
      }
      return flat
    },
    nest: (output) => (separate ? Array.from(output) : (output[0] ?? 0)),
  }
}

/** Finite numbers near the end of the range can overflow on the way; an infinity is not handed on as an answer. */
function requireInRange(results: ArrayLike<number>, what: string, ref: Ref, precision: Precision): void {
  for (let i = 0; i < results.length; i++) {
    if (Number.isFinite(results[i])) continue
    throw valueError(
      `${what} of ${formatRef(ref)} is ${results[i]} in ${precision}; the values or 1 / strength are too large for it`,
      precision === 'f32' ? 'use precision f64, or scale the values' : 'scale the values, or raise the strength',
    )
  }
}

/** An empty row has no quantile, and a number that means nothing is not handed on. */
function requireItems(ref: Ref, { shape }: Flat): void {
  const empty = rowLengths(shape).indexOf(0)
  if (empty >= 0 && ref.name.startsWith('quantile:')) {
    throw valueError(`values: row ${empty} is empty; expected at least one value to take a quantile of`)
  }
}

function loadWeights(plan: Plan, values: Flat, weights: Values | undefined, ref: Ref, precision: Precision): void {
  if (weights === undefined) return
  if (plan.weights === undefined) throw usageError(`${ref.name} takes no weights`, 'rank-bench list methods')
  const flat = flatten(weights, 'weights', precision)
  requireLengths(flat, rowLengths(values.shape), 'weights', 'the values')
  plan.weights.set(flat.numbers)
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

function diagnosticsOf({ diagnostics }: Plan): Pick<Applied, 'diagnostics'> {
  if (!diagnostics) return {}
  return {
    diagnostics: Object.fromEntries(Object.entries(diagnostics).map(([name, rows]) => [name, Array.from(rows)])),
  }
}

/** The derivative of the output along a direction, at the values of the last forward. */
function pushed(
  plan: Plan,
  values: Flat,
  nesting: Nesting,
  direction: Values | undefined,
  ref: Ref,
  precision: Precision,
): { readonly tangent?: Numbers } {
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

function findOperator(ref: Ref): OperatorSpec {
  const operator = operators.get(ref.name)
  if (operator) return operator
  throw usageError(
    `no method is called "${ref.name}"`,
    didYouMean(ref.name, operators.keys(), 'rank-bench list methods'),
  )
}

/**
 * The output of one operator, and its gradient when a cotangent is given. Inputs are never changed.
 *
 * ```ts
 * applyOperator({ name: 'rank:sigmoid', params: { strength: 0, direction: 'ascending' } }, [5, 1, 2])
 * // { output: [3, 1, 2] }
 * ```
 *
 * @throws RankBenchError(value) naming row and index of a number that is null, NaN or infinite, on labels or a
 * cotangent of another shape, and when the result overflows the precision; RankBenchError(usage) on an unknown
 * operator, or labels where none belong.
 */
export function applyOperator(given: Ref, rows: Values, options: ApplyOptions = {}): Applied {
  const precision = options.precision ?? 'f64'
  const operator = findOperator(given)
  const ref = methodRef(given)
  const values = flatten(rows, 'values', precision)
  requireItems(ref, values)
  const nesting = nestingOf(ref, values)
  const plan = executed(operator, options).plan(values.shape, ref.params, precision)
  try {
    return runPlan(plan, operator, ref, values, nesting, options)
  } finally {
    plan.dispose()
  }
}

function runPlan(
  plan: Plan,
  operator: OperatorSpec,
  ref: MethodRef,
  values: Flat,
  nesting: Nesting,
  options: ApplyOptions,
): Applied {
  const precision = options.precision ?? 'f64'
  plan.values.set(values.numbers)
  loadLabels(plan, values, options.labels, ref, precision)
  loadWeights(plan, values, options.weights, ref, precision)
  plan.forward()
  requireInRange(plan.output, 'the output', ref, precision)
  const output = nesting.nest(plan.output)
  const warn = (hasGradient: boolean) => {
    const passed = { ...plan, operator: ref.operator, shape: values.shape }
    for (const warning of warningsOf(ref, operator, precision, passed, hasGradient)) options.onWarning?.(warning)
  }
  const extra = { ...pushed(plan, values, nesting, options.tangent, ref, precision), ...diagnosticsOf(plan) }
  if (options.cotangent === undefined) {
    if (options.onWarning) warn(false)
    return { output, ...extra }
  }
  plan.cotangent.set(nesting.flatten(options.cotangent, precision).numbers)
  plan.backward()
  requireInRange(plan.gradient, 'the gradient', ref, precision)
  if (options.onWarning) warn(true)
  return { output, ...extra, gradient: itemNesting(values).nest(plan.gradient) as number[] | number[][] }
}

/**
 * `applyOperator` by selector.
 *
 * ```ts
 * apply('rank:permutahedron[strength=2]', [5, 1, 2])                  // { output: [3, 1.25, 1.75] }
 * apply('loss:listnet', [2, 1, 0.5], { labels: [0, 2, 1], cotangent: 1 }) // { output: 1.4967, gradient: [...] }
 * ```
 *
 * @throws RankBenchError(usage) unless `selector` names one operator with one value a parameter.
 */
export const apply = (selector: string, rows: Values, options: ApplyOptions = {}): Applied =>
  applyOperator(resolveOperator(selector).ref, rows, options)
