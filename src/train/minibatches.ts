/**
 * Lists cut into minibatches. Which lists make up a minibatch is drawn once from the seed, so that every plan is allocated
 * once; the order of the minibatches, and of the documents within each list, is drawn anew every epoch.
 *
 * Documents are shuffled because some losses break ties of labels by position (ListMLE), and files are not in random
 * order: MQ2008 lists documents by name, so that on it such a loss would learn the names' order instead of relevance.
 */

import type { RankingData } from '../core/dataset.ts'
import type { OperatorSpec, Plan } from '../core/method.ts'
import type { Params } from '../core/params.ts'
import type { Random } from '../core/random.ts'
import { type Precision, raggedShape } from '../core/shape.ts'

/** Some lists, one after another: features and labels in the order of this epoch. */
export interface Minibatch {
  readonly features: Float32Array
  readonly rows: number
  readonly loss: Plan
}

export interface Minibatches {
  /** Documents of the largest minibatch. */
  readonly largest: number
  /**
   * All minibatches in a new order, documents shuffled within their lists. One at a time: the next one's features take the
   * place of these.
   */
  shuffled(): Iterable<Minibatch>
  dispose(): void
}

/** A minibatch before its features are copied, and where they come from. */
interface Planned extends Omit<Minibatch, 'features'> {
  /** Rows of the data, list by list. */
  readonly sources: readonly Uint32Array[]
}

/** Copies labels of the sources to the plan and their features to `room`, in their order. */
function gather(data: RankingData, { sources, rows, loss }: Planned, room: Float32Array): Minibatch {
  const { width } = data
  let row = 0
  for (const list of sources) {
    for (const source of list) {
      room.set(data.features.subarray(source * width, (source + 1) * width), row * width)
      loss.labels![row++] = data.labels[source]
    }
  }
  return { features: room.subarray(0, rows * width), rows, loss }
}

const rowsOf = ({ offsets }: RankingData, q: number): Uint32Array =>
  Uint32Array.from({ length: offsets[q + 1] - offsets[q] }, (_, i) => offsets[q] + i)

/** @param size lists in a minibatch; the last one may be smaller */
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
    const rows = shape.offsets[lists.length]
    const plan = loss.plan(shape, params, precision)
    // With reduction=none the plan has an output a list: their mean is what training descends.
    plan.cotangent.fill(1 / plan.output.length)
    return { rows, loss: plan, sources }
  }
  const order = random.shuffle(data.queries.map((_, q) => q))
  const batches = Array.from({ length: Math.ceil(order.length / size) }, (_, b) =>
    allocate(order.slice(b * size, (b + 1) * size)),
  )
  const largest = Math.max(0, ...batches.map(({ rows }) => rows))
  const room = new Float32Array(largest * data.width)
  return {
    largest,
    *shuffled() {
      for (const { sources } of batches) for (const rows of sources) random.shuffle(rows)
      for (const batch of random.shuffle([...batches])) yield gather(data, batch, room)
    },
    dispose() {
      for (const batch of batches) batch.loss.dispose()
    },
  }
}
