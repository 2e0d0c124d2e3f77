/** Backward and forward mode against each other and against differences of forward. */

import { spread } from '../../probe/health.ts'
import { compareWithReference, nudgedRow } from '../engine-bounds.ts'
import { broken, type Finding, holds, kink, type Law, largest, silent } from '../law.ts'
import { normals, type Sample } from '../sample.ts'
import { hidesKink, slopeAtZero } from '../slope.ts'
import type { Labelled, Subject } from '../subject.ts'

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

function sizeOfDot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] * b[i])
  return sum
}

/** How much larger the values are than what tells them apart; 1 when all are equal. */
function conditionOf(values: Float64Array): number {
  const size = spread(values, { offsets: Uint32Array.from([0, values.length]) })
  return size > 0 ? Math.max(1, largest(values) / size) : 1
}

export const transpose: Law = {
  name: 'vjp = jvp transposed',
  statement: 'u . (J v) = (J^T u) . v for random u and v',
  rows: ['random', 'tied', 'nearly equal', 'distinct'],
  exempt: (subject) => (subject.plan(2).tangents ? undefined : 'no forward mode'),
  judge(subject, sample) {
    const n = sample.values.length
    const u = normals(sample.random, subject.outputLength(n)).map(Math.fround)
    const v = normals(sample.random, n).map(Math.fround)
    const { gradient } = subject.run(sample, u)
    const pushed = subject.push(sample, v)!
    const [forwards, backwards] = [dot(u, pushed), dot(gradient, v)]
    const size = Math.max(sizeOfDot(u, pushed), sizeOfDot(gradient, v))
    // A saturated gradient is a difference of nearly equal numbers: below the second term it is all rounding. So are the
    // digits of differences of values that agree in most of theirs.
    const lost = 2 ** -46 * conditionOf(sample.values) * (n * largest(u) * largest(v) + size)
    const isSingle = subject.rounding >= 2 ** -20
    const [share, floor] = isSingle ? [subject.rounding, 2 ** -10 * subject.rounding] : [2 ** -34, 2 ** -42]
    const allowed = share * size + floor * n * largest(u) * largest(v) + lost
    const error = Math.abs(forwards - backwards)
    return error <= allowed ? holds(error / allowed) : broken(`u.(J v) is ${forwards} and (J^T u).v is ${backwards}`)
  },
}

/** The slope of u . forward along a direction, with kinks told apart. */
function slopeAlong(subject: Subject, sample: Labelled, u: Float64Array) {
  const moved = Float64Array.from(sample.values)
  const row = { ...sample, values: moved }
  const base = Math.abs(dot(u, subject.output(sample)))
  const along = (direction: Float64Array) => (t: number) => {
    for (let i = 0; i < moved.length; i++) moved[i] = sample.values[i] + t * direction[i]
    return dot(u, subject.output(row))
  }
  const step = 2e-4
  const noise = (scale: number) => 1e-6 * scale + 1e-9 * (1 + base)
  return {
    slope: (direction: Float64Array, scale: number) => slopeAtZero(along(direction), step, noise(scale)),
    hides: (direction: Float64Array, scale: number) => hidesKink(along(direction), step, noise(scale)),
  }
}

type SlopeAlong = ReturnType<typeof slopeAlong>['slope']

/** Slopes along v, w and v + w, or undefined where they do not add up: there is no derivative there. */
function linearSlopes(slope: SlopeAlong, v: Float64Array, w: Float64Array, scale: number, allowed: number) {
  const both = v.map((each, i) => each + w[i])
  const [sv, sw, sboth] = [v, w, both].map((direction) => slope(direction, scale))
  if (sv.kind === 'kink' || sw.kind === 'kink' || sboth.kind === 'kink') return undefined
  const room = 4 * (allowed + 3 * (sv.error + sw.error + sboth.error))
  return Math.abs(sv.value + sw.value - sboth.value) > room ? undefined : { v: sv.value, w: sw.value, room }
}

const secondLooks = 8

/** Why the law does not bind an operator whose gradient is another one's by design. */
export const surrogate = 'surrogate gradient'

/**
 * Slopes along v, w and v + w: where they do not add up there is no derivative, however smooth each line looks (the
 * median of three equal values). Compared are v and w; before a gradient is called wrong, more pairs are asked whether
 * there is one.
 */
