import { describe, expect, test } from 'vitest'
import { createBlock } from './block.ts'
import { createMemory } from './memory.ts'

describe('engine memory', () => {
  test('blocks are aligned, zeroed and apart', () => {
    const memory = createMemory(65536)
    const blocks = [1, 100, 64, 5000].map((bytes) => ({ bytes, address: memory.allocate(bytes) }))
    for (const { address } of blocks) expect(address % 64).toBe(0)
    const sorted = [...blocks].sort((a, b) => a.address - b.address)
    for (let i = 1; i < sorted.length; i++) {
      expect(sorted[i].address).toBeGreaterThanOrEqual(sorted[i - 1].address + sorted[i - 1].bytes)
    }
    expect(new Uint8Array(memory.wasm.buffer, blocks[3].address, 5000).every((byte) => byte === 0)).toBe(true)
  })
  test('what was given back is used again, zeroed', () => {
    const memory = createMemory(65536)
    const first = memory.allocate(1000)
    new Uint8Array(memory.wasm.buffer, first, 1000).fill(7)
    memory.release(first)
    const second = memory.allocate(1000)
    expect(second).toBe(first)
    expect(new Uint8Array(memory.wasm.buffer, second, 1000)).toEqual(new Uint8Array(1000))
  })
  test('neighbouring gaps join: many small blocks make room for a large one', () => {
    const memory = createMemory(65536)
    const small = Array.from({ length: 64 }, () => memory.allocate(1024))
    const size = memory.wasm.buffer.byteLength
    for (const address of small) memory.release(address)
    memory.allocate(64 * 1024)
    expect(memory.wasm.buffer.byteLength).toBe(size)
    expect(memory.inUse()).toBe(64 * 1024)
  })
  test('views made before the memory grew see what is written after', () => {
    const memory = createMemory(65536)
    const address = memory.allocate(64)
    const before = new Float64Array(memory.wasm.buffer, address, 8)
    memory.allocate(2 ** 22)
    new Float64Array(memory.wasm.buffer, address, 8)[3] = 42
    expect(before[3]).toBe(42)
  })
  test('giving back twice, or what was never taken, changes nothing', () => {
    const memory = createMemory(65536)
    const address = memory.allocate(64)
    memory.release(address)
    memory.release(address)
    memory.release(123)
    expect(memory.inUse()).toBe(0)
  })
  test('refuses more than 4 GiB', () => {
    expect(() => createMemory(65536).allocate(2 ** 33)).toThrow(RangeError)
  })
})

describe('memory that is not shared', () => {
  test('a block hands out arrays of its own, which are as they were when the memory has grown under them', () => {
    const memory = createMemory(65536, false)
    const block = createBlock(memory, { x: 24, y: 24 })
    const [x, y] = [block.doubles('x', 3), block.doubles('y', 3)]
    x.set([1, 2, 3])
    const before = memory.wasm.buffer
    memory.allocate(2 ** 22)
    expect(before.byteLength).toBe(0)
    expect([...x]).toEqual([1, 2, 3])
    block.copyIn(['x'])
    const inside = (name: 'x' | 'y') => new Float64Array(memory.wasm.buffer, block.address[name], 3)
    expect([...inside('x')]).toEqual([1, 2, 3])
    inside('y').set([4, 5, 6])
    block.copyOut(['y'])
    expect([...y]).toEqual([4, 5, 6])
    block.dispose()
  })
})
