/** Published numbers, and how ours came out beside them. */

/**
 * How a published number is compared, the best first. `exact`: it must come out to the printed digits. `query`: ours and theirs
 * are paired query by query; `fold`: fold by fold; `mean`: only a mean is printed, so that nothing can be paired.
 */
export type Evidence = 'exact' | 'query' | 'fold' | 'mean'

export type Verdict =
  /** To the printed digits. */
  | 'holds'
  /** Provably within the margin of the published number, and no ranker without a loss is. */
  | 'reproduced'
  /** Provably better, and not provably within the margin. */
  | 'exceeds'
  /** Provably different, and not better. */
  | 'differs'
  /** The data can show neither. */
  | 'inconclusive'
  /** Where there is a mean alone, and only the noise of our training is known: within the margin, above, below. */
  | 'close'
  | 'higher'
  | 'lower'
  | 'not run'
  /** Nobody read the number in its source. */
  | 'recalled'
  | 'read off a plot'
  /** The number of a method that is not ours: nothing is judged. */
  | 'reference'
  /** The source does not hold what it says. */
  | 'not valid'

/** A published number as its source prints it. */
export interface PublishedNumber {
  readonly id: string
  readonly paper: string
  readonly method: string
  readonly dataset: string
  readonly metric: string
  readonly at: string
  readonly value: number
  readonly verified: 'seen' | 'memory'
  /** E.g. `fraction`, `us (read off a plot, approximate)`. */
  readonly unit: string
  readonly source: string
}

export interface Judgement {
  readonly verdict: Verdict
  readonly evidence?: Evidence
  readonly ours?: number
  /** Ours less theirs. */
  readonly difference?: number
  /** 90 % interval of the difference: the verdict is `reproduced` when it lies within the margin. */
  readonly interval?: { readonly low: number; readonly high: number }
  readonly margin?: number
  /** The difference that would have been found with probability .8. */
  readonly detectable?: number
  /** Probability that `reproduced` is said when there is no difference. */
  readonly power?: number
  /** Queries, folds or seeds behind the interval. */
  readonly pairs?: number
  /** What a reader must know of this verdict. */
  readonly why?: string
}

/** How many wrong rankers get the same verdict. */
export interface Specificity {
  readonly same: number
  /** How many of these no loss has trained. */
  readonly lossless: number
  readonly others: number
  /** Some of them, those that no loss has trained first. */
  readonly named: readonly string[]
}

/** Where the distances to what was published, query by query, put our ranker among all of the run. */
export interface Identification {
  readonly rank: number
  readonly of: number
  readonly nearest: string
  readonly queries: number
}

/** A published number, where it is found in a run, and how it came out. */
export interface JudgedNumber {
  readonly claim: PublishedNumber
  readonly ref: {
    readonly experiment: string
    readonly method: string
    readonly dataset: string
    readonly metric: string
    /** A fold, or `mean`. */
    readonly split: string
  }
  readonly judgement: Judgement
  readonly specificity?: Specificity
  readonly command: string
}

/** Published scores through our metrics: how many of the printed numbers come out. */
export interface Certificate {
  readonly holds: number
  readonly of: number
  /** Printed numbers whose score files are not those that were printed. */
  readonly setAside: number
  readonly failing: readonly string[]
}

/** The numbers of one paper, method and data set: one primary metric carries its verdict. */
export interface Family {
  readonly paper: string
  readonly method: string
  /** What its numbers are called where the method does not tell it from other families. */
  readonly called?: string | undefined
  readonly dataset: string
  /** Selector of what of ours it is compared with; undefined for references. */
  readonly ours: string | undefined
  readonly primary: JudgedNumber | undefined
  readonly numbers: readonly JudgedNumber[]
  readonly certificate?: Certificate
  readonly identification?: Identification
  /** Why the source is not counted. */
  readonly invalid?: string
  /** Where the paper's set-up is another than ours. */
  readonly differences: readonly string[]
}
