/** One operator on one batch of values: outputs, gradients, and what they say about learning through it. */

import type { Operator, OperatorSpec, Plan } from '../core/method.ts'
import { randomStream } from '../core/random.ts'
import type { Ref } from '../core/selector.ts'
import type { Precision, Shape } from '../core/shape.ts'
import { type Health, healthOf } from './health.ts'

export const operatorOf = (ref: Ref): Operator => ref.name.slice(0, ref.name.indexOf(':')) as Operator

export interface Probe {
  readonly plan: Plan
  /** Facts about both passes on `values`, at a random cotangent. */
  health(values: ArrayLike<number>): Health
  dispose(): void
}

/** A plan with labels 0..4 and a standard normal cotangent, both drawn from the seed. */
export function createProbe(spec: OperatorSpec, ref: Ref, shape: Shape, precision: Precision, seed: number): Probe {
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
      return healthOf({ ...plan, operator: operatorOf(ref), shape })
    },
    dispose: () => plan.dispose(),
  }
}
