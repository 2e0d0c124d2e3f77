/** Constants that plans share, copied into engine memory once. */

import type { Memory } from './memory.ts'

const addresses = new WeakMap<Float64Array, number>()

/** Address of a copy of `table`; the same one for the same array. 0 without a table. */
export function tableAddress(memory: Memory, table: Float64Array | undefined): number {
  if (!table) return 0
  const known = addresses.get(table)
  if (known !== undefined) return known
  const address = memory.allocate(8 * table.length)
  new Float64Array(memory.wasm.buffer, address, table.length).set(table)
  addresses.set(table, address)
  return address
}
