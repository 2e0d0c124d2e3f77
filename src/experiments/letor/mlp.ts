/** A multilayer perceptron with one output: dense layers, ReLU or tanh between them. */

import type { Random } from '../../core/random.ts'
import type { Scorer } from './scorer.ts'

export type Activation = 'relu' | 'tanh'

/** One dense layer: `in x out` weights and `out` biases inside the flat parameters. */
interface Layer {
  readonly inputs: number
  readonly outputs: number
  readonly weights: Float64Array
  readonly biases: Float64Array
  /** Where the layer begins in the flat parameters. */
  readonly at: number
}

interface Activated {
  readonly value: (x: number) => number
  /** Derivative, from the value. */
  readonly slope: (y: number) => number
}

const activations: Readonly<Record<Activation, Activated>> = {
  relu: { value: (x) => Math.max(x, 0), slope: (y) => (y > 0 ? 1 : 0) },
  tanh: { value: Math.tanh, slope: (y) => 1 - y * y },
}

function createLayers(sizes: readonly number[], random: Random): { layers: Layer[]; parameters: Float64Array } {
  const counts = sizes.slice(1).map((outputs, l) => (sizes[l] + 1) * outputs)
  const parameters = new Float64Array(counts.reduce((a, b) => a + b, 0))
  let at = 0
  const layers = counts.map((count, l) => {
    const [inputs, outputs] = [sizes[l], sizes[l + 1]]
    const weights = parameters.subarray(at, at + inputs * outputs)
    const biases = parameters.subarray(at + inputs * outputs, at + count)
    // He et al. 2015: variance 2 / inputs keeps the signal's size through ReLU layers.
    for (let k = 0; k < weights.length; k++) weights[k] = Math.sqrt(2 / inputs) * random.normal()
    const layer = { inputs, outputs, weights, biases, at }
    at += count
    return layer
  })
  return { layers, parameters }
}

/** y = x W + b, row by row; the inner loop runs along rows of W. */
function dense({ inputs, outputs, weights, biases }: Layer, x: ArrayLike<number>, rows: number, y: Float64Array): void {
  for (let i = 0; i < rows; i++) {
    for (let o = 0; o < outputs; o++) y[i * outputs + o] = biases[o]
    for (let k = 0; k < inputs; k++) {
      const value = x[i * inputs + k]
      if (value === 0) continue
      for (let o = 0; o < outputs; o++) y[i * outputs + o] += value * weights[k * outputs + o]
    }
  }
}

/** Adds x^T g to the weights' gradient and the column sums of g to the biases'. */
function denseParameters(
  layer: Layer,
  x: ArrayLike<number>,
  rows: number,
  g: ArrayLike<number>,
  gradient: Float64Array,
): void {
  const { inputs, outputs, at } = layer
  const biasAt = at + inputs * outputs
  for (let i = 0; i < rows; i++) {
    for (let o = 0; o < outputs; o++) gradient[biasAt + o] += g[i * outputs + o]
    for (let k = 0; k < inputs; k++) {
      const value = x[i * inputs + k]
      if (value === 0) continue
      for (let o = 0; o < outputs; o++) gradient[at + k * outputs + o] += value * g[i * outputs + o]
    }
  }
}

/** g W^T: the gradient of the layer's input. */
function denseInput({ inputs, outputs, weights }: Layer, rows: number, g: ArrayLike<number>, out: Float64Array): void {
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inputs; k++) {
      let sum = 0
      for (let o = 0; o < outputs; o++) sum += g[i * outputs + o] * weights[k * outputs + o]
      out[i * inputs + k] = sum
    }
  }
}

/** @param hidden sizes of the hidden layers, e.g. [64, 32] */
export function mlpScorer(width: number, hidden: readonly number[], activation: Activation, random: Random): Scorer {
  const { layers, parameters } = createLayers([width, ...hidden, 1], random)
  const { value, slope } = activations[activation]
  /** Output of each hidden layer at the last forward, and a gradient of the same size; grown to the largest batch seen. */
  let outputs: Float64Array[] = []
  let gradients: Float64Array[] = []
  let room = 0
  const makeRoom = (rows: number) => {
    if (rows <= room) return
    room = rows
    outputs = hidden.map((size) => new Float64Array(rows * size))
    gradients = hidden.map((size) => new Float64Array(rows * size))
  }
  return {
    parameters,
    forward(features, rows, scores) {
      makeRoom(rows)
      for (let l = 0; l < layers.length; l++) {
        const y = l < hidden.length ? outputs[l] : scores
        dense(layers[l], l === 0 ? features : outputs[l - 1], rows, y)
        if (l < hidden.length) for (let k = 0; k < rows * hidden[l]; k++) y[k] = value(y[k])
      }
    },
    backward(features, rows, scoreGradient, gradient) {
      for (let l = layers.length - 1; l >= 0; l--) {
        const g = l < hidden.length ? gradients[l] : scoreGradient
        denseParameters(layers[l], l === 0 ? features : outputs[l - 1], rows, g, gradient)
        if (l === 0) continue
        denseInput(layers[l], rows, g, gradients[l - 1])
        for (let k = 0; k < rows * hidden[l - 1]; k++) gradients[l - 1][k] *= slope(outputs[l - 1][k])
      }
    },
  }
}
