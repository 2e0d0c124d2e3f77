/**
 * How far a fast kernel may be from the reference in f64. Stated in docs/engine.md, held by `rank-bench check --engine fast`
 * and by the fuzz test.
 */

import { expectClose, type Finding, largest } from './law.ts'
import type { Passes, Subject } from './subject.ts'

/** Of the largest entry of the row: 4 units in the last place in f32; in f64 sums over n items in another order. */
const share = ({ precision }: Subject, n: number): number =>
  precision === 'f32' ? 2 ** -21 : Math.max(1, n) * 2 ** -44

/** Kernels keep exponentials above the denormal numbers, and f32 has none below: this and 0 are the same answer. */
const nothing = ({ precision }: Subject): number => (precision === 'f32' ? 2 ** -126 : 1e-200)

/**
 * Outputs that move with the values are as large as they are, whatever the row happens to leave of it; losses are sums of
 * terms of size 1, also where these cancel.
 */
function outputSize({ operator, promises }: Subject, values: ArrayLike<number>): number {
  if (operator === 'loss') return 2 ** -4
  return promises.shift === 'moves' ? largest(values) : 0
}

/**
 * Saturated gradients are differences of nearly equal numbers: below this share of the cotangent, an item, they are
 * rounding in either implementation, and kernels leave out what is smaller still.
 */
const saturated = ({ precision }: Subject): number => (precision === 'f32' ? 2 ** -27 : 2 ** -44)

/** One row: `values` went in, `u` came back; `slow` is the reference in f64. */
export function compareWithReference(
  subject: Subject,
  values: ArrayLike<number>,
  u: ArrayLike<number>,
  fast: Passes,
  slow: Passes,
): Finding {
  const n = values.length
  const size = largest(slow.output, outputSize(subject, values))
  const outputs = expectClose(fast.output, slow.output, share(subject, n) * size + nothing(subject))
  if (outputs.kind === 'broken') return { ...outputs, detail: `output: ${outputs.detail}` }
  const slack = share(subject, n) * largest(slow.gradient) + saturated(subject) * n * largest(u) + nothing(subject)
  const gradients = expectClose(fast.gradient, slow.gradient, slack)
  return gradients.kind === 'broken' ? { ...gradients, detail: `gradient: ${gradients.detail}` } : gradients
}
