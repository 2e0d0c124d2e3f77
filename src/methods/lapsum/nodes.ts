/**
 * The items of a row in order, with the exponential sums on which every LapSum operator rests. For r ascending:
 *
 *   decay_j = e^(-(r_(j+1) - r_j) / alpha)
 *   left_j  = sum over i <= j of e^(-(r_j - r_i) / alpha) = 1 + decay_(j-1) left_(j-1)
 *   right_j = sum over i >= j of e^(-(r_i - r_j) / alpha) = 1 + decay_j right_(j+1)
 *
 * Only gaps enter and every factor is at most 1: no offset costs accuracy and nothing overflows.
 */

import { argsort, argsortWork } from '../numerics/argsort.ts'

export interface Nodes {
  readonly n: number
  /** 1, or -1 where position 1 is the largest value: everything below is about r = sign x. */
  readonly sign: 1 | -1
  readonly alpha: number
  /** order[j] is the item at position j. */
  readonly order: Uint32Array
  /** r, ascending. */
  readonly sorted: Float64Array
  /** n - 1 of them are in use. */
  readonly decay: Float64Array
  readonly left: Float64Array
  readonly right: Float64Array
  /** Reads x. */
  prepare(): void
}

/** e^(-gap / alpha); at alpha 0 its limit, in which only ties feel each other. */
const decayOf = (gap: number, alpha: number): number => (gap === 0 ? 1 : Math.exp(-gap / alpha))

/** F-Sum(r_j), the sum over i of F((r_j - r_i) / alpha), F the distribution function of Laplace; positions from 0. */
export const heightAt = ({ left, right }: Nodes, j: number): number => j + 0.5 + 0.5 * (right[j] - left[j])

export function nodesOf(x: Float64Array, alpha: number, sign: 1 | -1): Nodes {
  const n = x.length
  const order = new Uint32Array(n)
  const work = argsortWork(n)
  const [sorted, decay, left, right] = Array.from({ length: 4 }, () => new Float64Array(n))
  return {
    n,
    sign,
    alpha,
    order,
    sorted,
    decay,
    left,
    right,
    prepare() {
      argsort(x, order, sign < 0, work)
      for (let j = 0; j < n; j++) sorted[j] = sign * x[order[j]]
      for (let j = 0; j < n - 1; j++) decay[j] = decayOf(sorted[j + 1] - sorted[j], alpha)
      for (let j = 0; j < n; j++) left[j] = j > 0 ? 1 + decay[j - 1] * left[j - 1] : 1
      for (let j = n - 1; j >= 0; j--) right[j] = j < n - 1 ? 1 + decay[j] * right[j + 1] : 1
    },
  }
}
