/**
 * Scratch of the kernels. What is in it means nothing between calls, so plans share it: one area a thread, so that threads of
 * one job do not meet. An area that is too small for a plan is followed by one at least twice as large; plans made before
 * keep the one they know.
 */

import { allocateOrRefuse, type Memory } from './memory.ts'

interface Area {
  readonly address: number
  readonly bytes: number
}

const areas = new WeakMap<Memory, Area[]>()

/** Address of at least `bytes` of scratch for the thread of that index. */
export function scratchAddress(memory: Memory, thread: number, bytes: number): number {
  const own = areas.get(memory) ?? []
  areas.set(memory, own)
  const latest = own[thread]
  if (latest && latest.bytes >= bytes) return latest.address
  const size = Math.max(bytes, 2 * (latest?.bytes ?? 32768))
  own[thread] = { address: allocateOrRefuse(memory, size), bytes: size }
  return own[thread].address
}
