/**
 * How far a fast kernel may be from the reference in f64. Stated in docs/engine.md, held by `rank-bench check --engine fast`
 * and by the fuzz test.
 */

import { type Promises, promisesOf } from '../core/method.ts'
import { standardDeviation } from '../stats/mean.ts'
import { expectClose, type Finding, largest, silent } from './law.ts'
import type { Passes, Subject } from './subject.ts'

/** Of the largest entry of the row: 4 units in the last place in f32; in f64 sums over n items in another order. */
const share = ({ precision }: Subject, n: number): number =>
  precision === 'f32' ? 2 ** -21 : Math.max(1, n) * 2 ** -44

/** Kernels keep exponentials above the denormal numbers, and f32 has none below: this and 0 are the same answer. */
const nothing = ({ precision }: Subject): number => (precision === 'f32' ? 2 ** -126 : 1e-200)

/**
 * Sorted values are made of values as large as the largest, whatever the row happens to leave of it; losses are sums of terms of
 * size 1, also where these cancel.
 */
function outputSize({ operator }: Subject, values: ArrayLike<number>): number {
  if (operator === 'loss') return 2 ** -4
  return operator === 'sort' || operator === 'quantile' ? largest(values) : 0
}

/**
 * Saturated gradients are differences of nearly equal numbers: below this share of the cotangent, an item, they are
 * rounding in either implementation, and kernels leave out what is smaller still.
 */
const saturated = ({ precision }: Subject): number => (precision === 'f32' ? 2 ** -27 : 2 ** -44)

/**
 * Sorted values move by values over softness: at values of 10^4 softnesses that many digits of a gradient are rounding, in either
 * implementation, and in f32 no more than in f64, as both compute in f64.
 */
function conditioning(subject: Subject, values: ArrayLike<number>): number {
  if (subject.operator !== 'sort' && subject.operator !== 'quantile') return 0
  return 2 ** -44 * inSoftnesses(subject, largest(values))
}

/** Those of the soft operator, also where the hard one answers: it is what is differentiated. */
const softPromises = ({ spec, ref }: Subject): Promises =>
  promisesOf(spec, { ...ref.params, 'straight-through': false })

/** `size` in softnesses; 0 unless these are of the unit of values. */
function inSoftnesses(subject: Subject, size: number): number {
  const { softness } = softPromises(subject)
  if (softness === undefined || softness.units !== (softness.inverse ? -1 : 1)) return 0
  const given = Number(subject.ref.params[softness.param])
  const soft = softness.inverse ? 1 / given : given
  return soft > 0 ? size / soft : 0
}

/** What a recursion over the rows of P makes of rounding, relative to what it is made of. Rows where that is much are not judged. */
function echo(subject: Subject, values: ArrayLike<number>): number {
  if (!softPromises(subject).recursive) return 0
  return 2 ** -50 * values.length * (1 + inSoftnesses(subject, 2 * largest(values)))
}

/** Gradients are of outputs over values, which count in softnesses, and where they are standardised in deviations. */
function perUnit(subject: Subject, values: ArrayLike<number>): number {
  const { softness } = softPromises(subject)
  if (softness?.units !== 0 || softness.scales === false) return Math.max(1, inSoftnesses(subject, 1))
  const deviation = standardDeviation(values)
  return deviation > 0 ? Math.max(1, 1 / deviation) : 1
}

/** What f32 cannot hold is infinite there, and right so: such entries are not compared further. */
function withoutOverflow({ precision }: Subject, found: Float64Array, expected: Float64Array): Float64Array {
  if (precision === 'f64') return found
  return found.map((entry, i) => (Math.fround(expected[i]) === entry ? expected[i] : entry))
}

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
  const lost = echo(subject, values)
  if (lost >= 2 ** -8) return silent
  const outputs = expectClose(
    withoutOverflow(subject, fast.output, slow.output),
    slow.output,
    (share(subject, n) + lost) * size + nothing(subject),
  )
  if (outputs.kind === 'broken') return { ...outputs, detail: `output: ${outputs.detail}` }
  const floor = (saturated(subject) + conditioning(subject, values)) * n * largest(u) * perUnit(subject, values)
  const slack = (share(subject, n) + lost) * largest(slow.gradient) + floor + nothing(subject)
  const gradients = expectClose(withoutOverflow(subject, fast.gradient, slow.gradient), slow.gradient, slack)
  return gradients.kind === 'broken' ? { ...gradients, detail: `gradient: ${gradients.detail}` } : gradients
}
