/** A pair of kernels over rows of one shape, with all their buffers in engine memory. */

import { type FloatArray, itemCount, type Precision, rowCount, type Shape } from '../core/shape.ts'
import { createBlock } from './block.ts'
import { kernelsOrWord } from './kernels.ts'
import { scratchAddress } from './scratch.ts'
import { tableAddress } from './tables.ts'
import { taskBytes, writeTask } from './task.ts'
import { partition } from './threads/partition.ts'
import { type Part, threadPool } from './threads/pool.ts'

export interface EngineOptions {
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
  /** Name of the export that answers the bytes of scratch for rows of up to n items. */
  readonly scratch: string
  /** p0, p1, ... of the task. */
  readonly numbers?: readonly number[]
  /** i0, i1, ... of the task. */
  readonly integers?: readonly number[]
  /**
   * Entries of the output of a row of n items; default n. `list`: the kernels are those of a loss, with labels, weights,
   * one f64 a list for its value, and one for what its gradient is multiplied by.
   */
  readonly output?: ((n: number) => number) | 'list'
  /** Bytes that forward leaves for backward. Default 0. */
  readonly stateBytes?: number
  /** Cost of a row of n items grows as n^power; how rows are shared out. Default 1. */
  readonly power?: number
  readonly table?: Float64Array | undefined
  /** Words for what the kernel writes to `choices`. */
  readonly algorithms?: readonly string[]
  /** Name of what the kernel writes to `facts`. */
  readonly fact?: string
  /** Item weights, 1 until written; losses always have them. */
  readonly weighted?: boolean
  /** The kernel answers NaN for a list with a label that is no grade or a weight that is none: nobody needs to look before. */
  readonly checksList?: boolean
}

export interface KernelPlan {
  readonly values: FloatArray
  readonly output: FloatArray
  readonly cotangent: FloatArray
  readonly gradient: FloatArray
  readonly labels: FloatArray
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

function longestRow({ offsets }: Shape): number {
  let longest = 0
  for (let q = 0; q + 1 < offsets.length; q++) longest = Math.max(longest, offsets[q + 1] - offsets[q])
  return longest
}

function outputOffsets(shape: Shape, length: (n: number) => number): Uint32Array {
  const offsets = new Uint32Array(shape.offsets.length)
  for (let q = 0; q < rowCount(shape); q++) {
    offsets[q + 1] = offsets[q] + length(shape.offsets[q + 1] - shape.offsets[q])
  }
  return offsets
}

/**
 * Nothing where the engine cannot be had, after a warning.
 * @throws RankBenchError(usage) when the engine was asked for by name and cannot be had
 * @throws RankBenchError(value) when engine memory does not hold the plan
 */
export function planKernels(
  shape: Shape,
  precision: Precision,
  spec: KernelSpec,
  { engine, threads = 1, reuseOrder = false }: EngineOptions = {},
): KernelPlan | undefined {
  const kernels = kernelsOrWord(engine)
  if (!kernels) return undefined
  const { memory } = kernels
  const isLoss = spec.output === 'list'
  const weighted = isLoss || spec.weighted === true
  const [items, rows] = [itemCount(shape), rowCount(shape)]
  const outputs = outputOffsets(shape, spec.output === 'list' ? () => 1 : (spec.output ?? ((n) => n)))
  const entries = outputs[rows]
  const width = precision === 'f32' ? 4 : 8
  const ranges = partition(shape, Math.max(1, threads), spec.power ?? 1)
  const scratchBytes = kernels.scratch[spec.scratch](longestRow(shape))
  const block = createBlock(memory, {
    task: taskBytes,
    offsets: 4 * (rows + 1),
    outputs: 4 * (rows + 1),
    x: width * items,
    y: (isLoss ? 8 : width) * entries,
    yBar: (isLoss ? 8 : width) * entries,
    xBar: width * items,
    labels: isLoss ? width * items : 0,
    weights: weighted ? width * items : 0,
    order: 4 * items,
    choices: 4 * rows,
    facts: 8 * rows,
    state: spec.stateBytes ?? 0,
  })
  block.words('offsets', rows + 1).set(shape.offsets)
  block.words('outputs', rows + 1).set(outputs)
  const { task, ...pointers } = block.address
  writeTask(memory.wasm.buffer, task, {
    pointers: { ...pointers, table: tableAddress(memory, spec.table) },
    reuseOrder,
    integers: spec.integers ?? [],
    numbers: spec.numbers ?? [],
  })
  const parts: Part[] = ranges.map((range, i) => ({ ...range, scratch: scratchAddress(memory, i, scratchBytes) }))
  const pass = (kernel: string): (() => void) => {
    const name = `${kernel}_${precision}`
    const run = kernels.run[name]
    if (!run) throw new Error(`the engine has no kernel called ${name}`)
    if (parts.length > 1) {
      const pool = threadPool(kernels, parts.length)
      return () => pool.run(name, task, parts)
    }
    const [{ first, end, scratch }] = parts
    return () => run(task, first, end, scratch)
  }
  const outer = isLoss ? 'f64' : precision
  const weights = block.floats('weights', precision, weighted ? items : 0)
  weights.fill(1)
  const plan: KernelPlan = {
    values: block.floats('x', precision, items),
    output: block.floats('y', outer, entries),
    cotangent: block.floats('yBar', outer, entries),
    gradient: block.floats('xBar', precision, items),
    labels: block.floats('labels', precision, isLoss ? items : 0),
    weights,
    order: block.words('order', items),
    choices: block.words('choices', rows),
    facts: block.doubles('facts', rows),
    forward: pass(spec.forward),
    backward: pass(spec.backward),
    dispose: () => block.dispose(),
  }
  block.keptBy(plan)
  return plan
}
