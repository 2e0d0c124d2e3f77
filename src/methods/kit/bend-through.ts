/** Second derivatives of a loss L(r(x)) through the operator r that it is made of. */

import type { Plan } from '../../core/method.ts'
import type { LossBatch, LossPasses } from './loss-plan.ts'

/**
 * Along v: J^T [L''(r) J v] + (J^T)' L'(r), the first by the backward pass of r from what the loss bends, the second by the
 * curvature of r at the gradient of the loss. Kernels write gradients in r to the cotangent of `inner`; list q's entries of r are
 * `offsets[q]` up to `offsets[q + 1]`. Nothing where the operator or the loss has no second derivative by formula.
 */
export function bendThrough(
  inner: Plan,
  passes: readonly LossPasses[],
  offsets: ArrayLike<number>,
): Pick<LossBatch, 'bend'> {
  if (!inner.curvature || !inner.tangents || !passes.every((each) => each.bend)) return {}
  const unused = new Float64Array(0)
  const partsOf = (whole: Float64Array) => passes.map((_, q) => whole.subarray(offsets[q], offsets[q + 1]))
  return {
    bend(scaleOf, direction, out) {
      const [tangents, curvature] = [inner.tangents!(), inner.curvature!()]
      tangents.input.set(direction)
      tangents.run()
      for (let q = 0; q < passes.length; q++) passes[q].gradient(scaleOf(q), unused)
      curvature.input.set(direction)
      curvature.run()
      out.set(curvature.output)
      const moved = partsOf(tangents.output as Float64Array)
      const bent = partsOf(inner.cotangent as Float64Array)
      for (let q = 0; q < passes.length; q++) passes[q].bend!(scaleOf(q), moved[q], bent[q])
      inner.backward()
      for (let i = 0; i < out.length; i++) out[i] += inner.gradient[i]
    },
  }
}
