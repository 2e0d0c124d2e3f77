/** Losses that are made of another operator, which a selector among their parameters names. */

import { gradientKind, type OperatorSpec, type Promises, promisesOf } from '../../core/method.ts'
import type { Params } from '../../core/params.ts'
import type { Ref } from '../../core/selector.ts'
import type { LossDeclaration } from './loss-plan.ts'

/** One over a softness in the unit of values. */
function steepnessOf({ softness }: Promises, params: Params): Pick<Promises, 'steepness'> {
  if (softness?.units !== 1 || softness.inverse) return {}
  const soft = Number(params[softness.param])
  return soft > 0 ? { steepness: 1 / soft } : {}
}

/** What a loss may promise over an operator: nothing that the operator breaks, and what rounding it brings along. */
function promisesOver(own: Promises, inner: Promises, params: Params): Promises {
  const { shift, ...rest } = own
  const ordered = inner.symmetric === false || inner.ties === 'by position'
  return {
    ...rest,
    ...(shift && inner.shift === 'stays' && { shift }),
    ...(ordered && { symmetric: false as const }),
    ...(inner.recursive && { recursive: true as const }),
    ...(inner.standardises && { standardises: true as const }),
    ...steepnessOf(inner, params),
    ...(inner.kinksAtTies && { kinksAtTies: true as const }),
  }
}

/** The declaration with what `inner` at `ref` hands up: the kind of its gradient, and what it does not promise. */
export const declaredOver = (declared: LossDeclaration, inner: OperatorSpec, { params }: Ref): LossDeclaration => {
  const own = declared.promises ?? {}
  return {
    ...declared,
    gradient: gradientKind(inner, params),
    promises: promisesOver(typeof own === 'function' ? own(params) : own, promisesOf(inner, params), params),
  }
}

/**
 * One operator for all that a selector may name: plans, gradient and promises are those of the operator it names.
 * Its plans throw RankBenchError(usage) where `operatorFor` does.
 */
export function selectedOperator(byDefault: Params, operatorFor: (params: Params) => OperatorSpec): OperatorSpec {
  return {
    ...operatorFor(byDefault),
    gradient: (params) => gradientKind(operatorFor(params), params),
    promises: (params) => promisesOf(operatorFor(params), params),
    plan: (shape, params, precision) => operatorFor(params).plan(shape, params, precision),
    fast: (shape, params, precision, execution) => operatorFor(params).fast?.(shape, params, precision, execution),
  }
}
