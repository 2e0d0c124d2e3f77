/** The methods that compute something of plain values: what quantiles and losses may be built on. */

import { type Method, type Operator, type OperatorSpec, operatorCatalogue } from '../core/method.ts'
import { lapsum } from './lapsum.ts'
import { neuralsort } from './neuralsort.ts'
import { permutahedron } from './permutahedron.ts'
import { sigmoid } from './sigmoid.ts'
import { sinkhorn } from './sinkhorn.ts'
import { soft } from './soft.ts'
import { softsort } from './softsort.ts'
import { sparse } from './sparse.ts'

export const valueMethods: readonly Method[] = [
  permutahedron,
  sigmoid,
  neuralsort,
  softsort,
  lapsum,
  sparse,
  soft,
  sinkhorn,
]

/** `operator:method` of every method that has this operator. */
export const operatorsOf = (operator: Operator): ReadonlyMap<string, OperatorSpec> =>
  new Map([...operatorCatalogue(valueMethods)].filter(([name]) => name.startsWith(`${operator}:`)))
