/** One block of engine memory cut into named pieces, given back when it is disposed or nobody can reach it any more. */

import type { FloatArray, Precision } from '../core/shape.ts'
import { allocateOrRefuse, type Memory } from './memory.ts'

/** A line of the cache: how long a pass takes must not depend on what stands before its buffers. */
const alignment = 64

type Own = FloatArray | Uint32Array
type ArrayOf<A> = {
  new (length: number): A
  new (buffer: ArrayBufferLike, at: number, length: number): A
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Own) => new Uint8Array(buffer, byteOffset, byteLength)

export interface Block<Name extends string> {
  readonly address: Readonly<Record<Name, number>>
  floats(name: Name, precision: Precision, length: number): FloatArray
  doubles(name: Name, length: number): Float64Array
  words(name: Name, length: number): Uint32Array
  /** Words that only kernels read. */
  write(name: Name, words: Uint32Array): void
  /** Where the memory is not shared: brings arrays that were handed out into the block, or back out of it. */
  copyIn(names: readonly Name[]): void
  copyOut(names: readonly Name[]): void
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
  const lifetime = {}
  const release = releaseOf(memory, base)
  forgotten.register(lifetime, release, lifetime)
  const kept = <View extends object>(view: View): View => {
    lifetimes.set(view, lifetime)
    return view
  }
  const own = new Map<Name, Own>()
  /** A window on the block, or an array that stands for one. */
  const handOut = <A extends Own>(name: Name, type: ArrayOf<A>, length: number): A => {
    if (memory.shared) return kept(new type(memory.wasm.buffer, address[name], length))
    const array = kept(new type(length))
    own.set(name, array)
    return array
  }
  const copy = (names: readonly Name[], between: (array: Own, inside: Uint8Array) => void) => {
    for (const name of names) {
      const array = own.get(name)
      if (array) between(array, new Uint8Array(memory.wasm.buffer, address[name], array.byteLength))
    }
  }
  return {
    address,
    floats: (name, precision, length) =>
      handOut<FloatArray>(name, precision === 'f32' ? Float32Array : Float64Array, length),
    doubles: (name, length) => handOut(name, Float64Array, length),
    words: (name, length) => handOut(name, Uint32Array, length),
    write: (name, words) => new Uint32Array(memory.wasm.buffer, address[name], words.length).set(words),
    copyIn: (names) => copy(names, (array, inside) => inside.set(bytesOf(array))),
    copyOut: (names) => copy(names, (array, inside) => bytesOf(array).set(inside)),
    keptBy: (owner) => void kept(owner),
    dispose() {
      forgotten.unregister(lifetime)
      release()
    },
  }
}
