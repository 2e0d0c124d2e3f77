/** What is mapped: parameters of the operators, and one data set that names the cells. */

import type { Scope } from '../core/experiment.ts'
import type { Ref } from '../core/selector.ts'

/** A quarter of the items, where a number of them is selected: of one in many, few others could have a gradient. */
export function asMapped({ name, params }: Ref, n: number): Ref {
  return params.k === undefined || !name.startsWith('topk:')
    ? { name, params }
    : { name, params: { ...params, k: n / 4 } }
}

/** The first list data set of a scope. */
export const oneList = (scope: Scope): Scope => ({
  ...scope,
  datasets: scope.datasets.filter((dataset) => scope.kindOf(dataset) === 'lists').slice(0, 1),
})
