/**
 * Lists cut into minibatches. Which lists make up a minibatch is drawn once from the seed, so that every plan is allocated
 * once; the order of the minibatches, and of the documents within each list, is drawn anew every epoch.
 *
 * Documents are shuffled because some losses break ties of labels by position (ListMLE), and files are not in random
 * order: MQ2008 lists documents by name, so that on it such a loss would learn the names' order instead of relevance.
 */

import type { RankingData } from '../../core/dataset.ts'
import { maximum } from '../../core/extremes.ts'
import type { OperatorSpec, Plan } from '../../core/method.ts'
import type { Params } from '../../core/params.ts'
import type { Random } from '../../core/random.ts'
import { type Precision, raggedShape } from '../../core/shape.ts'
import type { Batch, Batches } from '../../train/batches.ts'
import type { LossAt } from '../../train/loop.ts'

/** Some lists, one after another: features and labels in the order of this epoch. */
interface Minibatch extends Batch {
  readonly loss: Plan
}

interface Minibatches {
  /** How many there are: steps of an epoch. */
  readonly count: number
  /**
   * Epochs without end, in orders of their own. Several streams take turns on the same plans, so a batch is done with
   * before another stream moves on.
   */
  stream(random: Random): Batches<Minibatch>
  dispose(): void
}

/** A minibatch before its features are copied, and where they come from. */
interface Planned {
  readonly rows: number
  readonly loss: Plan
  /** Rows of the data, list by list. */
  readonly sources: readonly Uint32Array[]
}

/** Copies labels of the sources to the plan and their features to `room`, in their order. */
function gather(data: RankingData, { sources, rows, loss }: Planned, room: Float32Array): Minibatch {
  const { width, features } = data
  const labels = loss.labels!
  let [row, to] = [0, 0]
  for (const list of sources) {
    for (const source of list) {
      const start = source * width
      for (let j = 0; j < width; j++) room[to++] = features[start + j]
      labels[row++] = data.labels[source]
    }
  }
  return { inputs: room.subarray(0, to), rows, loss }
}

const rowsOf = ({ offsets }: RankingData, q: number): Uint32Array =>
  Uint32Array.from({ length: offsets[q + 1] - offsets[q] }, (_, i) => offsets[q] + i)

/** The loss of a minibatch at these scores, the mean over its lists. */
export function lossOf(scores: Float64Array, { loss }: Minibatch): LossAt {
  loss.values.set(scores)
  loss.forward()
  loss.backward()
  let sum = 0
  for (let i = 0; i < loss.output.length; i++) sum += loss.output[i]
  return { value: sum / loss.output.length, gradient: loss.gradient }
}

/**
 * @param size lists in a minibatch; the last one may be smaller
 * @param random draws which lists make up a minibatch
 */
export function createMinibatches(
  data: RankingData,
  size: number,
  loss: OperatorSpec,
  params: Params,
  precision: Precision,
  random: Random,
): Minibatches {
  const allocate = (lists: readonly number[]): Planned => {
    const sources = lists.map((q) => rowsOf(data, q))
    const shape = raggedShape(sources.map((rows) => rows.length))
    const plan = loss.plan(shape, params, precision)
    // With reduction=none the plan has an output a list: their mean is what training descends.
    plan.cotangent.fill(1 / plan.output.length)
    return { rows: shape.offsets[lists.length], loss: plan, sources }
  }
  const order = random.shuffle(data.queries.map((_, q) => q))
  const batches = Array.from({ length: Math.ceil(order.length / size) }, (_, b) =>
    allocate(order.slice(b * size, (b + 1) * size)),
  )
  const largest = maximum(
    batches.map(({ rows }) => rows),
    0,
  )
  const room = new Float32Array(largest * data.width)
  return {
    count: batches.length,
    stream(orders) {
      const own = batches.map((batch) => ({ ...batch, sources: batch.sources.map((rows) => rows.slice()) }))
      let at = own.length
      return {
        largest,
        next() {
          if (at === own.length) {
            for (const { sources } of own) for (const rows of sources) orders.shuffle(rows)
            orders.shuffle(own)
            at = 0
          }
          return gather(data, own[at++], room)
        },
      }
    },
    dispose() {
      for (const batch of batches) batch.loss.dispose()
    },
  }
}
