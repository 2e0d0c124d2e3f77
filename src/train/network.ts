/** Layers one after another as a model with one output a row. */

import type { OpenNetwork } from '../core/network.ts'
import type { Random } from '../core/random.ts'
import type { FloatArray, Precision } from '../core/shape.ts'
import type { Model } from './model.ts'
import {
  convolution,
  denseLayer,
  halved,
  type NetworkLayer,
  type Picture,
  relu,
  reluPool,
  sizeOf,
} from './network-layers.ts'

/** How weights and biases of a layer begin. */
interface Initial {
  deviation(fanIn: number): number
  /** Draws beyond two deviations are drawn again. */
  readonly truncated: boolean
  readonly bias: number
}

/** He, Zhang, Ren, Sun, Delving Deep into Rectifiers, ICCV 2015. */
export const heInitial: Initial = { deviation: (fanIn) => Math.sqrt(2 / fanIn), truncated: false, bias: 0 }

/** What the published sorting networks begin with. */
export const publishedInitial: Initial = { deviation: () => 0.1, truncated: true, bias: 0.1 }

function drawn({ truncated }: Initial, random: Random): number {
  for (;;) {
    const value = random.normal()
    if (!truncated || Math.abs(value) <= 2) return value
  }
}

const buffer = (precision: Precision, length: number): FloatArray =>
  precision === 'f32' ? new Float32Array(length) : new Float64Array(length)

/** Where the parameters of each layer begin, and how many there are of it. */
function placesOf(layers: readonly NetworkLayer[]) {
  const counts = layers.map(({ learns: [weights, biases] }) => weights + biases)
  return { counts, starts: counts.map((_, l) => counts.slice(0, l).reduce((sum, count) => sum + count, 0)) }
}

function initialParameters(layers: readonly NetworkLayer[], initial: Initial, random: Random): Float64Array {
  const { counts, starts } = placesOf(layers)
  const parameters = new Float64Array(counts.reduce((sum, count) => sum + count, 0))
  layers.forEach(({ learns: [weights, biases], fanIn }, l) => {
    for (let k = 0; k < weights; k++) parameters[starts[l] + k] = initial.deviation(fanIn) * drawn(initial, random)
    parameters.fill(initial.bias, starts[l] + weights, starts[l] + weights + biases)
  })
  return parameters
}

/** @param layers the last of which puts out one number */
export function networkModel(
  layers: readonly NetworkLayer[],
  initial: Initial,
  random: Random,
  precision: Precision,
): Model {
  const { counts, starts } = placesOf(layers)
  const parameters = initialParameters(layers, initial, random)
  const own = (flat: Float64Array, l: number) => flat.subarray(starts[l], starts[l] + counts[l])
  const sizes = [layers[0].inputs, ...layers.map(({ outputs }) => outputs)]
  let [room, seen] = [0, 0]
  let values: FloatArray[] = []
  let slopes: FloatArray[] = []
  const reserve = (rows: number) => {
    if (rows <= room) return
    room = rows
    values = sizes.map((size) => buffer(precision, rows * size))
    slopes = sizes.map((size, l) => (l === 0 ? new Float32Array(0) : buffer(precision, rows * size)))
  }
  return {
    parameters,
    forward(inputs, rows, outputs) {
      reserve(rows)
      seen = rows
      values[0].set(inputs.subarray(0, rows * sizes[0]))
      layers.forEach((layer, l) => {
        layer.load(own(parameters, l))
        layer.forward(values[l], rows, values[l + 1])
      })
      outputs.set(values[layers.length].subarray(0, rows))
    },
    backward(outputGradient, gradient) {
      const last = slopes[layers.length]
      for (let i = 0; i < seen; i++) last[i] = outputGradient[i]
      for (let l = layers.length - 1; l >= 0; l--) {
        const before = l === 0 ? undefined : slopes[l]
        layers[l].backward(values[l], values[l + 1], seen, slopes[l + 1], before, own(gradient, l))
      }
    },
  }
}

/** Numbers of filters and of hidden units. */
export interface NetworkSize {
  readonly filters: readonly number[]
  readonly hidden: number
}

const side = 5

/** Convolutions of 5 x 5, each with ReLU and halved, then a hidden layer and one output. */
export function convolutionalLayers(
  picture: Picture,
  { filters, hidden }: NetworkSize,
  precision: Precision,
): NetworkLayer[] {
  const layers: NetworkLayer[] = []
  let shape = picture
  for (const count of filters) {
    layers.push(convolution(shape, count, side, precision))
    shape = { ...shape, channels: count }
    layers.push(reluPool(shape))
    shape = halved(shape)
  }
  return [...layers, denseLayer(sizeOf(shape), hidden, precision), relu(hidden), denseLayer(hidden, 1, precision)]
}

/** The same network, begun with the same parameters, its passes computed by somebody else. */
export function computedModel(
  picture: Picture,
  size: NetworkSize,
  initial: Initial,
  random: Random,
  open: OpenNetwork,
): Model {
  const parameters = initialParameters(convolutionalLayers(picture, size, 'f32'), initial, random)
  const network = open({ ...picture, ...size, outputs: 1 })
  return {
    parameters,
    forward: (inputs, rows, outputs, keeps = true) => network.forward(parameters, inputs, rows, outputs, keeps),
    backward: (outputGradient, gradient) => network.backward(outputGradient, gradient),
  }
}
