/** Constants that kernels read, by name: exports of their module write them, so that all hosts have the same bits. As data, for hosts. */

import type { When } from '../../core/kernel-variant.ts'
import { longestRow, type Precision, type Shape } from '../../core/shape.ts'
import type { tableWriters } from '../../engine/kernel-table.ts'
import type { WrittenTable } from '../../engine/tables.ts'

/** Where a table is wanted; elsewhere 0 stands for its address. */
export interface TableWanted {
  readonly when: When
  /** The longest row has at least so many items. */
  readonly from?: number
}

interface Described {
  readonly is: string
  /** The export, without its precision, that writes it: (address, entries). */
  readonly writer: (typeof tableWriters)[number]
  /** How many entries of f64: at least so many more than the longest row, or one number a precision. */
  readonly entries: { readonly beyondLongest: number } | Readonly<Record<Precision, number>>
  /** One of them; left out: always. */
  readonly wanted?: readonly TableWanted[]
}

/** Blocks of p x p coefficients, for both kernels and every cell in reach, and two that its writer works in. */
const seriesEntries = (terms: number, reach: number): number => (2 * (2 * reach + 1) + 2) * terms ** 2

export const kernelTables = {
  discounts: {
    is: 'entry r - 1 is 1 / log2(1 + r), for ranks r = 1 up to at least one more than the longest row',
    writer: 'discounts',
    entries: { beyondLongest: 1 },
  },
  'discount-deltas': {
    is: 'entry d is discount(d) - discount(d + 1), 0 at d = 0',
    writer: 'discountDeltas',
    entries: { beyondLongest: 1 },
  },
  'fast-sum': {
    is: 'Chebyshev series of the logistic function and its slope; without it rows are summed pair by pair',
    writer: 'fastSum',
    // Terms of a series and cells on either side; the kernel has the same numbers.
    entries: { f32: seriesEntries(10, 10), f64: seriesEntries(20, 20) },
    // Shorter rows never pay for the moments.
    wanted: [{ when: { algorithm: 'fast-sum' } }, { when: { algorithm: 'auto' }, from: 192 }],
  },
} as const satisfies Record<string, Described>

export type KernelTable = keyof typeof kernelTables

/** Powers of two, so that batches of about one length share a table. */
const entriesFor = (longest: number, beyond: number): number => 2 ** Math.ceil(Math.log2(Math.max(2, longest) + beyond))

/** The table of that name for rows of a shape, or nothing where the kernel is to do without. */
export function tableFor(
  name: KernelTable,
  shape: Shape,
  precision: Precision,
  isWanted: (wanted: TableWanted) => boolean,
): WrittenTable | undefined {
  const { writer, entries, wanted }: Described = kernelTables[name]
  if (wanted && !wanted.some(isWanted)) return undefined
  return {
    writer: `${writer}_${precision}`,
    entries: 'beyondLongest' in entries ? entriesFor(longestRow(shape), entries.beyondLongest) : entries[precision],
  }
}
