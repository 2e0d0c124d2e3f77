/**
 * A pair of kernels over rows of one shape, with all their buffers in engine memory. Where that is not shared, growing it takes the
 * bytes from under every view: the caller's buffers are then his own, and a pass copies them in and out.
 */

import { type FloatArray, itemCount, type Precision, rowCount, type Shape } from '../core/shape.ts'
import { type Block, createBlock } from './block.ts'
import { type Kernels, kernelsOrWord } from './kernels.ts'
import { scratchAddress } from './scratch.ts'
import { type Table, tableAddress } from './tables.ts'
import { type TaskLayout, taskOf, writeTask } from './task.ts'
import { partition } from './threads/partition.ts'
import { type Share, threadPool } from './threads/pool.ts'

interface EngineOptions {
  /** `fast`: no plan is an error. Default: the caller takes the reference, with a warning once a process. */
  readonly engine?: 'fast' | 'reference' | undefined
  /** Default 1. Rows are shared out among threads; results do not depend on how many. */
  readonly threads?: number | undefined
  /** Default false. Sorts start from the order of the last forward: quicker while values change little, and as right. */
  readonly reuseOrder?: boolean | undefined
}

/** What a method tells the engine of one operator. Kernels are named without their precision. */
export interface KernelSpec {
  readonly forward: string
  readonly backward: string
  /** Fields of the task of `forward`: numbers, choices by name. */
  readonly fields: Readonly<Record<string, number | string>>
  /** Fields that are tables; without one the kernel finds 0. */
  readonly tables?: Readonly<Record<string, Table | undefined>>
  /** Entries of the output of a row of n items; default n. */
  readonly output?: (n: number) => number
  /** Cost of a row of n items grows as n^power; how rows are shared out. Default 1. */
  readonly power?: number
  /** Words for what the kernel writes to `choices`. */
  readonly algorithms?: readonly string[]
  /** Name of what the kernel writes to `facts`. */
  readonly fact?: string
  /** Item weights, 1 until written; losses always have them. */
  readonly weighted?: boolean
  /** The kernel answers NaN for a list with a label that is no grade or a weight that is none: nobody needs to look before. */
  readonly checksList?: boolean
}

interface Common {
  readonly values: FloatArray
  readonly gradient: FloatArray
  readonly weights: FloatArray
  /** Positions of every row, as the last forward sorted them; kernels that do not sort leave it alone. */
  readonly order: Uint32Array
  /** One word a row, what the kernel chose to do there. */
  readonly choices: Uint32Array
  /** One number a row, what the kernel has to say of it. */
  readonly facts: Float64Array
  forward(): void
  backward(): void
  dispose(): void
}

/** Kernels from values to values. */
interface KernelPlan extends Common {
  readonly output: FloatArray
  readonly cotangent: FloatArray
}

/** Kernels of a loss. */
interface LossKernelPlan extends Common {
  readonly labels: FloatArray
  /** One a list. */
  readonly losses: Float64Array
  /** What the gradient of each list is multiplied by. */
  readonly scales: Float64Array
}

/** Rows of a batch, as a plan needs to know them. */
interface Extent {
  readonly items: number
  readonly rows: number
  readonly longest: number
}

function extentOf(shape: Shape): Extent {
  let longest = 0
  for (let q = 0; q < rowCount(shape); q++) longest = Math.max(longest, shape.offsets[q + 1] - shape.offsets[q])
  return { items: itemCount(shape), rows: rowCount(shape), longest }
}

/** Where each row starts, when a row of n items takes `length(n)` entries. */
function startsOf(shape: Shape, length: (n: number) => number): Uint32Array {
  const starts = new Uint32Array(shape.offsets.length)
  for (let q = 0; q < rowCount(shape); q++) {
    starts[q + 1] = starts[q] + length(shape.offsets[q + 1] - shape.offsets[q])
  }
  return starts
}

/** Beyond it the reference says what to do instead. */
const mostStateBytes = 2 ** 31

interface Sizes {
  readonly scratch: number
  /** First word (of 8 bytes) of every row in the state, and the end; undefined when it would be too large. */
  readonly states: Uint32Array | undefined
}

/** Asks the kernel, which may look at the fields of the task. */
function sizesOf({ memory, sizes }: Kernels, shape: Shape, layout: TaskLayout, fields: KernelSpec['fields']): Sizes {
  // Scratch means nothing between calls: the task stands there while its kernel is asked.
  const task = scratchAddress(memory, 0, layout.bytes)
  writeTask(memory.wasm.buffer, task, layout, fields)
  const ask = (name: string, n: number): number => (name === '' ? 0 : sizes[name](task, n) >>> 0)
  const known = new Map<number, number>()
  let bytes = 0
  const words = (n: number): number => {
    const found = known.get(n) ?? Math.ceil(ask(layout.state, n) / 8)
    known.set(n, found)
    bytes += 8 * found
    return found
  }
  const states = startsOf(shape, words)
  return {
    scratch: ask(layout.scratch, extentOf(shape).longest),
    states: bytes > mostStateBytes ? undefined : states,
  }
}

/** Pieces that every plan has, in the order of their slots. */
type Piece = 'x' | 'y' | 'yBar' | 'xBar' | 'labels' | 'weights' | 'order' | 'choices' | 'facts'
type Pieces = Readonly<Record<Piece, number>>
type Placed = Block<Piece | 'task' | 'offsets' | 'outputs' | 'states' | 'state'>

interface Laid {
  readonly block: Placed
  readonly pass: (kernel: string) => () => void
}

