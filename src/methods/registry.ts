/** All built-in methods and their operators by name. */

import { usageError } from '../core/errors.ts'
import { type Method, type OperatorSpec, operatorCatalogue } from '../core/method.ts'
import type { ParamSpace } from '../core/params.ts'
import type { Catalogue } from '../core/selector.ts'
import { withIgnoredLabel } from './kit/ignored-label.ts'
import { guardedMethod } from './kit/lifetime.ts'
import { approxMrr } from './losses/approx-mrr/method.ts'
import { approxNdcgLoss } from './losses/approx-ndcg/method.ts'
import { kendall } from './losses/kendall/method.ts'
import { lambdaloss } from './losses/lambdaloss/method.ts'
import { lambdarank } from './losses/lambdarank/method.ts'
import { listmle } from './losses/listmle/method.ts'
import { listnet } from './losses/listnet/method.ts'
import { neuralNdcg } from './losses/neural-ndcg/method.ts'
import { ordinal } from './losses/ordinal/method.ts'
import { pairwiseHinge } from './losses/pairwise-hinge/method.ts'
import { pairwiseLogistic } from './losses/pairwise-logistic/method.ts'
import { permutationCrossEntropy } from './losses/permutation-cross-entropy/method.ts'
import { pirank } from './losses/pirank/method.ts'
import { pointwiseBce } from './losses/pointwise-bce/method.ts'
import { pointwiseMse } from './losses/pointwise-mse/method.ts'
import { ranknet } from './losses/ranknet/method.ts'
import { smoothiNdcg } from './losses/smoothi-ndcg/method.ts'
import { smoothiPrecision } from './losses/smoothi-precision/method.ts'
import { softNdcg } from './losses/soft-ndcg/method.ts'
import { softmax } from './losses/softmax/method.ts'
import { spearman } from './losses/spearman/method.ts'
import { topkCrossEntropy } from './losses/topk-cross-entropy/method.ts'
import { addValueMethod, valueMethods } from './value-methods.ts'

const losses: readonly Method[] = [
  listnet,
  listmle,
  softmax,
  ranknet,
  pairwiseHinge,
  pairwiseLogistic,
  lambdarank,
  lambdaloss,
  approxNdcgLoss,
  approxMrr,
  neuralNdcg,
  pirank,
  softNdcg,
  smoothiNdcg,
  smoothiPrecision,
  spearman,
  kendall,
  permutationCrossEntropy,
  topkCrossEntropy,
  pointwiseMse,
  pointwiseBce,
  ordinal,
]

const all: Method[] = []
const byName = new Map<string, OperatorSpec>()
const spaces = new Map<string, ParamSpace>()

function add(unguarded: Method): readonly string[] {
  const method = guardedMethod(withIgnoredLabel(unguarded))
  all.push(method)
  const catalogue = operatorCatalogue([method])
  for (const [name, spec] of catalogue) {
    byName.set(name, spec)
    spaces.set(name, spec.params)
  }
  return [...catalogue.keys()]
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
 * @returns the names of its operators, with the quantile that comes with every sort
 * @throws RankBenchError(usage) when an operator of that name is known
 */
export function registerMethod(method: Method): readonly string[] {
  const taken = [...operatorCatalogue([method]).keys()].find((name) => byName.has(name))
  if (taken) throw usageError(`there is already a method called "${taken}"`, 'rank-bench list methods')
  const { loss, ...values } = method.operators
  const complete = Object.keys(values).length > 0 ? addValueMethod({ ...method, operators: values }) : method
  return add(loss ? { ...complete, operators: { ...complete.operators, loss } } : complete)
}
