/** What a plan answers to some numbers, and how far two answers are apart. */

import type { Plan } from '../core/method.ts'
import type { Computed } from '../core/system.ts'

export function valuesAndGradient(
  plan: Plan,
  values: ArrayLike<number>,
  labels: ArrayLike<number>,
  cotangent: ArrayLike<number>,
): Computed {
  plan.values.set(values)
  plan.labels?.set(labels)
  plan.cotangent.set(cotangent)
  plan.forward()
  plan.backward()
  return { output: Float64Array.from(plan.output), gradient: Float64Array.from(plan.gradient) }
}

/** Largest |found - exact| over the largest |exact|, or over `least` where that is larger; infinite when either holds a NaN. */
export function relativeError(exact: ArrayLike<number>, found: ArrayLike<number>, least = 0): number {
  let [difference, size] = [0, least]
  for (let i = 0; i < exact.length; i++) {
    if (Number.isNaN(exact[i]) || Number.isNaN(found[i])) return Number.POSITIVE_INFINITY
    difference = Math.max(difference, Math.abs(exact[i] - found[i]))
    size = Math.max(size, Math.abs(exact[i]))
  }
  return size === 0 ? difference : difference / size
}
