/** Dense layers of one network on the engine, f64: parameters and what passes leave behind live in its memory. */

import { type Block, createBlock } from './block.ts'
import { type Kernels, kernelsOrWord } from './kernels.ts'
import { taskOf, writeTask } from './task.ts'

/** Layer l maps `sizes[l]` numbers a row to `sizes[l + 1]`. Parameters: weights (row-major), then biases, layer by layer. */
export interface DenseLayers {
  readonly parameters: Float64Array
  /** Gradient in the parameters; passes add to it. */
  readonly gradient: Float64Array
  /** Makes room for that many rows; values of earlier passes are lost when it grows. */
  reserve(rows: number): void
  /** Input of layer l, rows x sizes[l]; after the last layer its output. */
  values(l: number): Float64Array
  /** Gradient of what layer l puts out, rows x sizes[l + 1]. */
  outputGradient(l: number): Float64Array
  /** values(l) to values(l + 1). */
  forward(l: number, rows: number): void
  /** outputGradient(l) to the gradient of the parameters and, but for the first layer, to outputGradient(l - 1). */
  backward(l: number, rows: number): void
}

const doubleBytes = 8
const noScratch = 0
const layout = taskOf('dense')

const parameterCount = (inputs: number, outputs: number): number => (inputs + 1) * outputs

type Piece = 'values' | 'gradients' | 'tasks'

/** Undefined where the engine cannot run, after a warning, and where its memory is not shared: views must outlive its growing. */
export function denseLayers(sizes: readonly number[]): DenseLayers | undefined {
  const kernels = kernelsOrWord()
  return kernels?.memory.shared ? onEngine(kernels, sizes) : undefined
}

/** Sums of the entries before each. */
function starts(lengths: readonly number[]): number[] {
  let sum = 0
  return lengths.map((length) => {
    sum += length
    return sum - length
  })
}

function onEngine({ memory, run }: Kernels, sizes: readonly number[]): DenseLayers {
  const layers = sizes.length - 1
  const counts = Array.from({ length: layers }, (_, l) => parameterCount(sizes[l], sizes[l + 1]))
  const at = starts(counts)
  const total = counts.reduce((sum, count) => sum + count, 0)
  const own = createBlock(memory, { parameters: total * doubleBytes, gradient: total * doubleBytes })
  const valuesAt = starts(sizes)
  const width = sizes.reduce((sum, size) => sum + size, 0)
  let room = 0
  let block: Block<Piece>
  let views: { readonly values: Float64Array[]; readonly gradients: Float64Array[] }
  const address = (piece: 'values' | 'gradients', l: number) => block.address[piece] + valuesAt[l] * room * doubleBytes
  const taskAt = (l: number) => block.address.tasks + l * layout.bytes

  const reserve = (rows: number) => {
    if (rows <= room) return
    room = rows
    const bytes = width * room * doubleBytes
    block = createBlock(memory, { values: bytes, gradients: bytes, tasks: layers * layout.bytes })
    const cut = (piece: 'values' | 'gradients') => {
      const all = block.doubles(piece, width * room)
      return sizes.map((size, l) => all.subarray(valuesAt[l] * room, (valuesAt[l] + size) * room))
    }
    views = { values: cut('values'), gradients: cut('gradients') }
    block.keptBy(views.values)
    for (let l = 0; l < layers; l++) {
      const weights = own.address.parameters + at[l] * doubleBytes
      const weightGradient = own.address.gradient + at[l] * doubleBytes
      const biasOffset = sizes[l] * sizes[l + 1] * doubleBytes
      writeTask(memory.wasm.buffer, taskAt(l), layout, {
        n: sizes[l],
        m: sizes[l + 1],
        x: address('values', l),
        y: address('values', l + 1),
        yBar: address('gradients', l + 1),
        xBar: address('gradients', l),
        weights,
        biases: weights + biasOffset,
        weightsBar: weightGradient,
        biasesBar: weightGradient + biasOffset,
      })
    }
  }
  reserve(1)
  return {
    parameters: own.doubles('parameters', total),
    gradient: own.doubles('gradient', total),
    reserve,
    values: (l) => views.values[l],
    outputGradient: (l) => views.gradients[l + 1],
    forward: (l, rows) => run.dense_f64(taskAt(l), 0, rows, noScratch),
    backward(l, rows) {
      run.denseParameters_f64(taskAt(l), 0, rows, noScratch)
      if (l > 0) run.denseInput_f64(taskAt(l), 0, rows, noScratch)
    },
  }
}
