/** The metrics there are. */

export const metricNames = [
  'dcg',
  'ndcg',
  'mean-ndcg',
  'map',
  'p',
  'recall',
  'mrr',
  'err',
  'spearman',
  'kendall',
  'pairwise-accuracy',
] as const
export type MetricName = (typeof metricNames)[number]

/** What each is, in one line. */
export const metricMeanings: Readonly<Record<MetricName, string>> = {
  dcg: 'discounted cumulative gain: gains of the labels over the logarithm of their positions',
  ndcg: 'DCG over that of the best ranking',
  'mean-ndcg': 'mean of NDCG@1 to NDCG@n of a list',
  map: 'average precision: precision at the positions of the relevant documents, over their number (see divisor)',
  p: 'precision: share of relevant documents in the first k positions (see short for lists below k)',
  recall: 'share of the relevant documents that are in the first k positions',
  mrr: 'reciprocal rank of the first relevant document, 0 beyond the cutoff',
  err: 'expected reciprocal rank, a reader stops at a label y with probability (2^y - 1) / 2^grade',
  spearman: 'correlation of ranks; ties share the mean of their ranks, as scipy.stats.spearmanr; no convention',
  kendall: "tau-a: tied pairs count in the denominator, unlike SciPy's tau-b; no convention",
  'pairwise-accuracy':
    'share of the pairs with different labels in the right order, equal scores are half right (ROC AUC of two labels); no convention',
}

/** Their value depends on nothing that a convention says. */
export const needsNoConvention: ReadonlySet<MetricName> = new Set(['spearman', 'kendall', 'pairwise-accuracy'])
