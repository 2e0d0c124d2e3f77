/** One block of engine memory cut into named pieces, given back when it is disposed or nobody can reach it any more. */

import type { FloatArray, Precision } from '../core/shape.ts'
import { allocateOrRefuse, type Memory } from './memory.ts'

/** A line of the cache: how long a pass takes must not depend on what stands before its buffers. */
const alignment = 64

export interface Block<Name extends string> {
  readonly address: Readonly<Record<Name, number>>
  floats(name: Name, precision: Precision, length: number): FloatArray
  doubles(name: Name, length: number): Float64Array
  words(name: Name, length: number): Uint32Array
  /** Keeps the block while `owner` can be reached: nobody writes through a forgotten view into another plan's memory. */
  keptBy(owner: object): void
  dispose(): void
}

const forgotten = new FinalizationRegistry<() => void>((release) => release())
const lifetimes = new WeakMap<object, object>()

/** A function of its own scope: one that saw the lifetime would keep it. */
const releaseOf = (memory: Memory, address: number) => () => memory.release(address)

/** @throws RankBenchError(value) when the memory does not hold the pieces */
export function createBlock<Name extends string>(memory: Memory, bytes: Readonly<Record<Name, number>>): Block<Name> {
  const names = Object.keys(bytes) as Name[]
  const address = {} as Record<Name, number>
  let total = 0
  for (const name of names) {
    address[name] = total
    total += Math.ceil(bytes[name] / alignment) * alignment
  }
  const base = allocateOrRefuse(memory, total)
  for (const name of names) address[name] += base
  const { buffer } = memory.wasm
  const lifetime = {}
  const release = releaseOf(memory, base)
  forgotten.register(lifetime, release, lifetime)
  const kept = <View extends object>(view: View): View => {
    lifetimes.set(view, lifetime)
    return view
  }
  return {
    address,
    floats: (name, precision, length) =>
      kept(
        precision === 'f32'
          ? new Float32Array(buffer, address[name], length)
          : new Float64Array(buffer, address[name], length),
      ),
    doubles: (name, length) => kept(new Float64Array(buffer, address[name], length)),
    words: (name, length) => kept(new Uint32Array(buffer, address[name], length)),
    keptBy: (owner) => void kept(owner),
    dispose() {
      forgotten.unregister(lifetime)
      release()
    },
  }
}
