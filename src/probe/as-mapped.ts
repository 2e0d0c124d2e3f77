/** What is mapped: parameters of the operators, and one data set that names the cells. */

import type { Scope } from '../core/experiment.ts'
import type { MethodRef } from '../core/method-ref.ts'
import { factsOf } from '../core/operators.ts'

/** A quarter of the items, where a number of them is selected: of one in many, few others could have a gradient. */
export function asMapped(method: MethodRef, n: number): MethodRef {
  return method.params.k === undefined || factsOf(method.operator).output !== 'item'
    ? method
    : { ...method, params: { ...method.params, k: n / 4 } }
}

/** The first list data set of a scope. */
export const oneList = (scope: Scope): Scope => ({
  ...scope,
  datasets: scope.datasets.filter((dataset) => scope.kindOf(dataset) === 'lists').slice(0, 1),
})
