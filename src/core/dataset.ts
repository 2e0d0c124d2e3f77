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

/** What data sets of every kind have. */
export interface DatasetBase {
  readonly name: string
  readonly title: string
  readonly params: ParamSpace
  readonly licence: string
  readonly citation: string
  /** Digest of everything the data is read from or generated from. @throws RankBenchError(data) when absent. */
  digest(params: Params, context: DataContext): Promise<string>
  /** What the reader of a number must know of the data. */
  notes?(params: Params, context: DataContext): Promise<readonly string[]>
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

/** What the publisher of ranking data says of it, as far as experiments and reports need it. */
export interface RankingFacts {
  /** Features of a document. */
  readonly width?: number
  /** The feature that is BM25 of a document, counted from 1. */
  readonly bm25?: number
  /** The metric convention of its own script, e.g. `letor4`: the one that its published numbers are of. */
  readonly script?: string
}

/** Learning-to-rank data in folds. */
export interface RankingDataset extends DatasetBase {
  readonly kind: 'ranking'
  readonly facts?: RankingFacts
  /** Names of the folds, e.g. fold1..fold5. */
  readonly folds: (params: Params) => readonly string[]
  load(fold: string, params: Params, context: DataContext): Promise<Fold>
  readonly published?: PublishedRankings
}

/** Generated lists of numbers to sort. */
export interface ListDataset extends DatasetBase {
  readonly kind: 'lists'
  generate(params: Params, seed: number): ListData
}

/**
 * The type of a data set by its kind. A further kind adds a line of its own from its folder:
 *
 * ```ts
 * declare module '../../core/dataset.ts' { interface DataKinds { images: ImageDataset } }
 * ```
 *
 * whose type extends `DatasetBase`; `datasets/registry.ts` names the kind.
 */
export interface DataKinds {
  lists: ListDataset
  ranking: RankingDataset
}

export type DataKind = keyof DataKinds
export type Dataset = DataKinds[DataKind]

/** Parts of a data set that cells are measured on apart; none where it has no parts. */
export const foldsOf = (dataset: Dataset, params: Params): readonly string[] =>
  'folds' in dataset ? dataset.folds(params) : []

/** What is known of a data set before it is read. */
export const factsOf = (dataset: Dataset): RankingFacts => ('facts' in dataset && dataset.facts) || {}

/** What one law of a kind of data found in a data set; no problem is a pass. */
export type DataFinding =
  | { readonly law: string; readonly problems: readonly string[] }
  | { readonly law: string; readonly notPromised: string }

/** A kind of data: what whoever meets a data set of it has to know, said once. */
export interface KindOfData<D extends Dataset = Dataset> {
  readonly kind: D['kind']
  /** What its data sets hold, for a sentence: `lists of numbers`. */
  readonly holds: string
  /** Selectors of data that is on every machine: what an experiment is run on when nothing was named. */
  readonly alwaysHere: readonly [string, ...string[]]
  /** All that ship. */
  readonly datasets: readonly D[]
  /** What is tested is drawn anew by the seed of a cell: of what no loss has trained, too, another seed says another number. */
  readonly drawnBySeed?: true
  /** Holds a data set to what makes its numbers mean the same tomorrow. */
  laws(dataset: D, params: Params, context: DataContext): Promise<readonly DataFinding[]>
}
