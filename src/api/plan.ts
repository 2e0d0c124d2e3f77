/** Plans by selector. */

import { type Execution, executed, type OperatorSpec, type Plan } from '../core/method.ts'
import { type Ref, resolveOne } from '../core/selector.ts'
import type { Precision, Shape } from '../core/shape.ts'
import { operatorParams, operators } from '../methods/registry.ts'

export interface PlanOptions extends Execution {
  /** Of the buffers; sums are accumulated in f64 in both. Default f32. */
  readonly precision?: Precision
}

/** The operator and parameters a selector names. @throws RankBenchError(usage) unless it names exactly one. */
export function resolveOperator(selector: string): { readonly ref: Ref; readonly operator: OperatorSpec } {
  const ref = resolveOne(selector, operatorParams, 'method')
  return { ref, operator: operators.get(ref.name)! }
}

/**
 * Buffers and passes for rows of one shape: allocate once, run often.
 *
 * ```ts
 * const soft = plan('rank:permutahedron[strength=0.1]', regularShape(32, 100))
 * soft.values.set(scores)
 * soft.forward()                // soft.output holds the ranks
 * soft.cotangent.set(upstream)
 * soft.backward()               // soft.gradient holds the gradient in the scores
 * soft.dispose()                // gives its memory back; forgotten plans are collected like anything else
 * ```
 *
 * `engine` of the plan says who computes: `fast`, or `reference` where there is no kernel for the operator, its parameters or the
 * shape. Where the machine refuses the engine a warning of code RANK_BENCH_NO_ENGINE says why, once a process.
 *
 * Plans trust their numbers: NaN or infinite values give undefined output; `requireFinite` checks them.
 * @throws RankBenchError(usage) unless `selector` names one operator with one value a parameter, and when `engine: 'fast'` was
 * asked for on a machine that refuses the engine.
 */
export function plan(selector: string, shape: Shape, { precision = 'f32', ...execution }: PlanOptions = {}): Plan {
  const { ref, operator } = resolveOperator(selector)
  const made = executed(operator, execution).plan(shape, ref.params, precision)
  return made.engine ? made : { ...made, engine: 'reference' }
}
