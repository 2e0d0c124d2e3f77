/** The engine's kernels for losses (listwise.as.ts, pointwise.as.ts, pairwise.as.ts, approx-metric.as.ts, sorted-gains.as.ts, ...). */

import type { Params } from '../../core/params.ts'
import type { Ref } from '../../core/selector.ts'
import { itemCount, type Shape } from '../../core/shape.ts'
import type { KernelSpec } from '../../engine/kernel-plan.ts'
import type { DescribeKernels } from '../kit/fast-plan.ts'
import { ifHonoured } from '../kit/honoured.ts'
import { discounts } from '../numerics/relative-gains.ts'
import { algorithms, tableFor } from '../sigmoid/host.ts'
import { indicatorKernels } from '../smoothi/host.ts'
import { operatorsOf } from '../value-methods.ts'

const longestOf = ({ offsets }: Shape): number =>
  offsets.reduce((longest, end, q) => (q === 0 ? 0 : Math.max(longest, end - offsets[q - 1])), 0)

/** What every loss has: forward leaves the gradient, backward scales it. */
const lossKernels = (shape: Shape, forward: string): Omit<KernelSpec, 'integers'> => ({
  forward,
  backward: 'scaleGradients',
  scratch: `${forward}Scratch`,
  stateBytes: 8 * itemCount(shape),
})

const listwiseKinds = ['listnet', 'softmax', 'listmle'] as const

export const listwiseKernels =
  (kind: (typeof listwiseKinds)[number]): DescribeKernels =>
  (shape) => ({
    ...lossKernels(shape, 'listwise'),
    integers: [listwiseKinds.indexOf(kind)],
    checksList: kind !== 'listmle',
  })

const pointwiseKinds = ['mse', 'bce', 'ordinal'] as const

export const pointwiseKernels =
  (kind: (typeof pointwiseKinds)[number]): DescribeKernels =>
  (shape, params) => ({
    ...lossKernels(shape, 'pointwise'),
    integers: [pointwiseKinds.indexOf(kind)],
    numbers: [(params.levels as number | undefined) ?? 0],
    checksList: true,
  })

/** Discounts of ranks 1..N, and delta of rank differences 0..N - 1; N a power of two, so that plans share tables. */
const rankTables = new Map<number, Float64Array>()

function rankTable(longest: number): { readonly table: Float64Array; readonly length: number } {
  const length = 2 ** Math.ceil(Math.log2(Math.max(2, longest) + 1))
  const known = rankTables.get(length)
  if (known) return { table: known, length }
  const table = new Float64Array(2 * length)
  table.set(discounts(length))
  for (let d = 1; d < length; d++) table[length + d] = table[d - 1] - table[d]
  rankTables.set(length, table)
  return { table, length }
}

const pairFunctions = ['logistic', 'hinge', 'kendall'] as const
const pairWeights = ['item', 'lambdarank', 'ndcg1', 'ndcg2', 'ndcg2pp'] as const

export interface PairKernels {
  readonly phi: (typeof pairFunctions)[number]
  readonly weights: (typeof pairWeights)[number]
  /** Steepness of logistic and kendall, margin of hinge. */
  readonly steepness: number
  readonly mu?: number
  /** Ranks that count in NDCG; 0 all. */
  readonly cutoff?: number
}

export function pairwiseKernels(
  shape: Shape,
  { phi, weights, steepness, mu = 0, cutoff = 0 }: PairKernels,
): KernelSpec {
  const { table, length } = rankTable(longestOf(shape))
  return {
    ...lossKernels(shape, 'pairwise'),
    integers: [pairFunctions.indexOf(phi), pairWeights.indexOf(weights), cutoff, length],
    numbers: [steepness, mu],
    table,
    power: 2,
  }
}

/** Discounts with the table of the fast sum behind them, by length and table. */
const joined = new Map<string, Float64Array>()

function joinTables(longest: number, fastSum: Float64Array | undefined): { table: Float64Array; length: number } {
  const { table, length } = rankTable(longest)
  if (!fastSum) return { table, length }
  const key = `${length}/${fastSum.length}`
  const both = joined.get(key) ?? new Float64Array(length + fastSum.length)
  if (!joined.has(key)) {
    both.set(table.subarray(0, length))
    both.set(fastSum, length)
    joined.set(key, both)
  }
  return { table: both, length }
}

