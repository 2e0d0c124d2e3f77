/** The contract of a data set: lists of items with features and graded labels, in named splits. */

import type { ParamSpace, Params } from './params.ts'

/** Query-major columns: list q owns documents `offsets[q]` up to `offsets[q + 1]`. */
export interface RankingData {
  readonly queries: readonly string[]
  readonly offsets: Uint32Array
  /** Graded relevance, one a document. */
  readonly labels: Float32Array
  /** documents x width, row-major. */
  readonly features: Float32Array
  readonly width: number
  /** Document names, where the publisher gives them; conventions that break ties by name need them. */
  readonly documents?: readonly string[]
  /** What the reader of a number must know of the files, e.g. that weights in them are not used. */
  readonly notes?: readonly string[]
}

export type Part = 'train' | 'validation' | 'test'
export type Fold = Readonly<Record<Part, RankingData>>

/** Plain lists of numbers for the operators, all of one length or ragged. */
export interface ListData {
  readonly offsets: Uint32Array
  readonly values: Float64Array
}

interface DatasetBase {
  readonly name: string
  readonly title: string
  readonly params: ParamSpace
  readonly licence: string
  readonly citation: string
}

/** Where data may be read from, and how much of it is generated. */
export interface DataContext {
  /** Folder that holds the published data sets; undefined when the user has none. */
  readonly root: string | undefined
  readonly seed: number
}

/** Rankings of the test parts that others published, as scores of documents. */
export interface PublishedRankings {
  readonly rankers: readonly string[]
  /** @throws RankBenchError(absent) when the scores are not on this machine */
  digest(ranker: string, fold: string, context: DataContext): Promise<string>
  /** One score a document, in the order of the test part. */
  load(ranker: string, fold: string, context: DataContext): Promise<Float64Array>
}

/** Learning-to-rank data in folds. */
export interface RankingDataset extends DatasetBase {
  readonly kind: 'ranking'
  /** Names of the folds, e.g. fold1..fold5. */
  readonly folds: (params: Params) => readonly string[]
  /** Digest of everything the folds are read from or generated from. @throws RankBenchError(data) when absent. */
  digest(params: Params, context: DataContext): Promise<string>
  load(fold: string, params: Params, context: DataContext): Promise<Fold>
  /** What the reader of a number must know of the files. */
  notes?(params: Params, context: DataContext): Promise<readonly string[]>
  readonly published?: PublishedRankings
}

/** Generated lists of numbers to sort. */
export interface ListDataset extends DatasetBase {
  readonly kind: 'lists'
  digest(params: Params, context: DataContext): Promise<string>
  notes?(params: Params, context: DataContext): Promise<readonly string[]>
  generate(params: Params, seed: number): ListData
}

export type Dataset = RankingDataset | ListDataset
