/**
 * Lists cut into minibatches. Their composition is drawn once from the seed, so that every plan is allocated once; the
 * order of the minibatches is drawn anew each epoch. Documents are re-laid so that a minibatch is one block.
 */

import type { RankingData } from '../../core/dataset.ts'
import type { OperatorSpec, Plan } from '../../core/method.ts'
import type { Params } from '../../core/params.ts'
import type { Random } from '../../core/random.ts'
import { type Precision, raggedShape } from '../../core/shape.ts'

export interface Minibatch {
  readonly features: Float32Array
  readonly rows: number
  readonly loss: Plan
}

/** Features and labels of some lists, one after another. */
function gather(data: RankingData, lists: readonly number[]) {
  const lengths = lists.map((q) => data.offsets[q + 1] - data.offsets[q])
  const rows = lengths.reduce((a, b) => a + b, 0)
  const features = new Float32Array(rows * data.width)
  const labels = new Float32Array(rows)
  let row = 0
  for (const q of lists) {
    const [start, end] = [data.offsets[q], data.offsets[q + 1]]
    features.set(data.features.subarray(start * data.width, end * data.width), row * data.width)
    labels.set(data.labels.subarray(start, end), row)
    row += end - start
  }
  return { features, labels, rows, shape: raggedShape(lengths) }
}

/** @param size lists in a minibatch */
export function createMinibatches(
  data: RankingData,
  size: number,
  loss: OperatorSpec,
  params: Params,
  precision: Precision,
  random: Random,
): Minibatch[] {
  const order = random.shuffle(data.queries.map((_, q) => q))
  const batches: Minibatch[] = []
  for (let start = 0; start < order.length; start += size) {
    const { features, labels, rows, shape } = gather(data, order.slice(start, start + size))
    const plan = loss.plan(shape, params, precision)
    plan.labels!.set(labels)
    plan.cotangent.fill(1)
    batches.push({ features, rows, loss: plan })
  }
  return batches
}
