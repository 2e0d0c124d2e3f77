/**
 * The memory that kernels and their callers share: blocks of one WebAssembly.Memory.
 *
 * On Node the memory is a shared one, so that worker threads see it, and so that growing it leaves older views valid: they are
 * windows on the same bytes, not on a buffer that growing would detach. A page has no shared memory unless it is isolated from
 * other origins, so that there growing does detach, and nobody keeps a view.
 */

import { valueError } from '../core/errors.ts'
import { createGaps } from './gaps.ts'

const pageBytes = 65536
/** 4 GiB, all that 32-bit addresses reach. Only reserved; pages cost memory once they are touched. */
const mostPages = 65536
const alignment = 64

export interface Memory {
  readonly wasm: WebAssembly.Memory
  /** Views stay valid when it grows, and threads can have it. */
  readonly shared: boolean
  /** Address of a zeroed block. Throws RangeError when 4 GiB do not hold it. */
  allocate(bytes: number): number
  /** Gives a block back; it must not be used again. */
  release(address: number): void
  /** Bytes in blocks that were not given back. */
  inUse(): number
}

const roundUp = (bytes: number): number => Math.max(alignment, Math.ceil(bytes / alignment) * alignment)

/** A system that is short of memory may still have what is needed now. Answers by how much it grew. */
function growBy(wasm: WebAssembly.Memory, pages: number, least: number): number {
  try {
    wasm.grow(pages)
    return pages
  } catch (error) {
    if (least >= pages) throw error
    wasm.grow(least)
    return least
  }
}

/** @param reserved bytes at the start that the kernels' module keeps for itself */
export function createMemory(reserved: number, shared = true): Memory {
  const wasm = new WebAssembly.Memory({ initial: Math.ceil(reserved / pageBytes), maximum: mostPages, shared })
  const gaps = createGaps()
  const blocks = new Map<number, number>()
  let end = wasm.buffer.byteLength
  let used = 0

  const grow = (bytes: number): void => {
    const missing = bytes - gaps.before(end)
    // By a share of what there is, so that many small plans do not each pay for growing.
    const pages = Math.min(mostPages - end / pageBytes, Math.ceil(Math.max(missing, end / 4) / pageBytes))
    if (pages * pageBytes < missing) throw new RangeError(`no room for ${bytes} bytes: ${used} of 4 GiB are in use`)
    const added = growBy(wasm, pages, Math.ceil(missing / pageBytes))
    gaps.add(end, added * pageBytes)
    end += added * pageBytes
  }

  return {
    wasm,
    shared,
    allocate(wanted) {
      const bytes = roundUp(wanted)
      const found = gaps.take(bytes)
      if (found === undefined) grow(bytes)
      const address = found ?? gaps.take(bytes)!
      blocks.set(address, bytes)
      used += bytes
      new Uint8Array(wasm.buffer, address, bytes).fill(0)
      return address
    },
    release(address) {
      const bytes = blocks.get(address)
      if (bytes === undefined) return
      blocks.delete(address)
      used -= bytes
      gaps.add(address, bytes)
    },
    inUse: () => used,
  }
}

/** @throws RankBenchError(value) when the memory does not hold the block */
export function allocateOrRefuse(memory: Memory, bytes: number): number {
  try {
    return memory.allocate(bytes)
  } catch (error) {
    throw valueError(
      `a plan needs ${bytes} bytes of engine memory: ${(error as Error).message}`,
      'dispose plans that are no longer used, take smaller batches, or use the reference engine',
    )
  }
}
