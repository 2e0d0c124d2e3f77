/** Classes by the k nearest neighbours. */

import type { Precision } from '../../core/shape.ts'
import { type Model, outputsOf } from '../../train/model.ts'
import { nearest } from '../../train/nearest.ts'
import type { Pictures } from '../training/pictures.ts'
import { majority } from './vote.ts'

/** Points with classes. */
interface Points {
  /** points x width. */
  readonly values: Float32Array
  readonly labels: Uint8Array
}

/** 1 where a query is of the class that its k nearest neighbours say, one a query. */
export function rightByNeighbours(queries: Points, neighbours: Points, k: number, precision: Precision): number[] {
  const width = queries.values.length / queries.labels.length
  const most = Math.min(k, neighbours.labels.length)
  const found = nearest(queries.values, neighbours.values, width, most, precision)
  return Array.from(queries.labels, (label, q) => {
    const own = Array.from(found.subarray(q * most, (q + 1) * most), (index) => neighbours.labels[index])
    return majority(own) === label ? 1 : 0
  })
}

/** Pictures that are passed through a network at a time. */
const block = 2048

/** Embeddings in f32, also of a network in f64: distances do not need more. @param width of a picture */
export function embed(model: Model, { inputs, labels }: Pictures, width: number): Points {
  const values = new Float32Array(labels.length * model.outputs)
  for (let start = 0; start < labels.length; start += block) {
    const part = inputs.subarray(start * width, (start + block) * width)
    values.set(outputsOf(model, part, width), start * model.outputs)
  }
  return { values, labels }
}
