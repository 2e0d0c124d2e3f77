/** What the output must be, whatever the strength: sums, order, ranges, and the hard operator in the limit. */

import { factsOf } from '../../core/operators.ts'
import type { Params } from '../../core/params.ts'
import { atSoftness } from '../../core/softness.ts'
import { broken, expectClose, type Finding, holds, type Law, largest, silent } from '../law.ts'
import { indicesByValue } from '../order.ts'
import type { Labelled, Subject } from '../subject.ts'

const sum = (numbers: ArrayLike<number>): number => {
  let total = 0
  for (let i = 0; i < numbers.length; i++) total += numbers[i]
  return total
}

const ascending = (numbers: ArrayLike<number>): Float64Array => Float64Array.from(numbers).sort()

/** What the entries of a row must add up to. */
function expectedSum(subject: Subject, { values }: Labelled): number {
  const n = values.length
  if (subject.promises.sum === 'values') return sum(values)
  if (subject.promises.sum === 'ranks') return (n * (n + 1)) / 2
  return Math.min(n, Number(subject.ref.params.k))
}

export const sums: Law = {
  name: 'sum',
  statement: 'the entries of a row add up to what is promised: the sum of the values, of 1..n, or k',
  rows: ['random', 'tied', 'nearly equal', 'distinct'],
  exempt: ({ promises }) => (promises.sum ? undefined : 'no sum promised'),
  judge(subject, sample) {
    const output = subject.output(sample)
    const size = largest(output, largest(sample.values, 1)) * output.length
    return expectClose([sum(output)], [expectedSum(subject, sample)], 8 * subject.rounding * size)
  },
}

export const stochastic: Law = {
  name: 'stochastic',
  statement: 'entries lie in [0, 1]; rows sum to 1, and columns too where promised',
  rows: ['random', 'tied', 'nearly equal', 'distinct'],
  exempt: ({ promises }) => (promises.stochastic ? undefined : 'not promised'),
  judge(subject, sample) {
    const output = subject.output(sample)
    const n = sample.values.length
    const allowed = 8 * n * subject.rounding
    const outside = output.findIndex((p) => !(p >= -allowed && p <= 1 + allowed))
    if (outside >= 0) return broken(`entry ${outside} is ${output[outside]}; expected a number in [0, 1]`)
    const rows = Array.from({ length: n }, (_, i) => sum(output.subarray(i * n, (i + 1) * n)))
    const columns = Array.from({ length: n }, (_, j) => sum(Array.from({ length: n }, (_, i) => output[i * n + j])))
    const sums = subject.promises.stochastic === 'rows' ? rows : [...rows, ...columns]
    return expectClose(sums, new Array(sums.length).fill(1), allowed)
  },
}

/** x_i > x_j implies y_i >= y_j (the other way round in descending ranks and top-k of the smallest). */
function outOfOrder(subject: Subject, { values }: Labelled, output: Float64Array, allowed: number): string | undefined {
  const order = indicesByValue(values)
  const rising = (subject.operator === 'topk') === (subject.ref.params.direction === 'descending')
  for (let k = 1; k < order.length; k++) {
    const [low, high] = [order[k - 1], order[k]]
    if (values[low] === values[high]) continue
    const step = output[high] - output[low]
    if ((rising ? step : -step) < -allowed) return `items ${low} and ${high} come out in the wrong order`
  }
  return undefined
}

function unsorted(subject: Subject, output: Float64Array, allowed: number): string | undefined {
  const sign = subject.ref.params.direction === 'descending' ? -1 : 1
  const at = output.findIndex((value, i) => i > 0 && sign * (value - output[i - 1]) < -allowed)
  return at < 0 ? undefined : `entries ${at - 1} and ${at} are out of order: ${output[at - 1]}, ${output[at]}`
}

export const ordered: Law = {
  name: 'ordered',
  statement: 'rank, topk: larger values do not get smaller entries; sort: entries are in order of positions',
  rows: ['random', 'tied', 'nearly equal', 'distinct'],
  exempt: ({ promises }) => (promises.ordered ? undefined : 'not promised'),
  judge(subject, sample) {
    const output = subject.output(sample)
    const allowed = 8 * subject.rounding * largest(output, 1)
    const wrong =
      factsOf(subject.operator).by === 'position'
        ? unsorted(subject, output, allowed)
        : outOfOrder(subject, sample, output, allowed)
    return wrong === undefined ? holds(0) : broken(wrong)
  },
}

export const majorised: Law = {
  name: 'majorised',
  statement: 'the k largest entries never sum to more than the k largest values (sort) or ranks (rank)',
  rows: ['random', 'tied', 'nearly equal', 'distinct'],
  exempt: ({ promises }) => (promises.majorised ? undefined : 'not promised'),
  judge(subject, sample) {
    const output = ascending(subject.output(sample)).reverse()
    const n = output.length
    const vertex =
      factsOf(subject.operator).unit === 'values' ? ascending(sample.values).reverse() : output.map((_, i) => n - i)
    const allowed = 8 * n * subject.rounding * largest(vertex, 1)
    let [ours, theirs] = [0, 0]
    for (let k = 0; k < n; k++) {
      ours += output[k]
      theirs += vertex[k]
      if (ours > theirs + allowed) return broken(`the ${k + 1} largest entries sum to ${ours}, more than ${theirs}`)
    }
    return holds(0)
  },
}

const withSoftness = (subject: Subject, softness: number): Params | undefined =>
  atSoftness(subject.spec, subject.ref.params, softness)

export const hardLimit: Law = {
  name: 'hard limit',
  statement: 'towards softness 0 the output is that of the hard operator, on rows without ties',
  rows: ['distinct'],
  exempt: ({ promises, hard, gradient }) =>
    promises.hardLimit && promises.softness && hard
      ? undefined
      : gradient === 'surrogate'
        ? 'the output is the hard one'
        : 'not promised',
  judge(subject, sample) {
    const params = withSoftness(subject, 1e-9)
    if (!params) return silent
    const found = subject.with({ params }).output(sample)
    const allowed = Math.max(1e-6, subject.rounding)
    return expectClose(found, subject.hard!().output(sample), allowed * largest(sample.values, sample.values.length))
  },
}

/** Hard just below the threshold, soft just above. */
export const hardThreshold: Law = {
  name: 'exact hardness',
  statement: 'the output is hard if the softness is at most the known threshold, and not hard above it',
  rows: ['distinct', 'random'],
  exempt: ({ promises, hard }) => (promises.hardUpTo && promises.softness && hard ? undefined : 'no known threshold'),
  judge(subject, sample): Finding {
    const threshold = subject.promises.hardUpTo!(ascending(sample.values), subject.ref.params)
    if (!(threshold > 1e-6 && threshold < 1e6)) return silent
    const [below, above] = [0.999 * threshold, 1.01 * threshold].map((softness) => withSoftness(subject, softness))
    if (!below || !above) return silent
    const expected = subject.hard!().output(sample)
    const allowed = 64 * subject.rounding * largest(expected, 1)
    const within = expectClose(subject.with({ params: below }).output(sample), expected, allowed)
    if (within.kind === 'broken')
      return broken(`at softness ${0.999 * threshold}, below the threshold: ${within.detail}`)
    const beyond = expectClose(subject.with({ params: above }).output(sample), expected, 1e-7 * largest(expected, 1))
    return beyond.kind === 'broken' ? within : broken(`still hard at softness ${1.01 * threshold}, above the threshold`)
  },
}
