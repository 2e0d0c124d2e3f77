/** The methods with a rank operator: what a loss over soft ranks may be built on. */

import { type Method, operatorCatalogue } from '../core/method.ts'
import { neuralsort } from './neuralsort.ts'
import { permutahedron } from './permutahedron.ts'
import { sigmoid } from './sigmoid.ts'
import { softsort } from './softsort.ts'

export const rankMethods: readonly Method[] = [permutahedron, sigmoid, neuralsort, softsort]

/** `rank:method` of every rank operator. */
export const rankOperators = new Map([...operatorCatalogue(rankMethods)].filter(([name]) => name.startsWith('rank:')))
