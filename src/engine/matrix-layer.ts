/**
 * One dense layer on blocks of rows, y = x W + b with its backward passes: what networks are built of. Convolutions are the same
 * on rows of patches. In f32 or f64, on kernels that are also there for the layers of rankers.
 */

import type { FloatArray, Precision } from '../core/shape.ts'
import { createBlock } from './block.ts'
import { type Kernels, kernelsOrWord } from './kernels.ts'
import { taskOf, writeTask } from './task.ts'

export interface MatrixLayer {
  /** rows x inputs: written by the caller. */
  readonly x: FloatArray
  /** rows x outputs. */
  readonly y: FloatArray
  /** Gradient of what comes out, rows x outputs: written by the caller. */
  readonly yBar: FloatArray
  /** Gradient of what goes in, rows x inputs. */
  readonly xBar: FloatArray
  /** inputs x outputs, then outputs: gradients that `backward` adds to. */
  readonly gradient: FloatArray
  /** Takes weights (inputs x outputs, row-major) and biases. */
  load(parameters: ArrayLike<number>): void
  forward(rows: number): void
  /** From x and yBar to the gradient of the parameters. */
  backward(rows: number): void
  /** From yBar to xBar. */
  backwardInput(rows: number): void
}

/** Most rows of a call, and what a row goes from and to. */
export interface MatrixSize {
  readonly rows: number
  readonly inputs: number
  readonly outputs: number
}

const noScratch = 0
const layout = taskOf('dense')

/** Undefined where the engine cannot run, after a warning. */
export function matrixLayer(size: MatrixSize, precision: Precision): MatrixLayer | undefined {
  const kernels = kernelsOrWord()
  return kernels && onEngine(kernels, size, precision)
}

function onEngine({ memory, run }: Kernels, { rows, inputs, outputs }: MatrixSize, precision: Precision): MatrixLayer {
  const width = precision === 'f32' ? 4 : 8
  const [weightCount, count] = [inputs * outputs, (inputs + 1) * outputs]
  const block = createBlock(memory, {
    x: rows * inputs * width,
    y: rows * outputs * width,
    yBar: rows * outputs * width,
    xBar: rows * inputs * width,
    parameters: count * width,
    gradient: count * width,
    transposed: weightCount * width,
    zeros: inputs * width,
    tasks: 2 * layout.bytes,
  })
  const { address } = block
  const floats = (name: Parameters<typeof block.floats>[0], length: number) => block.floats(name, precision, length)
  const [parameters, transposed] = [floats('parameters', count), floats('transposed', weightCount)]
  floats('zeros', inputs).fill(0)
  const [task, back] = [address.tasks, address.tasks + layout.bytes]
  writeTask(memory.wasm.buffer, task, layout, {
    n: inputs,
    m: outputs,
    x: address.x,
    y: address.y,
    yBar: address.yBar,
    weights: address.parameters,
    biases: address.parameters + weightCount * width,
    weightsBar: address.gradient,
    biasesBar: address.gradient + weightCount * width,
  })
  // xBar = yBar W^T is a forward pass of the transposed weights, whose kernel is four times as fast as sums along rows of W.
  writeTask(memory.wasm.buffer, back, layout, {
    n: outputs,
    m: inputs,
    x: address.yBar,
    y: address.xBar,
    weights: address.transposed,
    biases: address.zeros,
  })
  const kernel = (name: string) => run[`${name}_${precision}`]
  const [dense, denseParameters] = [kernel('dense'), kernel('denseParameters')]
  return {
    x: floats('x', rows * inputs),
    y: floats('y', rows * outputs),
    yBar: floats('yBar', rows * outputs),
    xBar: floats('xBar', rows * inputs),
    gradient: floats('gradient', count),
    load(given) {
      for (let k = 0; k < count; k++) parameters[k] = given[k]
      for (let i = 0; i < inputs; i++) {
        for (let o = 0; o < outputs; o++) transposed[o * inputs + i] = given[i * outputs + o]
      }
    },
    forward: (own) => dense(task, 0, own, noScratch),
    backward: (own) => denseParameters(task, 0, own, noScratch),
    backwardInput: (own) => dense(back, 0, own, noScratch),
  }
}
