/**
 * Loads the compiled kernels, once a process: on Node the module for shared memory, from its file; elsewhere the one for a memory
 * that is not shared, where a build for browsers carries it (carried.ts). A machine may refuse them: no WebAssembly or no SIMD, no room for its address
 * space, or the file is missing. Then plans take the reference, and say so.
 */

import { usageError } from '../core/errors.ts'
import { layoutVersion } from './kernel-table.ts'
import { createMemory, type Memory } from './memory.ts'
import { nodeModule } from './node.ts'

/** Runs rows [first, end) of a task; addresses are bytes in the shared memory. */
export type Kernel = (task: number, first: number, end: number, scratch: number) => void

export interface Kernels {
  readonly module: WebAssembly.Module
  readonly memory: Memory
  /** By name, e.g. `rankL2_f32`. */
  readonly run: Readonly<Record<string, Kernel>>
  /** Bytes that a task wants for rows of n items, by name, e.g. `permutahedronScratch`. */
  readonly sizes: Readonly<Record<string, (task: number, n: number) => number>>
  /** Write tables of constants, by name with precision, e.g. `discounts_f64`. */
  readonly writers: Readonly<Record<string, (address: number, entries: number) => void>>
}

/** Why there is no engine here, and what to do about it. */
export interface NoEngine {
  readonly reason: string
  readonly cure: string
}

/** What is left to the module at the start of the memory: constants, and nothing else (it allocates nothing). A page, as it imports. */
export const moduleBytes = 65536

/** Not before it is needed: a script inside a page has no address that another could be told from. */
const file = (): URL => new URL('./kernels.wasm', import.meta.url)

/** One step of loading; what fails in it is told with what helps against it. */
function attempt<Result>(what: string, cure: string, step: () => Result): Result {
  try {
    return step()
  } catch (error) {
    throw { reason: `${what}: ${(error as Error).message}`, cure } satisfies NoEngine
  }
}

const withoutGuards =
  'raise the limit on address space (ulimit -v, in kB; the engine wants 16000000), or set NODE_OPTIONS=--disable-wasm-trap-handler: WebAssembly then reserves what it uses'

const noNode: NoEngine = {
  reason: 'the kernels are loaded by Node, and this is none',
  cure: "engine: 'reference' says that it is meant",
}

let carried: (() => Uint8Array) | undefined

/** Where there is no file to read: the module for a memory that is not shared. */
export function carryKernels(bytes: () => Uint8Array): void {
  carried = bytes
}

interface Found {
  readonly bytes: Uint8Array
  readonly shared: boolean
}

function find(): Found {
  const fs = nodeModule('node:fs')
  if (!fs && !carried) throw noNode
  if (!fs) return { bytes: carried!(), shared: false }
  const read = () => new Uint8Array(fs.readFileSync(file()))
  const bytes = attempt(
    'the kernels could not be read',
    'npm run build makes them in a checkout; a bundler must leave rank-bench external, or copy kernels.wasm beside the bundle',
    read,
  )
  return { bytes, shared: true }
}

interface Hosted {
  layoutVersion(): number
  firstFree(): number
}

/** @throws Error when the module is none that this host can write tasks for */
function requireOwn({ layoutVersion: version, firstFree }: Hosted): void {
  if (version?.() !== layoutVersion) throw new Error('they are of another version than this package')
  if (firstFree() > moduleBytes) throw new Error(`their constants take ${firstFree()} bytes; expected ${moduleBytes}`)
}

function load(): Kernels {
  const { bytes, shared } = find()
  const module = attempt('WebAssembly refuses the kernels', 'use Node 20 or later on a processor with SIMD', () => {
    return new WebAssembly.Module(bytes)
  })
  const memory = attempt('no memory for the kernels', withoutGuards, () => createMemory(moduleBytes, shared))
  const { exports } = attempt('WebAssembly refuses the kernels', withoutGuards, () => {
    return new WebAssembly.Instance(module, { env: { memory: memory.wasm } })
  })
  attempt('the kernels cannot be used', 'install rank-bench anew; npm run build makes them in a checkout', () =>
    requireOwn(exports as unknown as Hosted),
  )
  return { module, memory, run: exports as never, sizes: exports as never, writers: exports as never }
}

type Loaded = { readonly kernels: Kernels } | { readonly missing: NoEngine }
let loaded: Loaded | undefined

function loadOnce(): Loaded {
  if (loaded) return loaded
  try {
    loaded = { kernels: load() }
  } catch (missing) {
    loaded = { missing: missing as NoEngine }
  }
  return loaded
}

/** The kernels, or nothing where this process cannot run them. */
export function engineKernels(): Kernels | undefined {
  const found = loadOnce()
  return 'kernels' in found ? found.kernels : undefined
}

/** Why this process has no engine, or nothing where it has one. */
export function engineMissing(): NoEngine | undefined {
  const found = loadOnce()
  return 'missing' in found ? found.missing : undefined
}

const code = 'RANK_BENCH_NO_ENGINE'

/** As the place has it: a warning of the process, or a line of the console. */
function warn(text: string, detail: string): void {
  const node: Partial<Pick<NodeJS.Process, 'emitWarning'>> | undefined = globalThis.process
  if (node?.emitWarning) node.emitWarning(text, { code, detail })
  else console.warn(`${code}: ${text} (${detail})`)
}

let warned = false

/**
 * The kernels for somebody who would take the reference instead; nobody falls back without a word. Warns once a process.
 *
 * @param asked `fast`: the engine was named, and nothing else will do
 * @throws RankBenchError(usage) when the engine was named and cannot be had
 */
export function kernelsOrWord(asked?: 'fast' | 'reference'): Kernels | undefined {
  const missing = engineMissing()
  if (!missing) return engineKernels()
  if (asked === 'fast') throw usageError(`the fast engine cannot be had here: ${missing.reason}`, missing.cure)
  if (!warned) {
    warned = true
    warn(`plans run on the reference, plain TypeScript: ${missing.reason}`, missing.cure)
  }
  return undefined
}
