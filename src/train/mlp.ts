/**
 * A multilayer perceptron with one output: dense layers with an activation between them. Written out here because no
 * package on npm both trains with a gradient computed elsewhere and installs small, without downloads of its own.
 */

import type { Random } from '../core/random.ts'
import type { DenseLayers } from '../engine/dense-layers.ts'
import { type Activation, type ActivationFunction, activations } from './activation.ts'
import { layerAt, parameterCount } from './dense.ts'
import { createLayers } from './layers.ts'
import type { Model } from './model.ts'

/** Normal weights of the activation's variance; biases stay 0. */
function initialise(
  parameters: Float64Array,
  sizes: readonly number[],
  activation: ActivationFunction,
  random: Random,
): void {
  let start = 0
  for (const [l, outputs] of sizes.slice(1).entries()) {
    const { inputs, weights } = layerAt(parameters, start, sizes[l], outputs)
    const deviation = Math.sqrt(activation.initialVariance(inputs, outputs))
    for (let k = 0; k < weights.length; k++) weights[k] = deviation * random.normal()
    start += parameterCount(inputs, outputs)
  }
}

/**
 * @param hidden sizes of the hidden layers, e.g. [64, 32]
 * @param create where the layers are computed; default the engine, and plain TypeScript where there is none
 */
export function mlpModel(
  width: number,
  hidden: readonly number[],
  activation: Activation,
  random: Random,
  create: (sizes: readonly number[]) => DenseLayers = createLayers,
): Model {
  const sizes = [width, ...hidden, 1]
  const layers = create(sizes)
  const act = activations[activation]
  initialise(layers.parameters, sizes, act, random)
  let seen = 0
  return {
    parameters: layers.parameters,
    outputs: 1,
    forward(inputs, rows, outputs) {
      layers.reserve(rows)
      seen = rows
      layers.values(0).set(inputs.subarray(0, rows * width))
      for (const l of sizes.slice(1).keys()) {
        layers.forward(l, rows)
        if (l === hidden.length) break
        const y = layers.values(l + 1)
        for (let k = 0; k < rows * sizes[l + 1]; k++) y[k] = act.value(y[k])
      }
      outputs.set(layers.values(hidden.length + 1).subarray(0, rows))
    },
    backward(outputGradient, gradient) {
      layers.gradient.fill(0)
      const last = layers.outputGradient(hidden.length)
      for (let i = 0; i < seen; i++) last[i] = outputGradient[i]
      for (let l = hidden.length; l >= 0; l--) {
        layers.backward(l, seen)
        if (l === 0) break
        const [slopes, values] = [layers.outputGradient(l - 1), layers.values(l)]
        for (let k = 0; k < seen * sizes[l]; k++) slopes[k] *= act.slope(values[k])
      }
      for (let k = 0; k < gradient.length; k++) gradient[k] += layers.gradient[k]
    },
  }
}
