/** Constants that plans share, in engine memory once: written by an export of the kernels' module, or copied there. */

import type { Kernels } from './kernels.ts'
import { allocateOrRefuse, type Memory } from './memory.ts'

/** What the export of that name writes. */
export interface WrittenTable {
  readonly writer: string
  /** Of f64. */
  readonly entries: number
}

export type Table = Float64Array | WrittenTable

type Known = Map<Float64Array | string, number>

const known = new WeakMap<Memory, Known>()

function place({ memory, writers }: Kernels, table: Table): number {
  if (table instanceof Float64Array) {
    const address = allocateOrRefuse(memory, 8 * table.length)
    new Float64Array(memory.wasm.buffer, address, table.length).set(table)
    return address
  }
  const address = allocateOrRefuse(memory, 8 * table.entries)
  writers[table.writer](address, table.entries)
  return address
}

/** Address of the table; the same one for the same array, and for the same writer and length. 0 without a table. */
export function tableAddress(kernels: Kernels, table: Table | undefined): number {
  if (!table) return 0
  const here: Known = known.get(kernels.memory) ?? new Map()
  known.set(kernels.memory, here)
  const key = table instanceof Float64Array ? table : `${table.writer} ${table.entries}`
  const address = here.get(key) ?? place(kernels, table)
  here.set(key, address)
  return address
}
