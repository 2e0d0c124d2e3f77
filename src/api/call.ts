/** One call of a convenience function: options to an operator, a mask and an axis to rows, and the results back. */

import { usageError } from '../core/errors.ts'
import type { Execution } from '../core/method.ts'
import { factsOf, type Operator } from '../core/operators.ts'
import { resolveParams } from '../core/params.ts'
import type { Ref } from '../core/selector.ts'
import type { Precision } from '../core/shape.ts'
import { didYouMean } from '../core/suggest.ts'
import {
  gatherCotangent,
  gatherItems,
  type Mask,
  readMask,
  scatterItems,
  scatterOutput,
} from '../methods/kit/masking.ts'
import type { Values } from '../methods/kit/nesting.ts'
import { alongAxis, shapeOf } from '../methods/kit/tensor.ts'
import { operatorParams } from '../methods/registry.ts'
import { type Applied, applyOperator, type Numbers } from './apply.ts'
import type { OperatorWarning } from './warnings.ts'

export interface Options extends Execution {
  /** Name of the method, without the operator. */
  readonly method?: string
  /** Default f64. */
  readonly precision?: Precision
  readonly mask?: Mask
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
  readonly labels?: Values
  readonly cotangent?: Numbers
}

function refOf(operator: Operator, method: string, given: Readonly<Record<string, unknown>>): Ref {
  const name = `${operator}:${method}`
  const space = operatorParams.get(name)
  if (!space) {
    const known = [...operatorParams.keys()].filter((other) => other.startsWith(`${operator}:`))
    throw usageError(
      `no method is called "${name}"; methods of ${operator}: ${known.join(', ')}`,
      didYouMean(name, known, 'rank-bench list methods'),
    )
  }
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  return { name, params: resolveParams(space, set, name) }
}

/** What a call is made of, once axis and mask are out of the way. */
interface Call extends Execution {
  readonly operator: Operator
  readonly ref: Ref
  readonly precision: Precision
  readonly onWarning: Options['onWarning']
}

export function run(operator: Operator, preset: string, values: Values, options: Options, extra: Extra): Applied {
  const {
    method = preset,
    precision = 'f64',
    mask,
    onWarning,
    axis,
    engine,
    threads,
    reuseOrder: _,
    ...params
  } = options
  const call: Call = { operator, ref: refOf(operator, method, params), precision, onWarning, engine, threads }
  return axis === undefined ? runRows(call, values, mask, extra) : runAlong(call, values, mask, extra, axis)
}

/** Vectors along the axis become rows of a batch, and their results go back to where they came from. */
function runAlong(call: Call, tensor: unknown, mask: Mask | undefined, extra: Extra, axis: number): Applied {
  const { rows, restore, nest } = alongAxis(tensor, axis, 'values')
  const { operator } = call
  const rowsOfSame = (other: unknown, what: string) => alongAxis(other, axis, what).rows as never
  const byItem = factsOf(operator).output === 'item'
  const { labels, cotangent } = extra
  const { output, gradient } = runRows(call, rows as never, mask && rowsOfSame(mask, 'mask'), {
    ...(labels && { labels: rowsOfSame(labels, 'labels') }),
    ...(cotangent !== undefined && {
      cotangent: byItem ? rowsOfSame(cotangent, 'cotangent') : flattenCotangent(operator, cotangent, rows.length),
    }),
  })
  const entries = output as readonly unknown[]
  return {
    output: (byItem ? restore(entries as never) : Array.isArray(output) ? nest(entries) : output) as Numbers,
    ...(gradient && { gradient: restore(gradient as never) as never }),
  }
}

/** A cotangent nested as the remaining axes, one entry a row; one number for a reduced loss. */
function flattenCotangent(operator: Operator, cotangent: Numbers, rows: number): Numbers {
  const { output } = factsOf(operator)
  const depth = output === 'pair' ? 3 : 1
  let flat: unknown = cotangent
  while (shapeOf(flat).length > depth) flat = (flat as unknown[]).flat()
  return (shapeOf(flat).length === depth - 1 && rows === 1 && output !== 'list' ? [flat] : flat) as Numbers
}

function runRows(call: Call, values: Values, mask: Mask | undefined, extra: Extra): Applied {
  const { operator, ref, precision, onWarning, engine, threads } = call
  const watch = { ...(onWarning && { onWarning }), engine, threads }
  if (mask === undefined) return applyOperator(ref, values, { ...extra, ...watch, precision })
  const kept = readMask(mask, values)
  const { labels, cotangent } = extra
  const { output, gradient } = applyOperator(ref, gatherItems(kept, values, 'values', precision) as Values, {
    precision,
    ...watch,
    ...(labels && { labels: gatherItems(kept, labels, 'labels', precision) as Values }),
    ...(cotangent !== undefined && { cotangent: gatherCotangent(operator, kept, cotangent, precision) as Numbers }),
  })
  return {
    output: scatterOutput(operator, kept, output) as Numbers,
    ...(gradient && { gradient: scatterItems(kept, gradient) as number[] | number[][] }),
  }
}
