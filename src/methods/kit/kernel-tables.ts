/** Constants that kernels read, by name. The same numbers are the same array, so that plans share one copy in engine memory. */

import type { Params } from '../../core/params.ts'
import { type Precision, rowLengths, type Shape } from '../../core/shape.ts'
import { discounts } from '../numerics/relative-gains.ts'
import { fastSumTable } from '../sigmoid/chebyshev.ts'

/** Rows shorter than this never pay for the moments of the fast sum. */
const shortestFastSum = 192

/** Lengths of tables are powers of two, so that batches of about one length share them. */
const lengthFor = (shape: Shape): number => 2 ** Math.ceil(Math.log2(Math.max(2, longestOf(shape)) + 1))

export const longestOf = (shape: Shape): number => rowLengths(shape).reduce((longest, n) => Math.max(longest, n), 0)

function once(make: (length: number) => Float64Array): (shape: Shape) => Float64Array {
  const known = new Map<number, Float64Array>()
  return (shape) => {
    const length = lengthFor(shape)
    const table = known.get(length) ?? make(length)
    known.set(length, table)
    return table
  }
}

/** By how much the discounts of two neighbours at rank difference d differ: discount(d) - discount(d + 1), 0 at d = 0. */
function discountDeltas(length: number): Float64Array {
  const table = discounts(length)
  return Float64Array.from({ length }, (_, d) => (d === 0 ? 0 : table[d - 1] - table[d]))
}

export const kernelTables = {
  /** 1 / log2(1 + r) of ranks r = 1, 2, ... */
  discounts: once(discounts),
  'discount-deltas': once(discountDeltas),
  /** Chebyshev series of the logistic function (sigmoid/chebyshev.ts), where a row may want them. */
  'fast-sum'(shape: Shape, precision: Precision, { algorithm }: Params): Float64Array | undefined {
    const wanted = algorithm === 'fast-sum' || (algorithm === 'auto' && longestOf(shape) >= shortestFastSum)
    return wanted ? fastSumTable(precision) : undefined
  },
} as const satisfies Record<string, (shape: Shape, precision: Precision, params: Params) => Float64Array | undefined>

export type KernelTable = keyof typeof kernelTables

/** What each holds, for hosts that make them by themselves. Where one may be left out, 0 stands for its address. */
export const kernelTableMeanings = {
  discounts: 'f64: entry r - 1 is 1 / log2(1 + r), for ranks r = 1 up to at least one more than the longest row',
  'discount-deltas': 'f64, as long: entry d is discount(d) - discount(d + 1), 0 at d = 0',
  'fast-sum': 'may be left out: rows are summed pair by pair then; else the series of src/methods/sigmoid/chebyshev.ts',
} as const satisfies Record<KernelTable, string>
