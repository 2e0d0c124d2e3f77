/** The fast implementation against the reference. */

import { broken, expectClose, type Law, largest } from '../law.ts'
import { normals } from '../sample.ts'
import type { Subject } from '../subject.ts'

/**
 * What a fast kernel may be off by, relative to the largest entry of the row: 4 units in the last place in f32; in f64
 * sums over n items in another order.
 */
const allowed = (subject: Subject, n: number): number => (subject.precision === 'f32' ? 2 ** -21 : n * 2 ** -44)

/** Kernels keep exponentials above the denormal numbers, and f32 has none below: this and 0 are the same answer. */
const nothing = (subject: Subject): number => (subject.precision === 'f32' ? 2 ** -126 : 1e-200)

/**
 * Outputs that move with the values are as large as they are, whatever the row happens to leave of it; losses are sums of
 * terms of size 1, also where these cancel.
 */
function outputSize(subject: Subject, values: Float64Array): number {
  if (subject.operator === 'loss') return 2 ** -4
  return subject.promises.shift === 'moves' ? largest(values) : 0
}

/**
 * Saturated gradients are differences of nearly equal numbers: below this share of the cotangent, an item, they are
 * rounding in either implementation, and kernels leave out what is smaller still.
 */
const saturated = (subject: Subject): number => (subject.precision === 'f32' ? 2 ** -27 : 2 ** -44)

export const fastIsReference: Law = {
  name: 'fast = reference',
  statement: 'values and gradients of the fast implementation are those of the reference in f64, to rounding',
  rows: ['random', 'tied', 'distinct', 'nearly equal', 'extreme'],
  exempt: (subject) => (subject.reference ? undefined : 'no fast implementation, or not asked for'),
  judge(subject, sample) {
    const reference = subject.reference!()
    const u = normals(sample.random, subject.outputLength(sample.values.length)).map(Math.fround)
    const [fast, slow] = [subject.run(sample, u), reference.run(sample, u)]
    const share = allowed(subject, sample.values.length)
    const size = largest(slow.output, outputSize(subject, sample.values))
    const values = expectClose(fast.output, slow.output, share * size + nothing(subject))
    if (values.kind === 'broken') return broken(`output: ${values.detail}`)
    const gradients = expectClose(
      fast.gradient,
      slow.gradient,
      share * largest(slow.gradient) + saturated(subject) * sample.values.length * largest(u),
    )
    return gradients.kind === 'broken' ? broken(`gradient: ${gradients.detail}`) : gradients
  },
}
