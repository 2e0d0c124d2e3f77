/** The dense layer of `engine/matrix-layer.ts` in plain TypeScript, f64: where there is no engine, and what it is held to. */

import type { MatrixLayer, MatrixSize } from '../engine/matrix-layer.ts'
import { dense, denseInput, denseParameters, layerAt, parameterCount } from './dense.ts'

export function plainMatrix({ rows, inputs, outputs }: MatrixSize): MatrixLayer {
  const count = parameterCount(inputs, outputs)
  const [parameters, gradient] = [new Float64Array(count), new Float64Array(count)]
  const [x, y] = [new Float64Array(rows * inputs), new Float64Array(rows * outputs)]
  const [xBar, yBar] = [new Float64Array(rows * inputs), new Float64Array(rows * outputs)]
  const [layer, slot] = [parameters, gradient].map((flat) => layerAt(flat, 0, inputs, outputs))
  return {
    x,
    y,
    xBar,
    yBar,
    gradient,
    load: (given) => parameters.set(given),
    forward: (own) => dense(layer, x, own, y),
    backward: (own) => denseParameters(slot, x, own, yBar),
    backwardInput: (own) => denseInput(layer, own, yBar, xBar),
  }
}