function judgeDerivative(subject: Subject, sample: Sample & Labelled): Finding {
  const n = sample.values.length
  const u = normals(sample.random, subject.outputLength(n))
  const [v, w] = [normals(sample.random, n), normals(sample.random, n)]
  const { gradient } = subject.run(sample, u)
  const scale = largest(gradient)
  const { slope, hides } = slopeAlong(subject, sample, u)
  const allowed = 1e-6 * scale + 1e-9 * (1 + largest(subject.output(sample))) * largest(u)
  const found = linearSlopes(slope, v, w, scale, allowed)
  if (!found) return kink
  const off = Math.max(Math.abs(dot(gradient, v) - found.v), Math.abs(dot(gradient, w) - found.w))
  if (off <= found.room) return holds(off / found.room)
  if (hides(v, scale) || hides(w, scale)) return kink
  for (let look = 0; look < secondLooks; look++) {
    const [a, b] = [normals(sample.random, n), normals(sample.random, n)]
    if (!linearSlopes(slope, a, b, scale, allowed) || hides(a, scale)) return kink
  }
  return broken(`the slope is ${found.v}, the gradient says ${dot(gradient, v)} (cotangent [${Array.from(u)}])`)
}

/** Why the gradient of a subject has no slopes to be compared with. */
const withoutSlopes = ({ gradient, precision }: Subject): string | undefined =>
  gradient === 'surrogate' ? surrogate : precision === 'f32' ? 'f32 is held to f64' : undefined

export const derivative: Law = {
  name: 'vjp = finite differences',
  statement: 'the gradient is the slope of forward wherever forward has one; kinks are told apart and counted',
  rows: ['random', 'tied', 'distinct', 'random'],
  exempt: withoutSlopes,
  judge: (subject, sample) =>
    sample.kind === 'tied' && subject.promises.kinksAtTies ? silent : judgeDerivative(subject, sample),
}

/** One in five is 0; the others differ by up to a hundred times. */
const drawWeights = (sample: Sample): Float64Array =>
  sample.values.map(() => (sample.random.uniform() < 0.2 ? 0 : 10 ** (2 * sample.random.uniform() - 1)))

export const weighted: Law = {
  name: 'weights',
  statement: 'with item weights, some of them 0, the gradient is the slope of forward, and the kernel is the reference',
  rows: ['random', 'distinct'],
  exempt: (subject) => (subject.plan(2).weights ? withoutSlopes(subject) : 'takes no weights'),
  judge(subject, sample) {
    const weights = drawWeights(sample)
    // An operator may refuse a row that weighs nothing.
    weights[sample.random.integer(weights.length)] = 1
    const row = { ...sample, weights }
    const u = normals(sample.random, subject.outputLength(weights.length)).map(Math.fround)
    const fast = subject.run(row, u)
    const reference = subject.reference?.()
    const nudged = nudgedRow(subject, row)
    const compared =
      reference &&
      compareWithReference(subject, {
        values: row.values,
        u,
        fast,
        slow: reference.run(row, u),
        nudged: nudged && reference.run(nudged, u),
      })
    return compared?.kind === 'broken' ? compared : judgeDerivative(subject, row)
  },
}

/** Second derivatives magnify the noise of a difference of gradients by one over the step. */
const curvatureNoise = 1e-6

export const curvature: Law = {
  name: 'hvp = finite differences',
  statement: 'a second derivative by formula is the slope of the gradient, and symmetric',
  rows: ['random', 'distinct'],
  exempt(subject) {
    const reason = withoutSlopes(subject)
    if (reason !== undefined) return reason
    return (subject.reference?.() ?? subject).plan(2).curvature ? undefined : 'no second derivative by formula'
  },
  judge(given, sample) {
    const subject = given.reference?.() ?? given
    const n = sample.values.length
    const u = normals(sample.random, subject.outputLength(n))
    const [v, w] = [normals(sample.random, n), normals(sample.random, n)]
    const [along, across] = [subject.bend(sample, u, v)!, subject.bend(sample, u, w)!]
    const scale = largest(along, largest(across))
    const moved = Float64Array.from(sample.values)
    const gradientAlong = (t: number) => {
      for (let i = 0; i < n; i++) moved[i] = sample.values[i] + t * v[i]
      return dot(w, subject.run({ ...sample, values: moved }, u).gradient)
    }
    // What is far below the cotangent is rounding of the gradients that are subtracted.
    const noise = curvatureNoise * (scale + largest(subject.run(sample, u).gradient)) + 1e-9 * largest(u)
    const slope = slopeAtZero(gradientAlong, 2e-4, noise)
    if (slope.kind === 'kink') return kink
    const room = 4 * (noise * n + 3 * slope.error)
    const [found, other] = [dot(w, along), dot(v, across)]
    const off = Math.max(Math.abs(found - slope.value), Math.abs(found - other))
    if (off <= room) return holds(off / room)
    if (hidesKink(gradientAlong, 2e-4, noise)) return kink
    return broken(`the gradient moves by ${slope.value}, the second derivative says ${found}, and ${other} transposed`)
  },
}
