/**
 * What a metric is made of. The same ranking of MQ2008 scores .23 or .78 NDCG@10 under two tools' conventions,
 * so a convention is part of every metric's name and is never assumed.
 */

export interface Convention {
  /** Worth of a label: 2^label - 1, or the label itself. */
  readonly gain: 'exp2' | 'linear'
  /** 1 / log2(1 + i), or the LETOR scripts' 1, 1, 1 / log2(i). */
  readonly discount: 'log2' | 'letor'
  /** Value of a list without a relevant document; DCG, ERR and P@k are 0 there unless it is dropped. */
  readonly blank: 0 | 1 | 'drop'
  /**
   * Metrics at k of a list with fewer than k documents. `pad`: the missing ones are irrelevant, so P@k divides by k.
   * `cut`: k is the length of the list, so P@k divides by that. `zero`: 0, as where a script's columns end.
   */
  readonly short: 'pad' | 'cut' | 'zero'
  /** Order of documents with equal scores. `average`: expectation over their orders. `docid`: by name, descending. */
  readonly ties: 'stable' | 'average' | 'pessimistic' | 'optimistic' | 'docid'
  /** Ideal DCG: of the best ranking cut at k, or of all its documents. */
  readonly ideal: 'cut' | 'full'
  /** The label at which relevance begins for metrics that know only yes and no. */
  readonly relevant: number
  /** Whether a label of exactly `relevant` is relevant (`from`) or only larger ones are (`above`). */
  readonly threshold: 'from' | 'above'
  /**
   * What average precision at k divides by: all relevant documents of the list, as many of them as k positions can
   * hold, or those found there.
   */
  readonly divisor: 'relevant' | 'reachable' | 'found'
  /** Precision in which the tool keeps scores: two that are equal there are tied. */
  readonly scores: 'f64' | 'f32'
  /** Labels as they are, or without their fraction, as tools do that keep them as integers. */
  readonly labels: 'given' | 'truncated'
  /** Largest grade of the scale, for ERR. */
  readonly grade: number
}

/** What unwritten fields of an explicit convention mean: the field's usual choice. */
export const usual: Convention = {
  gain: 'exp2',
  discount: 'log2',
  blank: 0,
  short: 'pad',
  ties: 'stable',
  ideal: 'cut',
  relevant: 1,
  threshold: 'from',
  divisor: 'relevant',
  scores: 'f64',
  labels: 'given',
  grade: 4,
}

/** Every field spelled: `gain=exp2,discount=log2,blank=0,...`. */
export const describeConvention = (convention: Convention): string =>
  Object.keys(usual)
    .map((field) => `${field}=${convention[field as keyof Convention]}`)
    .join(',')

/** Whether a label counts for metrics that know only yes and no. */
export const isRelevant = (label: number, { relevant, threshold }: Convention): boolean =>
  threshold === 'from' ? label >= relevant : label > relevant
