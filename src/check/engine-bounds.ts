/**
 * How far a fast kernel may be from the reference in f64. Stated in docs/engine.md, held by `rank-bench check --engine fast`
 * and by the fuzz test.
 */

import { maximum } from '../core/extremes.ts'
import { type Promises, promisesOf } from '../core/method.ts'
import { factsOf } from '../core/operators.ts'
import { expectClose, type Finding, largest, silent } from './law.ts'
import type { Labelled, Passes, Subject } from './subject.ts'

/** Share of the largest entry of a row that an entry may be off: 4 units in the last place in f32; in f64 what n items summed in another order may differ by. */
const share = ({ precision }: Subject, n: number): number =>
  precision === 'f32' ? 2 ** -21 : Math.max(1, n) * 2 ** -44

/** Kernels keep exponentials above the denormal numbers, and f32 has none below: this and 0 are the same answer. */
const nothing = ({ precision }: Subject): number => (precision === 'f32' ? 2 ** -126 : 1e-200)

/**
 * Sorted values are made of values as large as the largest, whatever the row happens to leave of it; losses are sums of terms of
 * size 1, also where these cancel.
 */
function outputSize(subject: Subject, values: ArrayLike<number>): number {
  const { unit } = factsOf(subject.operator)
  if (unit === 'loss') return 2 ** -4
  if (unit !== 'values') return 0
  return largest(values) + (softPromises(subject).beyond?.(values.length) ?? 0)
}

/**
 * A gradient entry smaller than this share of the cotangent, for every item, is rounding in either implementation: saturated
 * gradients are differences of nearly equal numbers. Kernels leave out what is smaller still.
 */
const saturated = ({ precision }: Subject): number => (precision === 'f32' ? 2 ** -27 : 2 ** -44)

/** Gradients of a loss over an operator of small softness are differences of terms of one over it, and rounded like these. */
const steep = (subject: Subject): number => 2 ** -50 * (softPromises(subject).steepness ?? 0)

/**
 * Sorted values move by values over softness: at values of 10^4 softnesses that many digits of a gradient are rounding, in either
 * implementation, and in f32 no more than in f64, as both compute in f64.
 */
function conditioning(subject: Subject, values: ArrayLike<number>): number {
  if (factsOf(subject.operator).unit !== 'values') return 0
  if (softPromises(subject).softness?.inverse) return 0
  return 2 ** -44 * inSoftnesses(subject, largest(values))
}

/**
 * Logarithms of the entries of an operator are as large as values over its softness, and how they compare, which is what shares a
 * gradient out, is rounded as they are: relative to the gradient.
 */
const logarithmic = (subject: Subject, values: ArrayLike<number>): number =>
  2 ** -50 * (softPromises(subject).steepness ?? 0) * largest(values)

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

/**
 * What a recursion over the rows of P, or a division by the spread of soft ranks, makes of rounding, relative to what it is made
 * of. Rows where that is much are not judged.
 */
function amplified(subject: Subject, values: ArrayLike<number>): number {
  const { recursive, standardises } = softPromises(subject)
  const n = values.length
  if (recursive) return 2 ** -50 * n * (1 + inSoftnesses(subject, 2 * largest(values)))
  const spread = standardises ? spreadOf(values) : 0
  if (spread === 0) return 0
  return spread < 2 ** -10 ? 1 : 2 ** -44 * n * Math.max(1, 1 / spread ** 2)
}

function spreadOf(values: ArrayLike<number>): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i])
    high = Math.max(high, values[i])
  }
  return high - low
}

/** What gradients are multiplied by on the way: where values are standardised, one over their deviation. */
function perUnit(subject: Subject, values: ArrayLike<number>): number {
  const { softness, recursive } = softPromises(subject)
  // A recursion multiplies by values on the way, and what it answers may have lost them again.
  const gathered = recursive ? 1 + inSoftnesses(subject, largest(values)) : 1
  if (softness?.units !== 0 || softness.scales === false) return gathered
  const leastDeviation = spreadOf(values) / Math.sqrt(2 * values.length)
  return leastDeviation > 0 ? Math.max(1, 1 / leastDeviation) : 1
}

/** What f32 cannot hold is infinite there, and right so: such entries are not compared further. */
function withoutOverflow({ precision }: Subject, found: Float64Array, expected: Float64Array): Float64Array {
  if (precision === 'f64') return found
  return found.map((entry, i) => (Math.fround(expected[i]) === entry ? expected[i] : entry))
}

/** Moves values by so much rounding as a recursion may gather; each the other way than its neighbours. */
const nudge = 1e-13
/** A recursion may gather several times what it makes of a nudge. */
const swings = 16

/** The row to compare a recursion with: where a little rounding changes everything there is nothing to judge. */
export function nudgedRow<R extends Labelled>(subject: Subject, row: R): R | undefined {
  if (!softPromises(subject).recursive) return undefined
  return { ...row, values: Float64Array.from(row.values, (value, i) => value * (1 + (i % 2 === 0 ? nudge : -nudge))) }
}

function farthest(a: Float64Array, b: Float64Array): number {
  let distance = 0
  for (let i = 0; i < a.length; i++) distance = Math.max(distance, Math.abs(a[i] - b[i]))
  return distance
}

interface Comparison {
  readonly values: ArrayLike<number>
  /** The rows that `values` are made of, where a loss reduces them to one number. */
  readonly rows?: readonly ArrayLike<number>[]
  /** What came back. */
  readonly u: ArrayLike<number>
  readonly fast: Passes
  /** The reference in f64. */
  readonly slow: Passes
  /** The same at nudged values, where these exist. */
  readonly nudged?: Passes | undefined
}

/** One row, or all rows of a reduced loss. */
export function compareWithReference(subject: Subject, comparison: Comparison): Finding {
  const { values, rows = [values], u, fast, slow, nudged = slow } = comparison
  const n = values.length
  const size = largest(slow.output, outputSize(subject, values))
  const lost = maximum(
    rows.map((row) => amplified(subject, row)),
    0,
  )
  const swing = swings * farthest(slow.output, nudged.output)
  const gradientSwing = swings * farthest(slow.gradient, nudged.gradient)
  const most = 2 ** -8
  if (lost >= most || swing > most * size || gradientSwing > most * largest(slow.gradient)) return silent
  const outputs = expectClose(
    withoutOverflow(subject, fast.output, slow.output),
    slow.output,
    (share(subject, n) + lost) * size + swing + nothing(subject),
  )
  if (outputs.kind === 'broken') return { ...outputs, detail: `output: ${outputs.detail}` }
  const floor =
    (saturated(subject) + conditioning(subject, values) + steep(subject)) * n * largest(u) * perUnit(subject, values)
  const relative = share(subject, n) + lost + logarithmic(subject, values)
  const slack = relative * largest(slow.gradient) + gradientSwing + floor + nothing(subject)
  const gradients = expectClose(withoutOverflow(subject, fast.gradient, slow.gradient), slow.gradient, slack)
  return gradients.kind === 'broken' ? { ...gradients, detail: `gradient: ${gradients.detail}` } : gradients
}
