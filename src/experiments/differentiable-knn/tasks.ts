/** What is trained: an embedding in which neighbours vote, or classes on top of it. */

import type { OperatorSpec } from '../../core/method.ts'
import type { MethodRef } from '../../core/method-ref.ts'
import { randomStream } from '../../core/random.ts'
import type { LossAt } from '../../train/loop.ts'
import { type Model, outputsOf } from '../../train/model.ts'
import { hiddenLayers, networkModel } from '../../train/network.ts'
import { denseLayer } from '../../train/network-layers.ts'
import { classLoss } from '../training/class-loss.ts'
import { neighbourLoss } from './loss.ts'
import { embed, rightByNeighbours } from './neighbours.ts'
import type { Settings } from './settings.ts'
import { type Judged, type Parts, picturesOf } from './test-pictures.ts'

export interface PictureTask {
  readonly model: Model
  /** Pictures in a step, by what they are for. */
  readonly sizes: readonly number[]
  readonly loss: (outputs: Float64Array, batch: { readonly labels: Uint8Array; readonly noise: Float64Array }) => LossAt
  /** 1 where a picture's class is found, one a picture of the part. */
  right(part: Judged): number[]
}

interface Given {
  readonly spec: OperatorSpec
  readonly method: MethodRef
  readonly parts: Parts
  readonly settings: Settings
  readonly seed: number
}

/** Initial weights of the embedding do not depend on the method, nor on what stands on top of it. */
function networkOf({ parts, settings, seed }: Given, outputs: readonly number[]): Model {
  const { size, initial, precision } = settings
  const { width, height } = parts.train
  const layers = hiddenLayers({ width, height, channels: 1 }, size, precision, 'valid')
  const top = outputs.map((count) => denseLayer(size.hidden, count, precision))
  return networkModel([...layers, ...top], initial, randomStream(seed, 'differentiable kNN/initial'), precision)
}

const pixels = ({ train }: Parts): number => train.width * train.height

export function embeddingTask(given: Given): PictureTask {
  const { spec, method, parts, settings, seed } = given
  const model = networkOf(given, [])
  const { queries, candidates, gumbel } = settings
  return {
    model,
    sizes: [queries, candidates],
    loss: neighbourLoss(spec, method, { queries, candidates, gumbel, width: model.outputs }).at,
    right(part) {
      const [asking, neighbours] = picturesOf(parts, part, settings, seed).map((each) =>
        embed(model, each, pixels(parts)),
      )
      return rightByNeighbours(asking, neighbours, Number(method.params.k), settings.precision)
    },
  }
}

/** The largest of the outputs is the true class; one that is as large is not it. */
const isFound = (outputs: Float64Array, label: number): boolean =>
  outputs.every((output, c) => c === label || output < outputs[label])

export function classifierTask(given: Given): PictureTask {
  const { spec, method, parts, settings, seed } = given
  const { classes } = parts
  const model = networkOf(given, [classes])
  return {
    model,
    sizes: [settings.queries],
    loss: classLoss(spec, method, settings.queries, classes).at,
    right(part) {
      const [{ inputs, labels }] = picturesOf(parts, part, settings, seed)
      const outputs = outputsOf(model, inputs, pixels(parts))
      return Array.from(labels, (label, i) =>
        isFound(outputs.subarray(i * classes, (i + 1) * classes), label) ? 1 : 0,
      )
    },
  }
}
