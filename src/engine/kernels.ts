/** Loads the compiled kernels, once a process. Where WebAssembly or its SIMD is missing there is no engine. */

import { readFileSync } from 'node:fs'
import { createMemory, type Memory } from './memory.ts'

/** Runs rows [first, end) of a task; addresses are bytes in the shared memory. */
export type Kernel = (task: number, first: number, end: number, scratch: number) => void

export interface Kernels {
  readonly module: WebAssembly.Module
  readonly memory: Memory
  /** By name, e.g. `rankL2_f32`. */
  readonly run: Readonly<Record<string, Kernel>>
  /** Bytes of scratch for rows of up to n items, by name, e.g. `permutahedronScratch`. */
  readonly scratch: Readonly<Record<string, (n: number) => number>>
}

/** What the module keeps at the start of the memory: constants, and nothing else (it allocates nothing). */
const moduleBytes = 65536

function load(): Kernels | undefined {
  try {
    const module = new WebAssembly.Module(readFileSync(new URL('./kernels.wasm', import.meta.url)))
    const memory = createMemory(moduleBytes)
    const { exports } = new WebAssembly.Instance(module, { env: { memory: memory.wasm } })
    return { module, memory, run: exports as never, scratch: exports as never }
  } catch {
    return undefined
  }
}

let loaded: { readonly kernels: Kernels | undefined } | undefined

/** The kernels, or nothing where this machine cannot run them; callers then take the reference implementation. */
export function engineKernels(): Kernels | undefined {
  loaded ??= { kernels: load() }
  return loaded.kernels
}
