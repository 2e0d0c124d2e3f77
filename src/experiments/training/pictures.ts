/** Pictures with classes as networks take them. */

import type { Cell } from '../../core/cell.ts'
import { usageError } from '../../core/errors.ts'
import type { Bench } from '../../core/experiment.ts'
import { type Random, randomStream } from '../../core/random.ts'

type ImageDataset = Extract<ReturnType<Bench['dataset']>, { kind: 'images' }>
type Parts = Awaited<ReturnType<ImageDataset['load']>>
export type Images = Parts['train']

/** @throws RankBenchError(usage) where the data set of the cell holds other data */
export async function loadPictures(cell: Cell, bench: Bench): Promise<Parts & { readonly classes: number }> {
  const dataset = bench.dataset(cell.dataset)
  if (dataset.kind !== 'images')
    throw usageError(`${cell.experiment.name} needs pictures with classes; ${dataset.name} holds other data`)
  return { ...(await dataset.load(cell.dataset.params, bench.data)), classes: dataset.classes }
}

/** Some pictures, from 0 to 1, and their classes. */
export interface Pictures {
  /** pictures x height x width. */
  readonly inputs: Float32Array
  readonly labels: Uint8Array
}

export function picturesAt({ width, height, pixels, labels }: Images, indices: ArrayLike<number>): Pictures {
  const size = width * height
  const inputs = new Float32Array(indices.length * size)
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i] * size
    for (let k = 0; k < size; k++) inputs[i * size + k] = pixels[from + k] / 255
  }
  return { inputs, labels: Uint8Array.from({ length: indices.length }, (_, i) => labels[indices[i]]) }
}

/** Some of a part, drawn without replacement: files may hold their easy pictures first. All where there are fewer. */
export function drawnPictures(images: Images, most: number, random: Random): Pictures {
  const order = random.shuffle(Uint32Array.from(images.labels, (_, i) => i))
  return picturesAt(images, order.subarray(0, most))
}

/**
 * Indices in a new order every epoch, `batch` a step; the few that fill no step are left out of their epoch. A function of the step:
 * a training that was killed takes up the one it died in.
 * @param name of the random stream
 * @throws RankBenchError(usage) for a batch of more than there are
 */
export function shuffledBatches(
  count: number,
  batch: number,
  seed: number,
  name: string,
): (step: number) => Uint32Array {
  const inEpoch = Math.floor(count / batch)
  if (inEpoch === 0) throw usageError(`a step takes ${batch} pictures; there are ${count} to learn from`)
  let [current, order] = [-1, new Uint32Array(0)]
  return (step) => {
    const epoch = Math.floor(step / inEpoch)
    if (epoch !== current) {
      order = Uint32Array.from({ length: count }, (_, i) => i)
      randomStream(seed, `${name}/epoch ${epoch}`).shuffle(order)
      current = epoch
    }
    const from = (step % inEpoch) * batch
    return order.subarray(from, from + batch)
  }
}
