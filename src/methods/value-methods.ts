/** The methods that compute something of plain values: what quantiles and losses may be built on. */

import type { Method, OperatorSpec } from '../core/method.ts'
import { type ValueOperator, valueOperators } from '../core/operators.ts'
import { hard } from './hard/method.ts'
import { withStraightThrough } from './kit/straight-through.ts'
import { lapsum } from './lapsum/method.ts'
import { network } from './network/method.ts'
import { neuralsort } from './neuralsort/method.ts'
import { permutahedron } from './permutahedron/method.ts'
import { withQuantile } from './quantile/method.ts'
import { sigmoid } from './sigmoid/method.ts'
import { sinkhorn } from './sinkhorn/method.ts'
import { smoothi } from './smoothi/method.ts'
import { soft } from './soft/method.ts'
import { softrank } from './softrank/method.ts'
import { softsort } from './softsort/method.ts'
import { sparse } from './sparse/method.ts'

const families: readonly Method[] = [
  permutahedron,
  sigmoid,
  neuralsort,
  softsort,
  lapsum,
  sinkhorn,
  softrank,
  smoothi,
  network,
  sparse,
  soft,
]

/** All methods of values, with straight-through gradients and, where they sort, quantiles. Plug-ins are added to it. */
export const valueMethods: Method[] = []

const catalogues = new Map<ValueOperator, Map<string, OperatorSpec>>(
  valueOperators.map((operator) => [operator, new Map()]),
)

/** Adds a method of values and answers with what it became. */
export function addValueMethod(method: Method): Method {
  const complete = withQuantile(method.name === hard.name ? method : withStraightThrough(method))
  valueMethods.push(complete)
  for (const operator of valueOperators) {
    const spec = complete.operators[operator]
    if (spec) catalogues.get(operator)!.set(`${operator}:${complete.name}`, spec)
  }
  return complete
}

for (const family of [hard, ...families]) addValueMethod(family)

/** `operator:method` of every method that has this operator; grows with plug-ins. */
export const operatorsOf = (operator: ValueOperator): ReadonlyMap<string, OperatorSpec> => catalogues.get(operator)!
