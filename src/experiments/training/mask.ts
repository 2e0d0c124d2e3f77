/** Soft top-k operators as masks of the largest. */

import { usageError } from '../../core/errors.ts'
import { type OperatorSpec, type Plan, promisesOf } from '../../core/method.ts'
import type { MethodRef } from '../../core/method-ref.ts'
import { regularShape } from '../../core/shape.ts'

interface MaskPlan {
  readonly plan: Plan
  /** 1, or -1 where the operator selects the smallest: values are multiplied by it, and the gradient in them. */
  readonly sign: 1 | -1
}

/** @throws RankBenchError(usage) for a top-k operator whose output is no mask */
export function planMask(spec: OperatorSpec, { name, params }: MethodRef, rows: number, n: number): MaskPlan {
  // A mask stays as it is when a constant is added to all values; values that are selected do not.
  if (promisesOf(spec, params).shift !== 'stays')
    throw usageError(`${name} puts out no mask under these parameters; expected shares of items`)
  return { plan: spec.plan(regularShape(rows, n), params, 'f64'), sign: params.direction === 'ascending' ? -1 : 1 }
}
