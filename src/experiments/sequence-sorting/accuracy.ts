/** Whether scores put numbers into their order. Equal numbers may stand either way. */

import { orderOf } from './loss.ts'

export interface Accuracy {
  /** 1 where all numbers of a sequence are in their places, one a sequence. */
  readonly all: readonly number[]
  /** Share of the numbers that are in their places, one a sequence. */
  readonly each: readonly number[]
}

export function accuracyOf(scores: ArrayLike<number>, values: Float64Array, n: number): Accuracy {
  const all: number[] = []
  const each: number[] = []
  for (let start = 0; start < values.length; start += n) {
    const [found, wanted] = [orderOf(scores, start, n, false), orderOf(values, start, n, false)]
    const right = found.filter((item, position) => values[start + item] === values[start + wanted[position]]).length
    all.push(right === n ? 1 : 0)
    each.push(right / n)
  }
  return { all, each }
}
