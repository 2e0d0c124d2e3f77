/**
 * A multilayer perceptron with one output: dense layers with an activation between them. Written out here because no
 * package on npm both trains with a gradient computed elsewhere and installs small, without downloads of its own.
 */

import type { Random } from '../../core/random.ts'
import { type Activation, type ActivationFunction, activations } from './activation.ts'
import { dense, denseInput, denseParameters, type Layer, layerAt, parameterCount } from './dense.ts'
import type { Scorer } from './scorer.ts'

const parametersOf = (sizes: readonly number[]): number =>
  sizes.slice(1).reduce((sum, outputs, l) => sum + parameterCount(sizes[l], outputs), 0)

/** Views of all layers into flat parameters (or into their gradient). */
function layersOf(sizes: readonly number[], parameters: Float64Array): Layer[] {
  let start = 0
  return sizes.slice(1).map((outputs, l) => {
    const layer = layerAt(parameters, start, sizes[l], outputs)
    start += parameterCount(sizes[l], outputs)
    return layer
  })
}

/** Normal weights of the activation's variance; biases stay 0. */
function initialise(layers: readonly Layer[], activation: ActivationFunction, random: Random): void {
  for (const { inputs, outputs, weights } of layers) {
    const deviation = Math.sqrt(activation.initialVariance(inputs, outputs))
    for (let k = 0; k < weights.length; k++) weights[k] = deviation * random.normal()
  }
}

/** What a pass over some rows leaves behind: for each layer its input and dL/dy, both rows x size. */
interface Pass {
  rows: number
  readonly inputs: readonly Float64Array[]
  readonly gradients: readonly Float64Array[]
}

/** @param sizes width, hidden sizes, 1 */
const createPass = (sizes: readonly number[], rows: number): Pass => ({
  rows,
  inputs: sizes.slice(0, -1).map((size) => new Float64Array(rows * size)),
  gradients: sizes.slice(1).map((size) => new Float64Array(rows * size)),
})

/** @param hidden sizes of the hidden layers, e.g. [64, 32] */
export function mlpScorer(width: number, hidden: readonly number[], activation: Activation, random: Random): Scorer {
  const sizes = [width, ...hidden, 1]
  const parameters = new Float64Array(parametersOf(sizes))
  const layers = layersOf(sizes, parameters)
  const act = activations[activation]
  initialise(layers, act, random)
  let pass = createPass(sizes, 0)
  let room = 0
  /** Grown to the largest block seen. */
  const makeRoom = (rows: number) => {
    if (rows > room) {
      room = rows
      pass = createPass(sizes, rows)
    }
    pass.rows = rows
  }
  return {
    parameters,
    forward(features, rows, scores) {
      makeRoom(rows)
      pass.inputs[0].set(features.subarray(0, rows * width))
      layers.forEach((layer, l) => {
        const y = l < hidden.length ? pass.inputs[l + 1] : scores
        dense(layer, pass.inputs[l], rows, y)
        if (l < hidden.length) for (let k = 0; k < rows * layer.outputs; k++) y[k] = act.value(y[k])
      })
    },
    backward(scoreGradient, gradient) {
      const { rows, inputs, gradients } = pass
      const slots = layersOf(sizes, gradient)
      for (let i = 0; i < rows; i++) gradients[hidden.length][i] = scoreGradient[i]
      for (let l = hidden.length; l >= 0; l--) {
        denseParameters(slots[l], inputs[l], rows, gradients[l])
        if (l === 0) break
        denseInput(layers[l], rows, gradients[l], gradients[l - 1])
        for (let k = 0; k < rows * sizes[l]; k++) gradients[l - 1][k] *= act.slope(inputs[l][k])
      }
    },
  }
}
