/** Sequences of numbers, each written with digits that are pictures: what networks learn to sort from orders alone. */

import type { DataContext, DatasetBase, Part } from '../../core/dataset.ts'
import type { Params } from '../../core/params.ts'
import type { Random } from '../../core/random.ts'

/** Some sequences of n numbers. */
export interface SequenceBatch {
  /** sequences x n: the numbers. */
  readonly values: Float64Array
  /** sequences x n pictures, height x width, row-major, from 0 to 1. */
  readonly pictures: Float32Array
}

/** What batches are drawn from: digits of one part never are in another. */
export interface SequenceSource {
  readonly width: number
  readonly height: number
  /** Numbers in a sequence. */
  readonly n: number
  /** Digits were drawn here: a run may keep some of the pictures, and be handed on. */
  readonly generated: boolean
  /** Draws sequences afresh: their digits, with replacement, and so their numbers. */
  draw(part: Part, sequences: number, random: Random): SequenceBatch
}

export interface SequenceDataset extends DatasetBase {
  readonly kind: 'sequences'
  /** @throws RankBenchError(absent | data) */
  open(params: Params, context: DataContext): Promise<SequenceSource>
}

declare module '../../core/dataset.ts' {
  interface DataKinds {
    sequences: SequenceDataset
  }
}