export const approxMetricKernels =
  (metric: 'ndcg' | 'mrr'): DescribeKernels =>
  (shape, params, precision) => {
    const fastSum = tableFor(shape, precision, params.algorithm)
    const { table, length } = joinTables(longestOf(shape), fastSum)
    return {
      ...lossKernels(shape, 'approxMetric'),
      integers: [metric === 'ndcg' ? 0 : 1, algorithms.indexOf(params.algorithm as never), length, fastSum ? 1 : 0],
      numbers: [1 / (params.alpha as number)],
      table,
      algorithms,
      power: 2,
    }
  }

/** A recursion of one item keeps a row a neighbour: longer lists than this are left to the reference. */
const longestSoftNdcg = 4096

export const softNdcgKernels: DescribeKernels = (shape, params) => {
  const longest = longestOf(shape)
  if (params.sigma === 0 || longest > longestSoftNdcg) return undefined
  return {
    ...lossKernels(shape, 'softNdcg'),
    integers: [],
    numbers: [Math.SQRT2 * (params.sigma as number)],
    table: rankTable(longest).table,
    power: 3,
  }
}

/** NeuralNDCG keeps a matrix a list: longer ones than this are left to the reference. */
const longestSortedGains = 4096

export const sortedGainsKernels =
  (kind: 'pirank' | 'neural-ndcg'): DescribeKernels =>
  (shape, params) => {
    const longest = longestOf(shape)
    const streamed = kind === 'pirank'
    // The transposed sum is the same number.
    void params.transposed
    if ((streamed && params.depth !== 1) || (!streamed && longest > longestSortedGains)) return undefined
    return {
      ...lossKernels(shape, 'sortedGains'),
      ...(streamed ? { scratch: 'piRankScratch' } : { fact: 'residual' }),
      integers: [0, streamed ? 0 : 1, params.k as number],
      numbers: [params.tau as number, -1],
      table: rankTable(longest).table,
      power: 2,
    }
  }

export const smoothiKernels =
  (metric: 'ndcg' | 'precision'): DescribeKernels =>
  (shape, params) => {
    const longest = longestOf(shape)
    const indicators = indicatorKernels(longest, params)
    if (!indicators) return undefined
    const [_, stops] = indicators.integers
    return {
      ...lossKernels(shape, 'smoothiLoss'),
      ...indicators,
      integers: [metric === 'ndcg' ? 0 : 1, stops, params.k as number],
      numbers: [...indicators.numbers, 1],
      table: rankTable(longest).table,
    }
  }

/** Modes of the rows of the permutation; others have no kernel of their own. */
function rowMode(name: string, params: Params): number | undefined {
  if (params.tau === 0) return undefined
  if (name === 'matrix:softsort') return params.power === 1 ? 2 : 1
  return name === 'matrix:neuralsort' && params.samples === 0 ? 0 : undefined
}

/** Rows from the largest value down. */
function rowsOf({ name, params }: Ref): { readonly mode: number; readonly tau: number } | undefined {
  const space = operatorsOf('matrix').get(name)!.params
  return ifHonoured(space, params, (watched) => {
    const mode = watched.direction === 'descending' ? rowMode(name, watched) : undefined
    return mode === undefined ? undefined : { mode, tau: watched.tau as number }
  })
}

const sharedTables = new Map<string, Float64Array>()

/** The same numbers as one table, whichever plan they are of. */
function sharedTable(numbers: Float64Array): Float64Array {
  const key = numbers.join()
  const known = sharedTables.get(key) ?? numbers
  sharedTables.set(key, known)
  return known
}

/** Cross entropies of a relaxed permutation; `ofFirst`, of the first rows: P(K >= k) of each, then P(K = k). */
export function permutationKernels(shape: Shape, ref: Ref, ofFirst?: Float64Array): KernelSpec | undefined {
  const rows = rowsOf(ref)
  if (!rows) return undefined
  return {
    ...lossKernels(shape, 'permutationLoss'),
    integers: [rows.mode, ofFirst ? 1 : 0, (ofFirst?.length ?? 0) / 2],
    numbers: [rows.tau, -1],
    table: ofFirst && sharedTable(ofFirst),
    power: 2,
  }
}
