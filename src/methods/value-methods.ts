/** The methods that compute something of plain values: what quantiles and losses may be built on. */

import { type Method, type Operator, type OperatorSpec, operatorCatalogue } from '../core/method.ts'
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

import { sparse } from './sparse/method.ts'

/** All methods of values, with straight-through gradients and, where they sort, quantiles. Plug-ins are added to it. */
export const valueMethods: Method[] = []

type ValueOperator = Exclude<Operator, 'loss'>
const words: readonly ValueOperator[] = ['sort', 'rank', 'matrix', 'topk', 'quantile']
const catalogues = new Map<Operator, Map<string, OperatorSpec>>(words.map((operator) => [operator, new Map()]))

/** Adds a method of values and answers with what it became. */
export function addValueMethod(method: Method): Method {
  const complete = withQuantile(method.name === hard.name ? method : withStraightThrough(method))
  valueMethods.push(complete)
  for (const [name, spec] of operatorCatalogue([complete])) {
    catalogues.get(name.slice(0, name.indexOf(':')) as Operator)?.set(name, spec)
  }
  return complete
}

for (const family of [hard, ...families]) addValueMethod(family)

/** `operator:method` of every method that has this operator; grows with plug-ins. */
export const operatorsOf = (operator: ValueOperator): ReadonlyMap<string, OperatorSpec> => catalogues.get(operator)!
