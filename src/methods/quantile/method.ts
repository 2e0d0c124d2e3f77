/** Quantiles, which every method has that sorts: what they take and promise; reference.ts says what they are. */

import { gradientKind, type Method, type OperatorSpec, promisesOf } from '../../core/method.ts'
import type { ParamSpec, Params } from '../../core/params.ts'
import { planQuantile } from './reference.ts'

const level = {
  kind: 'number',
  default: 0.5,
  min: 0,
  max: 1,
  several: true,
  meaning: 'level of the quantile, or several; 0.5 is the median',
} as const satisfies ParamSpec

function quantileOf(sort: OperatorSpec): OperatorSpec {
  const { direction: _, ...space } = sort.params
  const ascending = (params: Params): Params => ({ ...params, direction: 'ascending' })
  return {
    params: { q: level, ...space },
    growth: sort.growth,
    gradient: (params) => gradientKind(sort, ascending(params)),
    promises: (params) => {
      const { softness, hardLimit, shift, symmetric, beyond, ...inner } = promisesOf(sort, ascending(params))
      return {
        ...(softness && { softness }),
        ...(hardLimit !== undefined && { hardLimit }),
        ...(shift && { shift }),
        ...(symmetric === false && { symmetric }),
        ...(beyond && { beyond }),
        ...(inner.kinksAtTies && { kinksAtTies: true as const }),
        ...(inner.recursive && { recursive: true as const }),
        ...(inner.standardises && { standardises: true as const }),
      }
    },
    plan: (shape, params, precision) =>
      planQuantile(sort.plan(shape, ascending(params), 'f64'), shape, params, precision),
    ...(sort.fast && {
      fast(shape, params, precision, execution) {
        const sorted = sort.fast!(shape, ascending(params), 'f64', execution)
        return sorted && { ...planQuantile(sorted, shape, params, precision), engine: 'fast' }
      },
    }),
  }
}

/** The method with quantiles, if it sorts. */
export const withQuantile = (method: Method): Method =>
  method.operators.sort
    ? { ...method, operators: { ...method.operators, quantile: quantileOf(method.operators.sort) } }
    : method
