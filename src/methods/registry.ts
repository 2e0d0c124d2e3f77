/** All built-in methods and their operators by name. */

import { usageError } from '../core/errors.ts'
import { type Method, type OperatorSpec, operatorCatalogue } from '../core/method.ts'
import type { ParamSpace } from '../core/params.ts'
import type { Catalogue } from '../core/selector.ts'
import { approxNdcgLoss } from './losses/approx-ndcg.ts'
import { lambdarank } from './losses/lambdarank.ts'
import { listmle } from './losses/listmle.ts'
import { listnet } from './losses/listnet.ts'
import { ranknet } from './losses/ranknet.ts'
import { spearman } from './losses/spearman.ts'
import { addValueMethod, valueMethods } from './value-methods.ts'

const losses: readonly Method[] = [listnet, listmle, ranknet, lambdarank, approxNdcgLoss, spearman]

const all: Method[] = []
const byName = new Map<string, OperatorSpec>()
const spaces = new Map<string, ParamSpace>()

function add(method: Method): void {
  all.push(method)
  for (const [name, spec] of operatorCatalogue([method])) {
    byName.set(name, spec)
    spaces.set(name, spec.params)
  }
}

/** In the order they are listed to a person: operators of values first, losses after them, plug-ins last. */
export const methods: readonly Method[] = all

/** Operators by `operator:method`, e.g. `rank:permutahedron`. */
export const operators: ReadonlyMap<string, OperatorSpec> = byName

/** What selectors of methods are matched against. */
export const operatorParams: Catalogue = spaces

for (const method of valueMethods) add(method)
for (const loss of losses) add(loss)

/**
 * Makes a method known everywhere: to selectors, quantiles, and losses over soft ranks and permutations.
 * @throws RankBenchError(usage) when an operator of that name is known
 */
export function registerMethod(method: Method): void {
  const taken = [...operatorCatalogue([method]).keys()].find((name) => byName.has(name))
  if (taken) throw usageError(`there is already a method called "${taken}"`, 'rank-bench list methods')
  const { loss, ...values } = method.operators
  const complete = Object.keys(values).length > 0 ? addValueMethod({ ...method, operators: values }) : method
  add(loss ? { ...complete, operators: { ...complete.operators, loss } } : complete)
}
