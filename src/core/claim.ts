/** One published number, and how ours came out beside it. */

export type Verdict =
  | 'reproduced'
  | 'differs'
  | 'exceeds'
  | 'inconclusive'
  | 'not run'
  | 'recalled'
  | 'read off a plot'
  | 'reference'

export interface Published {
  readonly value: number
  readonly verified: 'seen' | 'memory'
  /** E.g. `fraction`, `us (read off a plot, approximate)`. */
  readonly unit: string
}

export type ToleranceRule =
  /** `factor` standard errors of our fold means. */
  | { readonly kind: 'fold-standard-errors'; readonly factor: number; readonly because: string }
  /** `factor` standard deviations between our folds: the numbers are those of one fold. */
  | { readonly kind: 'fold-deviations'; readonly factor: number; readonly because: string }
  | { readonly kind: 'absolute'; readonly value: number; readonly because: string }

export interface Judgement {
  readonly verdict: Verdict
  readonly ours: number | undefined
  readonly difference: number | undefined
  readonly tolerance: number | undefined
}

/** A published number and where it was read. */
export interface PublishedNumber {
  readonly id: string
  readonly paper: string
  readonly method: string
  readonly dataset: string
  readonly metric: string
  readonly at: string
  readonly value: number
  readonly source: string
}

/** A published number, where it is found in a run, and how it came out. */
export interface PublishedRow {
  readonly claim: PublishedNumber
  readonly ref: {
    readonly experiment: string
    readonly method: string
    readonly dataset: string
    readonly metric: string
  }
  readonly foldMeans: readonly number[]
  readonly judgement: Judgement
  readonly command: string
}
