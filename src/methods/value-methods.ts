/** The methods that compute something of plain values: what quantiles and losses may be built on. */

import { type Method, type Operator, type OperatorSpec, operatorCatalogue } from '../core/method.ts'
import { hard } from './hard.ts'
import { neuralsort } from './neuralsort.ts'
import { permutahedron } from './permutahedron.ts'
import { withQuantile } from './quantile.ts'
import { sigmoid } from './sigmoid.ts'
import { softsort } from './softsort.ts'
import { withStraightThrough } from './straight-through.ts'

const families: readonly Method[] = [permutahedron, sigmoid, neuralsort, softsort]

/** All families, with straight-through gradients and, where they sort, quantiles. */
export const valueMethods: readonly Method[] = [hard, ...families.map(withStraightThrough)].map(withQuantile)

/** `operator:method` of every method that has this operator. */
export const operatorsOf = (operator: Operator): ReadonlyMap<string, OperatorSpec> =>
  new Map([...operatorCatalogue(valueMethods)].filter(([name]) => name.startsWith(`${operator}:`)))
