/**
 * G_i = w_i gain(y_i) / maxDCG, maxDCG the largest DCG that the weighted gains can reach: they, from the largest down,
 * times 1 / log2(1 + rank), summed over the first k. Weights are 1 where there are none; gain is 2^y - 1 unless told otherwise.
 */

import { valueError } from '../../core/errors.ts'
import { argsort, argsortWork } from './argsort.ts'

/** D(rank) = 1 / log2(1 + rank) at index rank - 1, for ranks 1..n. */
export const discounts = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => 1 / Math.log2(i + 2))

/** What a label is worth, and whether the ideal DCG divides. */
export interface GainScheme {
  /** 2^y - 1, y, or what a table says of whole labels from 0. */
  readonly gain: 'exp2' | 'linear' | Float64Array
  /** False: G_i = w_i gain(y_i). */
  readonly normalise: boolean
}

const usual: GainScheme = { gain: 'exp2', normalise: true }

const largestOf = (numbers: Float64Array): number => numbers.reduce((largest, x) => Math.max(largest, x), 0)

/** (2^y - 1) / 2^e. From label 1 on the difference loses no more than a digit; below it expm1 loses none. */
const exponential = (y: number, e: number): number =>
  y < 1 ? Math.expm1(y * Math.LN2) * 2 ** -e : 2 ** (y - e) - 2 ** -e

/** @throws RankBenchError(value) on a label that the table does not have */
function worthOf(table: Float64Array, y: number): number {
  if (Number.isInteger(y) && y < table.length) return table[y]
  throw valueError(
    `label ${y} has no gain: the table has those of labels 0 to ${table.length - 1}`,
    'write one for every label, e.g. gain=0x1x3x7x15',
  )
}

/**
 * A function that writes G for the current labels and weights and answers whether any item is relevant (a gain above 0) and
 * weighs; if none is, G means nothing. Where the ideal DCG divides, gains are scaled by a power of two and weights by the
 * largest, which cancels: 2^y alone overflows at label 1024. The power is that of the largest label that weighs.
 *
 * The function throws RankBenchError(value) on a label without a gain, or whose gain no number holds.
 */
export function createRelativeGains(
  labels: Float64Array,
  gains: Float64Array,
  cutoff = labels.length,
  weights: Float64Array = new Float64Array(labels.length).fill(1),
  { gain, normalise }: GainScheme = usual,
): () => boolean {
  const n = labels.length
  const order = new Uint32Array(n)
  const work = argsortWork(n)
  const discount = discounts(n)
  const count = Math.min(cutoff, n)

  /** The power of two that gains are scaled by. */
  function exponentOf(): number {
    if (gain !== 'exp2' || !normalise) return 0
    let largest = 0
    for (let i = 0; i < n; i++) if (weights[i] > 0) largest = Math.max(largest, labels[i])
    return Math.floor(largest)
  }

  function gainOf(y: number, exponent: number): number {
    if (gain === 'linear') return y
    const worth = gain === 'exp2' ? exponential(y, exponent) : worthOf(gain, y)
    if (worth < Number.POSITIVE_INFINITY) return worth
    throw valueError(`label ${y} has a gain of 2^${y} - 1, more than any number`, 'leave normalise=false out')
  }

  return () => {
    const heaviest = normalise ? largestOf(weights) : 1
    if (heaviest === 0) return false
    const exponent = exponentOf()
    for (let i = 0; i < n; i++) {
      const weight = weights[i] / heaviest
      gains[i] = weight === 0 ? 0 : weight * gainOf(labels[i], exponent)
    }
    argsort(gains, order, true, work)
    let maxDcg = 0
    for (let k = 0; k < count; k++) maxDcg += gains[order[k]] * discount[k]
    if (maxDcg === 0) return false
    if (normalise) for (let i = 0; i < n; i++) gains[i] /= maxDcg
    return true
  }
}
