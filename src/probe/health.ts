/**
 * What shape the answer of an operator is in: facts about one forward and backward pass that say whether a model could
 * learn through it. Numbers have no unit: 1 is one standard deviation of the values.
 */

import { factsOf, type Operator } from '../core/operators.ts'
import type { Shape } from '../core/shape.ts'

export interface Health {
  /** Share of output and gradient entries that are NaN or infinite. */
  readonly notFinite: number
  /**
   * |gradient| a unit of cotangent, when values are counted in standard deviations and ranks in list lengths. Of a loss
   * it is the gradient in the scores as they are: their size is the model's own.
   */
  readonly slope: number
  /** Share of items whose gradient is below a millionth of the largest slope that is to be expected. */
  readonly saturated: number
  /** Share of neighbours by value that differ and come out equal (sort, rank, topk). */
  readonly pooled: number
}

export interface Passed {
  readonly operator: Operator
  readonly shape: Shape
  readonly values: ArrayLike<number>
  readonly output: ArrayLike<number>
  readonly cotangent: ArrayLike<number>
  readonly gradient: ArrayLike<number>
}

/** Below this slope an item learns nothing: a step of 1 / 20 along it is less than f32 resolves at values of size 1. */
const deadSlope = 1e-6

function norm(numbers: ArrayLike<number>): number {
  let squares = 0
  for (let i = 0; i < numbers.length; i++) squares += numbers[i] * numbers[i]
  return Math.sqrt(squares)
}

function shareNotFinite(...arrays: readonly ArrayLike<number>[]): number {
  let [count, bad] = [0, 0]
  for (const array of arrays) {
    for (let i = 0; i < array.length; i++) if (!Number.isFinite(array[i])) bad++
    count += array.length
  }
  return count === 0 ? 0 : bad / count
}

/** Root mean square over the rows of the standard deviations within them; 0 when no row has two different values. */
export function spread(values: ArrayLike<number>, { offsets }: Shape): number {
  let [sum, rows] = [0, 0]
  for (let q = 0; q + 1 < offsets.length; q++) {
    const n = offsets[q + 1] - offsets[q]
    if (n < 2) continue
    let mean = 0
    for (let i = offsets[q]; i < offsets[q + 1]; i++) mean += values[i] / n
    for (let i = offsets[q]; i < offsets[q + 1]; i++) sum += (values[i] - mean) ** 2 / n
    rows++
  }
  return rows === 0 ? 0 : Math.sqrt(sum / rows)
}

/** Items of a row by value. */
const byValue = (values: ArrayLike<number>, start: number, end: number): number[] =>
  Array.from({ length: end - start }, (_, i) => start + i).sort((a, b) => values[a] - values[b])

/** Sort answers by position: its neighbours are neighbouring entries. Ranks and masks answer by item. */
function sharePooled({ operator, shape, values, output }: Passed, size: number): number {
  const { output: entries, by } = factsOf(operator)
  if (entries !== 'item') return 0
  const { offsets } = shape
  let [pairs, pooled] = [0, 0]
  for (let q = 0; q + 1 < offsets.length; q++) {
    const order = byValue(values, offsets[q], offsets[q + 1])
    for (let k = 1; k < order.length; k++) {
      if (!(values[order[k]] - values[order[k - 1]] > 1e-6 * size)) continue
      const [low, high] = by === 'position' ? [offsets[q] + k - 1, offsets[q] + k] : [order[k - 1], order[k]]
      pairs++
      const unit = by === 'position' ? size : 1
      if (Math.abs(output[high] - output[low]) <= 1e-9 * unit) pooled++
    }
  }
  return pairs === 0 ? 0 : pooled / pairs
}

/** Facts about the last passes of a plan; `cotangent` should be random, or what training used. */
export function healthOf(passed: Passed): Health {
  const { operator, shape, values, output, cotangent, gradient } = passed
  const size = spread(values, shape)
  const rows = Math.max(1, shape.offsets.length - 1)
  const { unit: kind } = factsOf(operator)
  const length = kind === 'ranks' ? values.length / rows : 1
  const unit = (kind === 'values' || kind === 'loss' ? 1 : size) / Math.max(1, length)
  const upstream = norm(cotangent)
  const largest = upstream / Math.sqrt(Math.max(1, cotangent.length))
  let dead = 0
  for (let i = 0; i < gradient.length; i++) if (!(Math.abs(gradient[i]) * unit > deadSlope * largest)) dead++
  return {
    notFinite: shareNotFinite(output, gradient),
    slope: upstream === 0 ? 0 : (norm(gradient) * unit) / upstream,
    saturated: gradient.length === 0 ? 0 : dead / gradient.length,
    pooled: sharePooled(passed, size),
  }
}

/** What a person calls it, worst first. */
export type State = 'not finite' | 'exploding' | 'vanished' | 'saturated' | 'healthy'

/** The hard sort has slope 1. At a rate of 0.001, a usual one, this moves values by their own size in a step. */
const explodingSlope = 1e3
/** At a rate of 1, a large one, it takes ten thousand steps to move values by their own size. */
const vanishedSlope = 1e-4

export function stateOf({ notFinite, slope, saturated }: Health): State {
  if (notFinite > 0) return 'not finite'
  if (slope > explodingSlope) return 'exploding'
  if (slope < vanishedSlope) return 'vanished'
  return saturated > 0.5 ? 'saturated' : 'healthy'
}
