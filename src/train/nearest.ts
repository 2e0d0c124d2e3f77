/**
 * The nearest of many points, by Euclidean distance: |q - c|^2 = |q|^2 - 2 q.c + |c|^2, whose last two terms are a dense layer with weights
 * -2 c and biases |c|^2; the first is the same for all c.
 */

import type { Precision } from '../core/shape.ts'
import { matrixLayer } from '../engine/matrix-layer.ts'
import { plainMatrix } from './plain-matrix.ts'

/** Queries and candidates of a product. */
const [rows, columns] = [256, 512]

/** The k nearest so far of every query, the nearest first; of equal ones those that came first. */
function createNearest(queries: number, k: number) {
  const distances = new Float64Array(queries * k).fill(Number.POSITIVE_INFINITY)
  const indices = new Uint32Array(queries * k)
  return {
    indices,
    offer(query: number, candidate: number, distance: number): void {
      let at = (query + 1) * k - 1
      if (!(distance < distances[at])) return
      for (; at > query * k && distances[at - 1] > distance; at--) {
        distances[at] = distances[at - 1]
        indices[at] = indices[at - 1]
      }
      distances[at] = distance
      indices[at] = candidate
    },
  }
}

/** Weights and biases of the layer of candidates from `first` on. */
function layerOf(candidates: Float32Array, width: number, first: number, count: number): Float64Array {
  const parameters = new Float64Array((width + 1) * columns)
  for (let c = 0; c < count; c++) {
    let square = 0
    for (let i = 0; i < width; i++) {
      const value = candidates[(first + c) * width + i]
      parameters[i * columns + c] = -2 * value
      square += value * value
    }
    parameters[width * columns + c] = square
  }
  return parameters
}

/**
 * @param queries, candidates points of `width` numbers, row-major
 * @param k at most as many as there are candidates
 * @returns indices of candidates, k a query, the nearest first
 */
export function nearest(
  queries: Float32Array,
  candidates: Float32Array,
  width: number,
  k: number,
  precision: Precision,
): Uint32Array {
  const [asking, offered] = [queries.length / width, candidates.length / width]
  const size = { rows, inputs: width, outputs: columns }
  const matrix = matrixLayer(size, precision) ?? plainMatrix(size)
  const found = createNearest(asking, k)
  for (let first = 0; first < offered; first += columns) {
    const count = Math.min(columns, offered - first)
    matrix.load(layerOf(candidates, width, first, count))
    for (let start = 0; start < asking; start += rows) {
      const own = Math.min(rows, asking - start)
      matrix.x.set(queries.subarray(start * width, (start + own) * width))
      matrix.forward(own)
      for (let q = 0; q < own; q++) {
        for (let c = 0; c < count; c++) found.offer(start + q, first + c, matrix.y[q * columns + c])
      }
    }
  }
  return found.indices
}
