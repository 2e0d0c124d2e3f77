/**
 * A host for the kernels that knows nothing but what the build writes for hosts: dist/operators.json and the module beside it.
 * It takes no thread, plans nothing ahead and frees nothing; what it shows is that the description is enough.
 */

import { readFileSync } from 'node:fs'

type Value = number | string | boolean
type Source =
  | number
  | string
  | { param: string; times?: number; inverse?: true }
  | { param: string; choices: Record<string, number | string> }
  | { table: string }

interface Field {
  at: number
  type: 'usize' | 'i32' | 'u32' | 'bool' | 'f64'
  choices?: Record<string, number>
}

interface Variant {
  when?: Record<string, Value | Value[] | { above: number }>
  longest?: number
  forward: string
  backward: string
  set: Record<string, Source>
}

export interface Described {
  output: 'item' | 'pair' | 'list'
  labels: boolean
  params: Record<string, { default: Value; choices?: readonly string[] }>
  kernels: Variant[]
}

interface Table {
  is: string
  writer: string
  entries: { beyondLongest: number } | { f32: number; f64: number }
  wanted?: { when: NonNullable<Variant['when']>; from?: number }[]
}

interface Description {
  module: { shared: string; unshared: string; reservedBytes: number; mostPages: number; layoutVersion: number }
  slots: Record<string, Field & { is: string }>
  tasks: Record<string, { bytes: number; scratch: string; state: string; fields: Record<string, Field> }>
  kernels: Record<string, string>
  tables: Record<string, Table>
  operators: Record<string, Described>
  composed: Record<string, { of: string }>
  reference: string[]
}

export const description: Description = JSON.parse(readFileSync('dist/operators.json', 'utf8'))

/** Parameters by which a variant is chosen, or which one of its fields reads; any other has to be at its default. */
export const readBy = ({ kernels }: Described): Set<string> =>
  new Set(
    kernels.flatMap(({ when = {}, set }) => [
      ...Object.keys(when),
      ...Object.values(set).flatMap((source) =>
        typeof source === 'object' && 'param' in source ? [source.param] : [],
      ),
    ]),
  )

const meets = (wanted: Value | Value[] | { above: number }, value: Value): boolean => {
  if (Array.isArray(wanted)) return wanted.includes(value)
  return typeof wanted === 'object' ? Number(value) > wanted.above : wanted === value
}

const allMet = (when: NonNullable<Variant['when']>, params: Record<string, Value>): boolean =>
  Object.entries(when).every(([name, wanted]) => meets(wanted, params[name]))

export const variantFor = ({ kernels }: Described, params: Record<string, Value>, n: number): Variant | undefined =>
  kernels.find(({ when = {}, longest = Number.POSITIVE_INFINITY }) => n <= longest && allMet(when, params))

/** The module that is not for threads: what a host in another language takes. */
const memory = new WebAssembly.Memory({ initial: 256, maximum: description.module.mostPages, shared: false })
const module = new WebAssembly.Module(readFileSync(`dist/${description.module.unshared}`))
const { exports } = new WebAssembly.Instance(module, { env: { memory } })
const call = exports as Record<string, (...given: number[]) => number>
if (call.layoutVersion() !== description.module.layoutVersion) throw new Error('the description is of another module')

export const firstFree = call.firstFree()
let end = firstFree
function place(bytes: number): number {
  const address = end
  end = Math.ceil((end + bytes) / 64) * 64
  const missing = end - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / 65536))
  return address
}

const words = (address: number, length: number) => new Uint32Array(memory.buffer, address, length)
const doubles = (address: number, length: number) => new Float64Array(memory.buffer, address, length)

function placeWords(numbers: readonly number[]): number {
  const address = place(4 * numbers.length)
  words(address, numbers.length).set(numbers)
  return address
}

function placeDoubles(numbers: ArrayLike<number>): number {
  const address = place(8 * numbers.length)
  doubles(address, numbers.length).set(numbers)
  return address
}

/** Address of a table of constants, 0 where none is wanted. */
function placeTable(name: string, params: Record<string, Value>, n: number): number {
  const { writer, entries, wanted } = description.tables[name]
  if (wanted && !wanted.some(({ when, from = 0 }) => n >= from && allMet(when, params))) return 0
  const length = 'f64' in entries ? entries.f64 : n + entries.beyondLongest
  const address = place(8 * length)
  call[`${writer}_f64`](address, length)
  return address
}

function write(task: number, { at, type, choices }: Field, value: number | string): void {
  const view = new DataView(memory.buffer)
  const number = typeof value === 'string' ? choices![value] : value
  if (type === 'f64') view.setFloat64(task + at, number, true)
  else view.setInt32(task + at, number, true)
}

function numberOf(source: Source, params: Record<string, Value>, n: number): number | string {
  if (typeof source !== 'object') return source
  if ('table' in source) return placeTable(source.table, params, n)
  const value = params[source.param]
  if ('choices' in source) return source.choices[String(value)]
  return source.inverse ? (source.times ?? 1) / Number(value) : (source.times ?? 1) * Number(value)
}

const running = (lengths: readonly number[]): number[] => {
  const starts = [0]
  for (const length of lengths) starts.push(starts.at(-1)! + length)
  return starts
}

export interface Given {
  readonly rows: readonly number[][]
  readonly labels: readonly number[][]
  /** One an entry of the output; of losses one a list. */
  readonly cotangent: (entries: number) => ArrayLike<number>
}

/** Values and gradients in f64. */
export function compute(described: Described, variant: Variant, params: Record<string, Value>, given: Given) {
  const lengths = given.rows.map(({ length }) => length)
  const n = Math.max(...lengths)
  const layout = description.tasks[description.kernels[variant.forward]]
  const task = place(layout.bytes)
  for (const [name, source] of Object.entries(variant.set)) {
    write(task, layout.fields[name], numberOf(source, params, n))
  }
  const size = (name: string, of: number): number => (name === '' ? 0 : call[name](task, of) >>> 0)
  const entriesOf = { item: (of: number) => of, pair: (of: number) => of * of, list: () => 1 }[described.output]
  const [offsets, outputs] = [running(lengths), running(lengths.map(entriesOf))]
  const states = running(lengths.map((of) => Math.ceil(size(layout.state, of) / 8)))
  const [items, entries] = [offsets.at(-1)!, outputs.at(-1)!]
  const slots: Record<string, number> = {
    offsets: placeWords(offsets),
    x: placeDoubles(given.rows.flat()),
    y: placeDoubles(new Float64Array(entries)),
    yBar: placeDoubles(given.cotangent(entries)),
    xBar: placeDoubles(new Float64Array(items)),
    labels: placeDoubles(given.labels.flat()),
    weights: placeDoubles(new Float64Array(items).fill(1)),
    order: placeWords(new Array(items).fill(0)),
    state: place(8 * states.at(-1)!),
    states: placeWords(states),
    outputs: placeWords(outputs),
    choices: placeWords(lengths.map(() => 0)),
    facts: placeDoubles(new Float64Array(lengths.length)),
    reuse: 0,
  }
  for (const [name, slot] of Object.entries(description.slots)) write(task, slot, slots[name])
  const scratch = place(size(layout.scratch, n))
  for (const kernel of [variant.forward, variant.backward]) call[`${kernel}_f64`](task, 0, lengths.length, scratch)
  return { output: doubles(slots.y, entries).slice(), gradient: doubles(slots.xBar, items).slice() }
}
