/** What happens to the output when the row is permuted, shifted, scaled, or has ties. */

import { factsOf } from '../../core/operators.ts'
import { broken, expectClose, type Finding, holds, type Law, largest, silent } from '../law.ts'
import { normals, type Sample } from '../sample.ts'
import type { Labelled, Passes, Subject } from '../subject.ts'

/** Entry k of the result is entry order[k] of `of`. */
const take = (of: ArrayLike<number>, order: readonly number[]): Float64Array => Float64Array.from(order, (i) => of[i])

/** The output, or a cotangent of it, of the permuted row. */
function permuteOutput(subject: Subject, output: Float64Array, order: readonly number[]): Float64Array {
  const facts = factsOf(subject.operator)
  if (facts.by === 'item') return take(output, order)
  if (facts.output !== 'pair') return output
  const n = order.length
  return Float64Array.from(output, (_, at) => output[Math.floor(at / n) * n + order[at % n]])
}

const permuted = ({ values, labels }: Labelled, order: readonly number[]): Labelled => ({
  values: take(values, order),
  labels: take(labels, order),
})

export const symmetry: Law = {
  name: 'permutation',
  statement: 'items may come in any order: output and gradient are permuted with them',
  rows: ['distinct'],
  exempt: ({ promises }) => (promises.symmetric === false ? 'depends on the order of items' : undefined),
  judge(subject, sample) {
    const n = sample.values.length
    // Labels without ties: some losses break ties of labels by position.
    const straight = { values: sample.values, labels: Float64Array.from({ length: n }, (_, i) => (i * 7) % 11) }
    const order = sample.random.shuffle(Array.from({ length: n }, (_, i) => i))
    const u = normals(sample.random, subject.outputLength(n))
    const there = subject.run(straight, u)
    const back = subject.run(permuted(straight, order), permuteOutput(subject, u, order))
    const allowed = (passes: Float64Array) => 16 * subject.rounding * largest(passes, 1)
    const outputs = expectClose(back.output, permuteOutput(subject, there.output, order), allowed(there.output))
    if (outputs.kind === 'broken') return outputs
    return expectClose(back.gradient, take(there.gradient, order), allowed(there.gradient))
  },
}

/** Entries of the output that belong to two items. */
function entriesOf(subject: Subject, n: number, item: number): number[] {
  return factsOf(subject.operator).output === 'pair' ? Array.from({ length: n }, (_, i) => i * n + item) : [item]
}

export const ties: Law = {
  name: 'ties',
  statement: 'items with equal values get equal entries',
  rows: ['tied'],
  exempt: ({ operator, promises }) =>
    factsOf(operator).by !== 'item' && factsOf(operator).output !== 'pair'
      ? 'entries are not those of items'
      : promises.ties === 'by position'
        ? 'ties are broken by position'
        : undefined,
  judge(subject, sample) {
    const { values } = sample
    const output = subject.output(sample)
    const allowed = 16 * subject.rounding * largest(output, 1)
    let finding: Finding = silent
    for (let i = 0; i < values.length; i++) {
      const j = values.indexOf(values[i])
      if (j === i) continue
      const [mine, other] = [i, j].map((item) => entriesOf(subject, values.length, item).map((at) => output[at]))
      finding = expectClose(mine, other, allowed)
      if (finding.kind === 'broken') return broken(`items ${j} and ${i} are tied: ${finding.detail}`)
    }
    return finding
  },
}

/** Multiples of 1/64: the shifted values are exact, in f32 as well. */
const coarse = (values: Float64Array): Float64Array => values.map((x) => Math.round(x * 64) / 64)
const offset = 4096

/**
 * @param anyAtTies where tied values may be a kink, at which shifted values that are rounded otherwise may take the other side:
 * gradients are compared on rows without ties
 */
