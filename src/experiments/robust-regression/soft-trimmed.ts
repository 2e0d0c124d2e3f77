/**
 * Soft least trimmed squares: squared residuals are sorted softly and the largest left out,
 *
 *   (2 h)^-1 sum_{i <= h} s_i(r^2),   h = n - k
 *
 * with s a soft sort, ascending. At softness 0 these are least trimmed squares (Rousseeuw, 1984), and at a large one of a projection on the
 * permutahedron least squares: one parameter goes from one to the other. Blondel, Teboul, Berthet, Djolonga, ICML 2020, section 6.4.
 */

import type { OperatorSpec } from '../../core/method.ts'
import type { Params } from '../../core/params.ts'
import { regularShape } from '../../core/shape.ts'
import type { ResidualLoss } from './objective.ts'

interface Trimming {
  readonly loss: ResidualLoss
  dispose(): void
}

/** @param left how many are left out */
export function softTrimmedLoss(spec: OperatorSpec, params: Params, rows: number, left: number): Trimming {
  const plan = spec.plan(regularShape(1, rows), params, 'f64')
  const kept = rows - left
  // Positions that are kept have the smallest residuals, wherever the operator puts those.
  const from = params.direction === 'descending' ? left : 0
  return {
    loss(residuals, slope) {
      for (let i = 0; i < rows; i++) plan.values[i] = residuals[i] ** 2 / 2
      plan.forward()
      plan.cotangent.fill(0)
      plan.cotangent.fill(1 / kept, from, from + kept)
      plan.backward()
      let sum = 0
      for (let i = from; i < from + kept; i++) sum += plan.output[i]
      for (let i = 0; i < rows; i++) slope[i] = plan.gradient[i] * residuals[i]
      return sum / kept
    },
    dispose: () => plan.dispose(),
  }
}
