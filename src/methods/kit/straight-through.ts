/**
 * Straight-through: the value of the hard operator forward, the gradient of the soft one backward.
 *
 * Bengio, Léonard, Courville, "Estimating or Propagating Gradients Through Stochastic Neurons for Conditional
 * Computation", 2013, arXiv:1308.3432.
 */

import { valueError } from '../../core/errors.ts'
import {
  gradientKind,
  type Method,
  type OperatorSpec,
  type Plan,
  type Promises,
  promisesOf,
} from '../../core/method.ts'
import type { Operator } from '../../core/operators.ts'
import { type ParamSpec, type Params, sharedParams } from '../../core/params.ts'
import { hard } from '../hard/method.ts'
import { areOnes } from './are-ones.ts'

const flag = {
  kind: 'flag',
  default: false,
  meaning: 'hard value forward, soft gradient backward',
} as const satisfies ParamSpec

/** Values keep the promises of the hard operator; what binds the gradient as well must be promised by both. */
function promisesOfBoth(firm: OperatorSpec, soft: OperatorSpec, params: Params): Promises {
  const { monotone: _, shift, ...values } = promisesOf(firm, sharedParams(firm.params, params))
  const gradient = promisesOf(soft, params)
  return {
    ...values,
    ...(shift && shift === gradient.shift && { shift }),
    ...(gradient.symmetric === false && { symmetric: false }),
  }
}

/** @throws RankBenchError(value) where the soft operator is told of weights that the hard one does not know */
function requireNoWeights({ weights }: Plan, firm: Plan): void {
  if (!weights || firm.weights || areOnes(weights)) return
  throw valueError('weights: the hard operator, whose value straight-through gives, has none', 'leave one of them out')
}

function joinPlans(soft: Plan, firm: Plan): Plan {
  return {
    ...soft,
    output: firm.output,
    forward() {
      requireNoWeights(soft, firm)
      soft.forward()
      firm.values.set(soft.values)
      firm.forward()
    },
    dispose() {
      soft.dispose()
      firm.dispose()
    },
  }
}

function straightThrough(soft: OperatorSpec, firm: OperatorSpec): OperatorSpec {
  const chosen = (params: Params) => params['straight-through'] === true
  return {
    ...soft,
    params: { ...soft.params, 'straight-through': flag },
    gradient: (params) => (chosen(params) ? 'surrogate' : gradientKind(soft, params)),
    promises: (params) => (chosen(params) ? promisesOfBoth(firm, soft, params) : promisesOf(soft, params)),
    logarithm: (params) => (chosen(params) ? undefined : soft.logarithm?.(params)),
    plan(shape, params, precision) {
      const plan = soft.plan(shape, params, precision)
      return chosen(params) ? joinPlans(plan, firm.plan(shape, sharedParams(firm.params, params), precision)) : plan
    },
    ...(soft.fast && {
      fast(shape, params, precision, execution) {
        const plan = soft.fast!(shape, params, precision, execution)
        if (!plan || !chosen(params)) return plan
        return joinPlans(plan, firm.plan(shape, sharedParams(firm.params, params), precision))
      },
    }),
  }
}

/** The method with a `straight-through` parameter on every operator that has a hard counterpart. */
export function withStraightThrough(method: Method): Method {
  const operators = Object.entries(method.operators).map(([operator, spec]) => {
    const firm = hard.operators[operator as Operator]
    return [operator, firm ? straightThrough(spec, firm) : spec]
  })
  return { ...method, operators: Object.fromEntries(operators) }
}
