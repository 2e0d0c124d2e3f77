/** A function with parameters: outputs from inputs, gradients of the parameters from gradients of the outputs. */

export interface Model {
  /** All parameters, flat; the optimiser changes them in place. */
  readonly parameters: Float64Array
  /** Numbers that come out for a row. */
  readonly outputs: number
  /**
   * rows x outputs, from rows x width, both row-major.
   * @param keeps what `backward` needs; default true
   */
  forward(inputs: Float32Array, rows: number, outputs: Float64Array, keeps?: boolean): void
  /** Adds to `gradient` that of the parameters, given that of the outputs of the last `forward` that kept. */
  backward(outputGradient: ArrayLike<number>, gradient: Float64Array): void
}

/**
 * The same function with parameters of its own: several can be trained in turns in the memory of one, as long as `backward` follows
 * its own `forward`.
 */
export function withOwnParameters(model: Model): Model {
  const parameters = model.parameters.slice()
  return {
    parameters,
    outputs: model.outputs,
    forward(inputs, rows, outputs, keeps) {
      model.parameters.set(parameters)
      model.forward(inputs, rows, outputs, keeps)
    },
    backward: model.backward,
  }
}

/** Rows passed at a time: what a model keeps of them stays small, whatever the size of the data. */
const block = 1024

/** The outputs of all rows, in their order, row-major. */
export function outputsOf(model: Model, inputs: Float32Array, width: number): Float64Array {
  const [rows, each] = [inputs.length / width, model.outputs]
  const outputs = new Float64Array(rows * each)
  for (let start = 0; start < rows; start += block) {
    const end = Math.min(start + block, rows)
    const part = outputs.subarray(start * each, end * each)
    model.forward(inputs.subarray(start * width, end * width), end - start, part, false)
  }
  return outputs
}