export const shiftOf = (anyAtTies: boolean): Law => ({
  name: 'shift',
  statement: 'a constant added to a row moves the output with it, or leaves it, as promised; gradients stay',
  rows: ['random', 'tied', 'distinct'],
  exempt: ({ promises }) => (promises.shift ? undefined : 'not promised'),
  judge(subject, sample) {
    const values = coarse(sample.values)
    const u = normals(sample.random, subject.outputLength(values.length))
    const near = subject.run({ ...sample, values }, u)
    const far = subject.run({ ...sample, values: values.map((x) => x + offset) }, u)
    const moved = subject.promises.shift === 'moves' ? near.output.map((y) => y + offset) : near.output
    const allowed = (passes: Float64Array) => offset * subject.rounding * largest(passes, 1)
    const outputs = expectClose(far.output, moved, allowed(near.output))
    if (outputs.kind === 'broken' || (anyAtTies && sample.kind === 'tied' && factsOf(subject.operator).unit !== 'loss'))
      return outputs
    return expectClose(far.gradient, near.gradient, allowed(near.gradient))
  },
})

export const shift = shiftOf(false)

/** Degree of the output in the values: sorted values carry their unit, ranks and masks have none. */
function degree({ operator, ref }: Subject): 0 | 1 {
  return factsOf(operator).unit === 'values' || (ref.params.form ?? 'mask') !== 'mask' ? 1 : 0
}

export const unit: Law = {
  name: 'scale',
  statement: 'values and softness in another unit give the same answer in that unit',
  rows: ['random', 'tied', 'distinct'],
  exempt: ({ promises }) =>
    promises.softness && promises.softness.scales !== false ? undefined : 'the parameter has no unit',
  judge(subject, sample) {
    const { param, units } = subject.promises.softness!
    const softness = subject.ref.params[param]
    // Powers of two: nothing is rounded on the way.
    const factor = 2 ** (sample.random.integer(61) - 30)
    const value = Number(softness) * factor ** units
    const space = subject.spec.params[param]
    if (space.kind !== 'number' || (space.max !== undefined && value > space.max)) return silent
    const scaled = subject.with({ params: { ...subject.ref.params, [param]: value } })
    const expected = subject.output(sample)
    const found = scaled.output({ ...sample, values: sample.values.map((x) => x * factor) })
    const back = degree(subject) === 1 ? found.map((y) => y / factor) : found
    return expectClose(back, expected, 16 * subject.rounding * largest(expected, 1))
  },
}

/** Derivative of the output along one item, by forward mode or, without one, a column of gradients. */
function column(subject: Subject, sample: Sample, j: number): Float64Array {
  const n = sample.values.length
  const direction = Float64Array.from({ length: n }, (_, i) => (i === j ? 1 : 0))
  const pushed = subject.push(sample, direction)
  if (pushed) return pushed
  const length = subject.outputLength(n)
  const gradientOf = (i: number): Passes =>
    subject.run(
      sample,
      Float64Array.from({ length }, (_, k) => (k === i ? 1 : 0)),
    )
  return Float64Array.from({ length }, (_, i) => gradientOf(i).gradient[j])
}

/** The derivative that must not be negative and is, as text. */
function falling(subject: Subject, sample: Sample): string | undefined {
  const { operator, ref } = subject
  const rising = (operator === 'topk') === (ref.params.direction === 'descending') ? 1 : -1
  for (let j = 0; j < sample.values.length; j++) {
    const slopes = column(subject, sample, j)
    const allowed = 16 * subject.rounding * largest(slopes, 1e-6)
    const own = factsOf(operator).unit === 'values' ? slopes : [rising * slopes[j]]
    const at = own.findIndex((slope) => slope < -allowed)
    if (at >= 0)
      return `entry ${factsOf(operator).by === 'position' ? at : j} falls by ${-own[at]} a unit when value ${j} grows`
  }
  return undefined
}

export const monotone: Law = {
  name: 'monotone',
  statement: 'no sorted value falls when a value grows; no rank or mask entry moves against its own value',
  rows: ['random', 'distinct', 'tied'],
  exempt: ({ promises }) =>
    promises.monotone === true ? undefined : promises.monotone === false ? 'not monotone' : 'not promised',
  judge(subject, sample) {
    const found = falling(subject, sample)
    return found === undefined ? holds(0) : broken(found)
  },
}

/** Where a method says it is not monotone, a row that shows it. */
export function findFalling(subject: Subject, samples: Iterable<Sample>): string | undefined {
  for (const sample of samples) {
    const found = falling(subject, sample)
    if (found) return `row [${Array.from(sample.values)}]: ${found}`
  }
  return undefined
}
