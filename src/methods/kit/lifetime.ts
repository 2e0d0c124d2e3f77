/**
 * Plans as the library hands them out: asked for with a precision, a shape and parameters that are what they should be, and of
 * no use once they are disposed of. Their memory may by then be another plan's, so that a late pass or a late write through
 * `plan.values` would change somebody else's numbers. A view that was taken out of a plan before cannot be guarded: it must
 * not be written after `dispose`.
 */

import { usageError, valueError } from '../../core/errors.ts'
import type { Method, OperatorSpec, Plan } from '../../core/method.ts'
import { resolveParams } from '../../core/params.ts'
import { requireShape } from '../../core/shape.ts'

const buffers = [
  'values',
  'labels',
  'weights',
  'listWeights',
  'output',
  'cotangent',
  'gradient',
  'diagnostics',
] as const

/** The plan with passes and buffers that throw RankBenchError(usage) after `dispose`, which may be called again. */
export function withLifetime(plan: Plan, name: string): Plan {
  let alive = true
  const requireAlive = (): void => {
    if (!alive) throw usageError(`a plan of ${name} was used after dispose(); expected it to be planned again`)
  }
  const guarded: Record<string, unknown> = {
    engine: plan.engine ?? 'reference',
    forward() {
      requireAlive()
      plan.forward()
    },
    backward() {
      requireAlive()
      plan.backward()
    },
    dispose() {
      if (alive) plan.dispose()
      alive = false
    },
  }
  const guard =
    <A extends unknown[], R>(call: (...given: A) => R) =>
    (...given: A): R => {
      requireAlive()
      return call(...given)
    }
  if (plan.algorithms) guarded.algorithms = guard(plan.algorithms)
  if (plan.tangents) {
    const tangents = guard(plan.tangents)
    guarded.tangents = () => {
      const { input, output, run } = tangents()
      return { input, output, run: guard(run) }
    }
  }
  if (plan.curvature) {
    const curvature = guard(plan.curvature)
    guarded.curvature = () => {
      const { input, output, run } = curvature()
      return { input, output, run: guard(run) }
    }
  }
  if (plan.diagonal) {
    const diagonal = guard(plan.diagonal)
    guarded.diagonal = () => {
      const { output, run } = diagonal()
      return { output, run: guard(run) }
    }
  }
  for (const buffer of buffers) {
    if (!(buffer in plan)) continue
    Object.defineProperty(guarded, buffer, { enumerable: true, get: guard(() => plan[buffer]) })
  }
  return guarded as unknown as Plan
}

/** The operator with everything it is asked for checked, and its plans guarded. */
function guardedOperator(name: string, spec: OperatorSpec): OperatorSpec {
  const requirePlannable = (shape: unknown, precision: unknown): void => {
    requireShape(shape)
    if (precision === 'f32' || precision === 'f64') return
    throw valueError(`${name}: precision is ${JSON.stringify(precision)}; expected f32 or f64`)
  }
  return {
    ...spec,
    plan(shape, params, precision) {
      requirePlannable(shape, precision)
      return withLifetime(spec.plan(shape, resolveParams(spec.params, params, name), precision), name)
    },
    ...(spec.fast && {
      fast(shape, params, precision, execution) {
        requirePlannable(shape, precision)
        const plan = spec.fast!(shape, resolveParams(spec.params, params, name), precision, execution)
        return plan && withLifetime(plan, name)
      },
    }),
  }
}

/** The method with all its operators guarded. */
export const guardedMethod = (method: Method): Method => ({
  ...method,
  operators: Object.fromEntries(
    Object.entries(method.operators).map(([operator, spec]) => [
      operator,
      guardedOperator(`${operator}:${method.name}`, spec),
    ]),
  ),
})
