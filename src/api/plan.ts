/** Plans by selector. */

import { type Execution, executed, type OperatorSpec, type Plan } from '../core/method.ts'
import { type MethodRef, resolveMethod } from '../core/method-ref.ts'
import { type Precision, requireShape, type Shape } from '../core/shape.ts'
import { withLifetime } from '../methods/kit/lifetime.ts'
import { maskedPlan } from '../methods/kit/masked-plan.ts'
import { operatorParams, operators } from '../methods/registry.ts'
import { execution, executionOf, parts, readOptions, requireSelector } from './options.ts'

export interface PlanOptions extends Execution {
  /** What the buffers hold; sums are accumulated in f64 either way. Default f32. */
  readonly precision?: Precision | undefined
  /**
   * One true or false an item, row after row. Absent items take no part, whatever they hold: buffers keep their place, gradients
   * and entries of the output are 0 there.
   */
  readonly mask?: ArrayLike<boolean> | undefined
}

/** The operator and parameters a selector names. @throws RankBenchError(usage) unless it names exactly one. */
export function resolveOperator(selector: string): { readonly ref: MethodRef; readonly operator: OperatorSpec } {
  requireSelector(selector)
  const ref = resolveMethod(selector, operatorParams)
  return { ref, operator: operators.get(ref.name)! }
}

const known = { ...execution, mask: parts.mask }

/**
 * Buffers and passes for rows of one shape: allocate once, run often.
 *
 * @example
 * ```ts
 * // Two rows of three values.
 * const soft = plan('rank:permutahedron[strength=2]', regularShape(2, 3))
 * soft.values.set([5, 1, 2, 3, 2, 1])
 * soft.forward()
 * soft.output // [3, 1.25, 1.75, 2.5, 2, 1.5]
 * soft.cotangent.set([0, 1, 0, 0, 0, 0])
 * soft.backward()
 * soft.gradient // [0, 0.25, -0.25, 0, 0, 0]
 * // Gives its memory back; forgotten plans are collected like anything else.
 * soft.dispose()
 * ```
 *
 * Losses also own `labels`, `weights` (one an item) and `listWeights` (one a row), the latter two 1 until written; sort and rank of
 * permutahedron and sinkhorn own `weights` too.
 *
 * `engine` of the plan says who computes: `fast`, or `reference` where there is no kernel for the operator, its parameters or the
 * shape. Where the machine refuses the engine a warning of code RANK_BENCH_NO_ENGINE says why, once a process.
 *
 * Plans trust their numbers: NaN or infinite values give undefined output; `requireFinite` checks them. After `dispose` a plan's
 * passes and buffers throw RankBenchError(usage); a view that was taken out of it before must not be written any more.
 * @throws RankBenchError(usage) unless `selector` names one operator with one value a parameter, on an unknown option, and
 * when `engine: 'fast'` was asked for on a machine that refuses the engine; RankBenchError(value) on a shape whose offsets
 * decrease, or a mask of another length
 */
export function plan(selector: string, shape: Shape, options: PlanOptions = {}): Plan {
  const { ref, operator } = resolveOperator(selector)
  const { precision = 'f32', mask, ...read } = readOptions(options, known, 'plan')
  requireShape(shape)
  const make = (of: Shape): Plan => executed(operator, executionOf(read)).plan(of, ref.params, precision)
  if (mask === undefined) return make(shape)
  return withLifetime(maskedPlan(ref.operator, shape, mask, precision, make), ref.name)
}
