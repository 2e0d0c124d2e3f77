/** One call of a convenience function: options to an operator, an axis to rows, and the results back. */

import { usageError } from '../core/errors.ts'
import type { Execution } from '../core/method.ts'
import { factsOf, type Operator } from '../core/operators.ts'
import { resolveParams } from '../core/params.ts'
import type { Ref } from '../core/selector.ts'
import type { Precision } from '../core/shape.ts'
import { didYouMean } from '../core/suggest.ts'
import type { Mask } from '../methods/kit/masking.ts'
import type { Values } from '../methods/kit/nesting.ts'
import { alongAxis, shapeOf } from '../methods/kit/tensor.ts'
import { levelsOf } from '../methods/quantile/reference.ts'
import { operatorParams } from '../methods/registry.ts'
import { type Applied, type ApplyOptions, applyOperator, type Numbers } from './apply.ts'
import { entriesOf, execution, parts, readOptions } from './options.ts'
import type { OperatorWarning } from './warnings.ts'

export interface Options extends Execution {
  /** Name of the method, without the operator. */
  readonly method?: string
  /** Default f64. */
  readonly precision?: Precision
  readonly mask?: Mask
  /** Item weights, one a value; for losses, and the operators that take some. */
  readonly weights?: Values | string
  /** One a row: each multiplies the loss of its list; for losses. */
  readonly listWeights?: ArrayLike<number>
  /**
   * Axis of a regular nested array of any rank to work along; negative ones count from the last. Left out: rows of any
   * lengths, or one row. Quantiles and matrices take the place of the axis that is gone at the end of the others.
   */
  readonly axis?: number
  /** Called once a warning about softness, pooled or saturated items, or precision. */
  readonly onWarning?: (warning: OperatorWarning) => void
  readonly direction?: 'ascending' | 'descending'
  /** Softness of permutahedron and sigmoid. */
  readonly strength?: number
  /** Softness of neuralsort and softsort. */
  readonly tau?: number
  /** Any other parameter the method declares. */
  readonly [param: string]: unknown
}

interface Extra {
  readonly hessian?: 'diagonal'
  readonly labels?: Values
  readonly cotangent?: Numbers
}

function refOf(operator: Operator, method: unknown, given: Readonly<Record<string, unknown>>): Ref {
  const name = `${operator}:${method}`
  const space = operatorParams.get(name)
  if (!space) {
    const known = [...operatorParams.keys()].filter((other) => other.startsWith(`${operator}:`))
    throw usageError(
      `no method is called "${name}"; methods of ${operator}: ${known.join(', ')}`,
      didYouMean(name, known, 'rank-bench list methods'),
    )
  }
  return { name, params: resolveParams(space, given, name) }
}

const { labels: _, cotangent: __, tangent: ___, hessian: ____, ...itemParts } = parts
const isAxis = (axis: unknown) => (Number.isInteger(axis) ? undefined : 'a whole number')
const known = { ...execution, ...itemParts, axis: isAxis }

type Split = readonly [given: ApplyOptions & { readonly axis?: number }, params: Record<string, unknown>]

/** What is the same for all methods, and parameters, whose names the method knows. `weights` that is text is a parameter: no list of weights is text. */
function split(options: unknown, owner: string): Split {
  const given: Record<string, unknown> = {}
  const params: Record<string, unknown> = {}
  for (const [name, value] of entriesOf(options, owner)) {
    const isParam = !Object.hasOwn(known, name) || (name === 'weights' && typeof value === 'string')
    ;(isParam ? params : given)[name] = value
  }
  return [readOptions(given, known, owner), params]
}

/** Losses are named by an argument: `method` is no option there. */
const requireUnnamed = (operator: Operator, method: unknown): void => {
  if (operator !== 'loss' || method === undefined) return
  throw usageError('losses have no option "method"', 'rankingLoss takes the name of the loss as its first argument')
}

export function run(
  operator: Operator,
  preset: string,
  values: Values,
  options: Options | undefined,
  extra: Extra,
): Applied {
  const [{ axis, ...given }, { method, ...params }] = split(options, `${operator}:${options?.method ?? preset}`)
  requireUnnamed(operator, method)
  const ref = refOf(operator, method ?? preset, params)
  const all: ApplyOptions = { ...given, ...extra }
  return axis === undefined ? applyOperator(ref, values, all) : runAlong(operator, ref, values, all, axis)
}

/** Vectors along the axis become rows of a batch, and their results go back to where they came from. */
function runAlong(operator: Operator, ref: Ref, tensor: unknown, options: ApplyOptions, axis: number): Applied {
  const { rows, restore, nest } = alongAxis(tensor, axis, 'values')
  const rowsOfSame = (name: 'mask' | 'labels' | 'weights') =>
    options[name] !== undefined && { [name]: alongAxis(options[name], axis, name).rows }
  const byItem = factsOf(operator).output === 'item'
  const { cotangent, listWeights } = options
  const { output, gradient, hessian } = applyOperator(ref, rows as never, {
    ...options,
    ...rowsOfSame('mask'),
    ...rowsOfSame('labels'),
    ...rowsOfSame('weights'),
    ...(listWeights !== undefined && { listWeights: flattenTo(1, listWeights) as never }),
    ...(cotangent !== undefined && {
      cotangent: (byItem
        ? alongAxis(cotangent, axis, 'cotangent').rows
        : flattenCotangent(operator, ref, cotangent, rows.length)) as Numbers,
    }),
  })
  const entries = output as readonly unknown[]
  return {
    output: (byItem ? restore(entries as never) : Array.isArray(output) ? nest(entries) : output) as Numbers,
    ...(gradient && { gradient: restore(gradient as never) as never }),
    ...(hessian && { hessian: restore(hessian as never) as never }),
  }
}

/** A cotangent nested as the remaining axes, one entry a row; one number for a reduced loss. */
function flattenCotangent(operator: Operator, { params }: Ref, cotangent: Numbers, rows: number): Numbers {
  const levels = operator === 'quantile' && levelsOf(params).separate
  const depth = operator === 'matrix' ? 3 : levels ? 2 : 1
  const flat = flattenTo(depth, cotangent)
  return (shapeOf(flat).length === depth - 1 && rows === 1 && operator !== 'loss' ? [flat] : flat) as Numbers
}

function flattenTo(depth: number, nested: unknown): unknown {
  let flat = nested
  while (shapeOf(flat).length > depth) flat = (flat as unknown[]).flat()
  return flat
}
