/**
 * What an NDCG is made of. The same ranking of MQ2008 scores .23 or .78 NDCG@10 under two of these presets,
 * so a convention is part of every metric's name and is never assumed.
 */

export interface Convention {
  /** Worth of a label: 2^label - 1, or the label itself. */
  readonly gain: 'exp2' | 'linear'
  /** 1 / log2(1 + i), or the LETOR scripts' 1, 1, 1 / log2(i). */
  readonly discount: 'log2' | 'letor'
  /** Value of a list without a relevant document; DCG, ERR and P@k are 0 there unless it is dropped. */
  readonly blank: 0 | 1 | 'drop'
  /** NDCG@k of a list with fewer than k documents: the missing ones are irrelevant, or 0 as the LETOR scripts average it. */
  readonly short: 'pad' | 'zero'
  /** Order of documents with equal scores. `average`: expectation over their orders. `docid`: by name, descending. */
  readonly ties: 'stable' | 'average' | 'pessimistic' | 'optimistic' | 'docid'
  /** Ideal DCG: of the best ranking cut at k, or of all its documents. */
  readonly ideal: 'cut' | 'full'
  /** Smallest label that counts as relevant for metrics that know only yes and no. */
  readonly relevant: number
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
  grade: 4,
}

interface Preset {
  readonly convention: Convention
  readonly source: string
}

const letor: Convention = { ...usual, discount: 'letor', grade: 2 }
const letor4: Convention = { ...letor, short: 'zero' }

const sourced: Readonly<Record<string, Preset>> = {
  letor3: {
    convention: letor,
    source:
      'LETOR 3.0 Eval-Score-3.0.pl, for lists of k documents or more as in its data; pads shorter ones (script: 0)',
  },
  letor4: {
    convention: letor4,
    source: 'LETOR 4.0 Eval-Score-4.0.pl: the array of NDCG@k ends with the list, missing positions count 0',
  },
  mslr: {
    convention: { ...letor4, relevant: 2, grade: 4 },
    source: 'MSLR eval-score-mslr.pl: LETOR 4.0 arithmetic, labels 2 to 4 are relevant',
  },
  ranklib: { convention: usual, source: 'RankLib 2.0 and later (without -hr, which drops blank lists)' },
  trec: {
    convention: { ...usual, gain: 'linear', ties: 'docid' },
    source: 'trec_eval and pytrec_eval ndcg_cut; they round scores to single precision before comparing, this does not',
  },
  lightgbm: { convention: { ...usual, blank: 1 }, source: 'LightGBM src/metric/rank_metric.hpp' },
  xgboost: { convention: { ...usual, blank: 1 }, source: 'XGBoost metric "ndcg" ("ndcg-" scores 0)' },
  allrank: { convention: { ...usual, blank: 1 }, source: 'allRank 1.4.1 and later (its mrr defects are not imitated)' },
  sklearn: {
    convention: { ...usual, gain: 'linear', ties: 'average' },
    source: 'scikit-learn ndcg_score and dcg_score; equal up to rounding in 1.9.1',
  },
  rax: { convention: usual, source: 'Rax rax/_src/metrics.py without a random key' },
}

/** Conventions by the tool or script they are of. */
export const presets: ReadonlyMap<string, Convention> = new Map(
  Object.entries(sourced).map(([name, { convention }]) => [name, convention]),
)

/** Where each preset was read. */
export const presetSources: ReadonlyMap<string, string> = new Map(
  Object.entries(sourced).map(([name, { source }]) => [name, source]),
)

/** Every field spelled: `gain=exp2,discount=log2,blank=0,...`. */
export const describeConvention = (convention: Convention): string =>
  Object.keys(usual)
    .map((field) => `${field}=${convention[field as keyof Convention]}`)
    .join(',')
