/** Dense layers where there is no engine: the same contract in plain TypeScript. */

import type { DenseLayers } from '../engine/dense-layers.ts'
import { dense, denseInput, denseParameters, layerAt, parameterCount } from './dense.ts'

/** @param sizes width, hidden sizes, outputs */
export function plainLayers(sizes: readonly number[]): DenseLayers {
  const counts = sizes.slice(1).map((outputs, l) => parameterCount(sizes[l], outputs))
  const total = counts.reduce((sum, count) => sum + count, 0)
  const [parameters, gradient] = [new Float64Array(total), new Float64Array(total)]
  const viewsOf = (flat: Float64Array) => {
    let start = 0
    return counts.map((count, l) => {
      start += count
      return layerAt(flat, start - count, sizes[l], sizes[l + 1])
    })
  }
  const [layers, slots] = [viewsOf(parameters), viewsOf(gradient)]
  let room = 0
  let values: Float64Array[] = []
  let gradients: Float64Array[] = []
  return {
    parameters,
    gradient,
    reserve(rows) {
      if (rows <= room) return
      room = rows
      values = sizes.map((size) => new Float64Array(rows * size))
      gradients = sizes.map((size) => new Float64Array(rows * size))
    },
    values: (l) => values[l],
    outputGradient: (l) => gradients[l + 1],
    forward: (l, rows) => dense(layers[l], values[l], rows, values[l + 1]),
    backward(l, rows) {
      denseParameters(slots[l], values[l], rows, gradients[l + 1])
      if (l > 0) denseInput(layers[l], rows, gradients[l + 1], gradients[l])
    },
  }
}
