/** Whether scores put numbers into their order. Equal numbers may stand either way. */

import type { Measures } from '../../core/measure.ts'
import type { Observation } from '../../core/result.ts'
import { sampled } from '../facts.ts'
import { share } from '../training/outcome.ts'
import { orderOf } from './loss.ts'

export interface Accuracy {
  /** 1 where all numbers of a sequence are in their places, one a sequence. */
  readonly all: readonly number[]
  /** Share of the numbers that are in their places, one a sequence. */
  readonly each: readonly number[]
  /** 1 where the first five of a sequence, ranked among themselves, are in their places; none of shorter sequences. */
  readonly five: readonly number[]
}

/** Of the numbers from `start` to `start + n`, how many are in their places. */
function inPlace(scores: ArrayLike<number>, values: Float64Array, start: number, n: number): number {
  const [found, wanted] = [orderOf(scores, start, n, false), orderOf(values, start, n, false)]
  return found.filter((item, position) => values[start + item] === values[start + wanted[position]]).length
}

/** Sequences of any length are compared by as many of their numbers. */
const few = 5

export function accuracyOf(scores: ArrayLike<number>, values: Float64Array, n: number): Accuracy {
  const starts = Array.from({ length: values.length / n }, (_, i) => i * n)
  const right = starts.map((start) => inPlace(scores, values, start, n))
  const isSorted = (count: number, of: number): number => (count === of ? 1 : 0)
  return {
    all: right.map((count) => isSorted(count, n)),
    each: right.map((count) => count / n),
    five: n < few ? [] : starts.map((start) => isSorted(inPlace(scores, values, start, few), few)),
  }
}

/** What is reported of the test part. */
export const accuracyObservations = ({ all, each, five }: Accuracy): Observation[] => [
  sampled('permutation-accuracy', all, 'higher'),
  sampled('element-accuracy', each, 'higher'),
  ...(five.length > 0 ? [sampled('em5', five, 'higher')] : []),
]

export const accuracyMeasures: Measures = {
  'permutation-accuracy': share('test sequences all of whose numbers are in their places; one sample a sequence'),
  'element-accuracy': share('numbers of test sequences that are in their places; one sample a sequence'),
  em5: share(
    'test sequences whose first five numbers, ranked among themselves, are in their places, whatever n the network was trained at (EM5: Petersen et al., ICML 2021); one sample a sequence',
  ),
}
