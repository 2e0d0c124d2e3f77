/** One operator on one batch of values: outputs, gradients, and what they say about learning through it. */

import type { OperatorSpec, Plan } from '../core/method.ts'
import type { MethodRef } from '../core/method-ref.ts'
import { randomStream } from '../core/random.ts'
import type { Precision, Shape } from '../core/shape.ts'
import { type Health, healthOf } from './health.ts'

export interface Probe {
  readonly plan: Plan
  /** Facts about both passes on `values`, at a random cotangent. */
  health(values: ArrayLike<number>): Health
  dispose(): void
}

/** A plan with labels 0..4 and a standard normal cotangent, both drawn from the seed. */
export function createProbe(
  spec: OperatorSpec,
  ref: MethodRef,
  shape: Shape,
  precision: Precision,
  seed: number,
): Probe {
  const plan = spec.plan(shape, ref.params, precision)
  const random = randomStream(seed, 'probe')
  plan.labels?.set(Float64Array.from(plan.labels, () => random.integer(5)))
  plan.cotangent.set(Float64Array.from(plan.cotangent, () => random.normal()))
  return {
    plan,
    health(values) {
      plan.values.set(values)
      plan.forward()
      plan.backward()
      return healthOf({ ...plan, operator: ref.operator, shape })
    },
    dispose: () => plan.dispose(),
  }
}
