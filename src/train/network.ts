/** Layers one after another as a model. */

import { usageError } from '../core/errors.ts'
import type { OpenNetwork } from '../core/network.ts'
import type { Random } from '../core/random.ts'
import type { FloatArray, Precision } from '../core/shape.ts'
import type { Model } from './model.ts'
import {
  convolution,
  convolved,
  denseLayer,
  halved,
  type NetworkLayer,
  type Padding,
  type Picture,
  relu,
  reluPool,
  sizeOf,
} from './network-layers.ts'

/** How weights and biases of a layer begin, by the numbers that one of its outputs is a sum of. */
export interface Initial {
  weight(fanIn: number, random: Random): number
  bias(fanIn: number, random: Random): number
}

/** He, Zhang, Ren, Sun, Delving Deep into Rectifiers, ICCV 2015. */
export const heInitial: Initial = {
  weight: (fanIn, random) => Math.sqrt(2 / fanIn) * random.normal(),
  bias: () => 0,
}

/** A normal number that lies within two deviations. */
function truncatedNormal(random: Random): number {
  for (;;) {
    const value = random.normal()
    if (Math.abs(value) <= 2) return value
  }
}

/** What the published sorting networks begin with. */
export const publishedInitial: Initial = {
  weight: (_fanIn, random) => 0.1 * truncatedNormal(random),
  bias: () => 0.1,
}

/** What PyTorch begins its layers with: uniform within 1 / sqrt(fan in), biases too. */
export const uniformInitial: Initial = {
  weight: (fanIn, random) => (2 * random.uniform() - 1) / Math.sqrt(fanIn),
  bias: (fanIn, random) => (2 * random.uniform() - 1) / Math.sqrt(fanIn),
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
    for (let k = 0; k < weights; k++) parameters[starts[l] + k] = initial.weight(fanIn, random)
    for (let k = 0; k < biases; k++) parameters[starts[l] + weights + k] = initial.bias(fanIn, random)
  })
  return parameters
}

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
  const outputCount = sizes[layers.length]
  return {
    parameters,
    outputs: outputCount,
    forward(inputs, rows, outputs) {
      reserve(rows)
      seen = rows
      values[0].set(inputs.subarray(0, rows * sizes[0]))
      layers.forEach((layer, l) => {
        layer.load(own(parameters, l))
        layer.forward(values[l], rows, values[l + 1])
      })
      outputs.set(values[layers.length].subarray(0, rows * outputCount))
    },
    backward(outputGradient, gradient) {
      const last = slopes[layers.length]
      for (let i = 0; i < seen * outputCount; i++) last[i] = outputGradient[i]
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

/**
 * Convolutions of 5 x 5, each with ReLU and halved, then a hidden layer with ReLU.
 * @throws RankBenchError(usage) for more convolutions than the picture can be halved
 */
export function hiddenLayers(
  picture: Picture,
  { filters, hidden }: NetworkSize,
  precision: Precision,
  padding: Padding = 'same',
): NetworkLayer[] {
  const layers: NetworkLayer[] = []
  let shape = picture
  for (const count of filters) {
    layers.push(convolution(shape, count, side, precision, padding))
    shape = { ...convolved(shape, side, padding), channels: count }
    if (shape.height < 2 || shape.width < 2)
      throw usageError(
        `${filters.length} convolutions leave nothing of pictures of ${picture.height} x ${picture.width}`,
        'fewer filters, joined by x',
      )
    layers.push(reluPool(shape))
    shape = halved(shape)
  }
  return [...layers, denseLayer(sizeOf(shape), hidden, precision), relu(hidden)]
}

/** The same, and so many outputs. */
export const convolutionalLayers = (
  picture: Picture,
  size: NetworkSize,
  precision: Precision,
  outputs = 1,
): NetworkLayer[] => [...hiddenLayers(picture, size, precision), denseLayer(size.hidden, outputs, precision)]

/** The network of `convolutionalLayers`, begun with the same parameters, its passes computed by somebody else. */
export function computedModel(
  picture: Picture,
  size: NetworkSize,
  outputs: number,
  initial: Initial,
  random: Random,
  open: OpenNetwork,
): Model {
  const parameters = initialParameters(convolutionalLayers(picture, size, 'f32', outputs), initial, random)
  const network = open({ ...picture, ...size, outputs })
  return {
    parameters,
    outputs,
    forward: (inputs, rows, values, keeps = true) => network.forward(parameters, inputs, rows, values, keeps),
    backward: (outputGradient, gradient) => network.backward(outputGradient, gradient),
  }
}
