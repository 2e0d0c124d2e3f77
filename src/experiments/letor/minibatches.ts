/**
 * Lists cut into minibatches. Which lists make up a minibatch is drawn once from the seed, so that every plan is allocated
 * once; the order of the minibatches, and of the documents within each list, is drawn anew every epoch.
 *
 * Documents are shuffled because some losses break ties of labels by position (ListMLE), and files are not in random
 * order: MQ2008 lists documents by name, so that on it such a loss would learn the names' order instead of relevance.
 */

import type { RankingData } from '../../core/dataset.ts'
import type { OperatorSpec, Plan } from '../../core/method.ts'
import type { Params } from '../../core/params.ts'
import type { Random } from '../../core/random.ts'
import { type Precision, raggedShape } from '../../core/shape.ts'

/** Some lists, one after another: features and labels in the order of this epoch. */
export interface Minibatch {
  readonly features: Float32Array
  readonly rows: number
  readonly loss: Plan
}

export interface Minibatches {
  /** Documents of the largest minibatch. */
  readonly largest: number
  /** All minibatches in a new order, documents shuffled within their lists; the arrays are the same every epoch. */
  shuffled(): readonly Minibatch[]
  dispose(): void
}

/** A minibatch and where its documents come from. */
interface Gathered extends Minibatch {
  /** Rows of the data, list by list. */
  readonly sources: readonly number[][]
}

/** Copies features and labels of the sources to the minibatch, in their order. */
function gather(data: RankingData, { sources, features, loss }: Gathered): void {
  const { width } = data
  let row = 0
  for (const source of sources.flat()) {
    features.set(data.features.subarray(source * width, (source + 1) * width), row * width)
    loss.labels![row++] = data.labels[source]
  }
}

const rowsOf = ({ offsets }: RankingData, q: number): number[] =>
  Array.from({ length: offsets[q + 1] - offsets[q] }, (_, i) => offsets[q] + i)

/** @param size lists in a minibatch; the last one may be smaller */
export function createMinibatches(
  data: RankingData,
  size: number,
  loss: OperatorSpec,
  params: Params,
  precision: Precision,
  random: Random,
): Minibatches {
  const allocate = (lists: readonly number[]): Gathered => {
    const sources = lists.map((q) => rowsOf(data, q))
    const shape = raggedShape(sources.map((rows) => rows.length))
    const rows = shape.offsets[lists.length]
    const plan = loss.plan(shape, params, precision)
    // With reduction=none the plan has an output a list: their mean is what training descends.
    plan.cotangent.fill(1 / plan.output.length)
    return { features: new Float32Array(rows * data.width), rows, loss: plan, sources }
  }
  const order = random.shuffle(data.queries.map((_, q) => q))
  const batches = Array.from({ length: Math.ceil(order.length / size) }, (_, b) =>
    allocate(order.slice(b * size, (b + 1) * size)),
  )
  return {
    largest: Math.max(0, ...batches.map(({ rows }) => rows)),
    shuffled() {
      for (const batch of batches) {
        for (const rows of batch.sources) random.shuffle(rows)
        gather(data, batch)
      }
      return random.shuffle([...batches])
    },
    dispose() {
      for (const batch of batches) batch.loss.dispose()
    },
  }
}