/** One block for all buffers of a plan, with its task written. Nothing when the state would be too large. */
function layOut(
  kernels: Kernels,
  shape: Shape,
  precision: Precision,
  spec: KernelSpec,
  outputs: Uint32Array,
  pieces: Pieces,
  { threads = 1, reuseOrder = false }: EngineOptions,
): Laid | undefined {
  const { memory } = kernels
  const layout = taskOf(spec.forward)
  const { scratch, states } = sizesOf(kernels, shape, layout, spec.fields)
  if (!states) return undefined
  const bounds = 4 * (rowCount(shape) + 1)
  const block: Placed = createBlock(memory, {
    task: layout.bytes,
    offsets: bounds,
    outputs: bounds,
    states: bounds,
    ...pieces,
    state: 8 * states[rowCount(shape)],
  })
  block.write('offsets', shape.offsets)
  block.write('outputs', outputs)
  block.write('states', states)
  const { task, ...given } = block.address
  const tables = Object.entries(spec.tables ?? {}).map(([name, table]) => [name, tableAddress(kernels, table)])
  const fields = { ...spec.fields, ...Object.fromEntries(tables) }
  writeTask(memory.wasm.buffer, task, layout, fields, { ...given, reuse: reuseOrder ? 1 : 0 })
  const most = memory.shared ? Math.max(1, threads) : 1
  const shares: Share[] = partition(shape, most, spec.power ?? 1).map((range, i) => ({
    ...range,
    scratch: scratchAddress(memory, i, scratch),
  }))
  const pass = (kernel: string) => passOf(kernels, `${kernel}_${precision}`, task, shares)
  return { block, pass: memory.shared ? pass : (kernel) => copying(block, pass(kernel)) }
}

/** What the caller writes, and what kernels leave. */
const given: readonly Piece[] = ['x', 'yBar', 'labels', 'weights']
const left: readonly Piece[] = ['y', 'xBar', 'order', 'choices', 'facts']

/** A pass where the caller's buffers are not those of the kernels. */
const copying = (block: Placed, run: () => void) => () => {
  block.copyIn(given)
  run()
  block.copyOut(left)
}

/** A pass over all rows, on as many threads as there are shares. */
function passOf(kernels: Kernels, name: string, task: number, shares: readonly Share[]): () => void {
  const run = kernels.run[name]
  if (!run) throw new Error(`the engine has no kernel called ${name}`)
  if (shares.length > 1) {
    const pool = threadPool(kernels, shares.length)
    return () => pool.run(name, task, shares)
  }
  const [{ first, end, scratch }] = shares
  return () => run(task, first, end, scratch)
}

function commonOf({ block, pass }: Laid, spec: KernelSpec, precision: Precision, extent: Extent, weights: FloatArray) {
  weights.fill(1)
  return {
    values: block.floats('x', precision, extent.items),
    gradient: block.floats('xBar', precision, extent.items),
    weights,
    order: block.words('order', extent.items),
    choices: block.words('choices', extent.rows),
    facts: block.doubles('facts', extent.rows),
    forward: pass(spec.forward),
    backward: pass(spec.backward),
    dispose: () => block.dispose(),
  } satisfies Common
}

const widthOf = (precision: Precision): number => (precision === 'f32' ? 4 : 8)

/**
 * Nothing where the engine cannot be had, after a warning, and where its state would not fit.
 * @throws RankBenchError(usage) when the engine was asked for by name and cannot be had
 * @throws RankBenchError(value) when engine memory does not hold the plan
 */
export function planKernels(
  shape: Shape,
  precision: Precision,
  spec: KernelSpec,
  options: EngineOptions = {},
): KernelPlan | undefined {
  const kernels = kernelsOrWord(options.engine)
  if (!kernels) return undefined
  const extent = extentOf(shape)
  const { items, rows } = extent
  const outputs = startsOf(shape, spec.output ?? ((n) => n))
  const entries = outputs[rows]
  const width = widthOf(precision)
  const weighted = spec.weighted ? items : 0
  const pieces: Pieces = {
    ...{ x: width * items, y: width * entries, yBar: width * entries, xBar: width * items },
    ...{ labels: 0, weights: width * weighted, order: 4 * items, choices: 4 * rows, facts: 8 * rows },
  }
  const laid = layOut(kernels, shape, precision, spec, outputs, pieces, options)
  if (!laid) return undefined
  const { block } = laid
  const plan: KernelPlan = {
    ...commonOf(laid, spec, precision, extent, block.floats('weights', precision, weighted)),
    output: block.floats('y', precision, entries),
    cotangent: block.floats('yBar', precision, entries),
  }
  block.keptBy(plan)
  return plan
}

/** The same for a loss: labels and weights come in, one f64 a list goes out, and one that its gradient is multiplied by comes in. */
export function planLossKernels(
  shape: Shape,
  precision: Precision,
  spec: KernelSpec,
  options: EngineOptions = {},
): LossKernelPlan | undefined {
  const kernels = kernelsOrWord(options.engine)
  if (!kernels) return undefined
  const extent = extentOf(shape)
  const { items, rows } = extent
  const bytes = widthOf(precision) * items
  const pieces: Pieces = {
    ...{ x: bytes, y: 8 * rows, yBar: 8 * rows, xBar: bytes },
    ...{ labels: bytes, weights: bytes, order: 4 * items, choices: 4 * rows, facts: 8 * rows },
  }
  const outputs = startsOf(shape, () => 1)
  const laid = layOut(kernels, shape, precision, spec, outputs, pieces, options)
  if (!laid) return undefined
  const { block } = laid
  const plan: LossKernelPlan = {
    ...commonOf(laid, spec, precision, extent, block.floats('weights', precision, items)),
    labels: block.floats('labels', precision, items),
    losses: block.doubles('y', rows),
    scales: block.doubles('yBar', rows),
  }
  block.keptBy(plan)
  return plan
}
