/** All built-in methods and their operators by name. */

import { type Method, type OperatorSpec, operatorCatalogue } from '../core/method.ts'
import type { Catalogue } from '../core/selector.ts'
import { approxNdcgLoss } from './losses/approx-ndcg.ts'
import { lambdarank } from './losses/lambdarank.ts'
import { listmle } from './losses/listmle.ts'
import { listnet } from './losses/listnet.ts'
import { ranknet } from './losses/ranknet.ts'
import { spearman } from './losses/spearman.ts'
import { valueMethods } from './value-methods.ts'

/** In the order they are listed to a person: operators of values first, losses after them. */
export const methods: readonly Method[] = [
  ...valueMethods,
  listnet,
  listmle,
  ranknet,
  lambdarank,
  approxNdcgLoss,
  spearman,
]

/** Operators by `operator:method`, e.g. `rank:permutahedron`. */
export const operators: ReadonlyMap<string, OperatorSpec> = operatorCatalogue(methods)

/** What selectors of methods are matched against. */
export const operatorParams: Catalogue = new Map([...operators].map(([name, operator]) => [name, operator.params]))
