/**
 * Conventions by the tool that has them: which metrics the tool computes, what it calls them, and under which rules.
 * One tool may pad short lists in one metric and cut them in another, so every metric has a convention of its own.
 * `results/metrics-agreement` holds each entry to the tool itself.
 */

import type { Convention } from './convention.ts'
import { usual } from './convention.ts'
import type { MetricName } from './names.ts'

/** What a tool asks of labels beyond what the metric does; others it refuses, or misreads without a word. */
export interface LabelLimits {
  readonly whole?: boolean
  readonly most?: number
  /** What the tool does with others. */
  readonly because: string
}

/** One metric of a tool. */
export interface Measure {
  /** The tool's own name, {k} for the cutoff. */
  readonly call: string
  /** Whether the tool has it with a cutoff, without one, or both. */
  readonly cutoff: 'always' | 'never' | 'either'
  readonly convention: Convention
  readonly limits?: LabelLimits
}

export interface Preset {
  readonly source: string
  readonly measures: Readonly<Partial<Record<MetricName, Measure>>>
  /** What the tool has under the name of a metric, where that is something else. */
  readonly notes?: Readonly<Partial<Record<MetricName, string>>>
}

function measure(
  call: string,
  cutoff: Measure['cutoff'],
  convention: Partial<Convention>,
  limits?: LabelLimits,
): Measure {
  return { call, cutoff, convention: { ...usual, ...convention }, ...(limits ? { limits } : {}) }
}

const letorRules = { discount: 'letor' } as const
const threeGrades: LabelLimits = { whole: true, most: 2, because: 'the script takes any other label for irrelevant' }

const letor3: Preset = {
  source: 'LETOR 3.0 Eval-Score-3.0.pl: the columns of P@k and NDCG@k end with the list, missing ones count 0',
  measures: {
    ndcg: measure('NDCG@{k}', 'always', { ...letorRules, short: 'zero' }, threeGrades),
    p: measure('precision@{k}', 'always', { ...letorRules, short: 'zero' }, threeGrades),
    map: measure('MAP', 'never', letorRules, threeGrades),
  },
}

const letor3Padded: Preset = {
  source: 'no script: LETOR 3.0 gains and discounts with short lists padded, as reruns of MQ2008 print it',
  measures: {
    ndcg: measure('NDCG@{k}', 'either', letorRules),
    'mean-ndcg': measure('MeanNDCG', 'never', letorRules),
    p: measure('P@{k}', 'always', letorRules),
    map: measure('MAP', 'never', letorRules),
  },
}

const letor4Measures = (rules: Partial<Convention>, limits: LabelLimits): Preset['measures'] => ({
  ndcg: measure('NDCG@{k}', 'always', { ...rules, short: 'zero' }, limits),
  'mean-ndcg': measure('MeanNDCG', 'never', { ...rules, short: 'zero' }, limits),
  p: measure('P@{k}', 'always', rules, limits),
  map: measure('MAP', 'never', rules, limits),
})

const letor4: Preset = {
  source:
    'LETOR 4.0 Eval-Score-4.0.pl: the array of NDCG@k ends with the list, missing positions count 0; P@k is padded',
  measures: letor4Measures(letorRules, threeGrades),
}

const mslr: Preset = {
  source: 'MSLR eval-score-mslr.pl: LETOR 4.0 arithmetic, labels 2 to 4 are relevant',
  measures: letor4Measures(
    { ...letorRules, relevant: 2 },
    { whole: true, most: 4, because: 'the script takes any other label for irrelevant' },
  ),
}

const wholeGains = { labels: 'truncated' } as const
const positive = { relevant: 0, threshold: 'above' } as const
const ranklibGains: LabelLimits = { most: 30, because: 'RankLib shifts a 32-bit 1 by the label, which wraps' }

const ranklib: Preset = {
  source: 'RankLib 2.10 -metric2T (without -hr, which drops blank lists)',
  measures: {
    ndcg: measure('NDCG@{k}', 'always', wholeGains, ranklibGains),
    dcg: measure('DCG@{k}', 'always', wholeGains, ranklibGains),
    map: measure('MAP', 'never', positive),
    p: measure('P@{k}', 'always', { ...positive, short: 'cut' }),
    mrr: measure('RR@{k}', 'always', positive),
    err: measure('ERR@{k}', 'always', wholeGains),
  },
  notes: {
    ndcg: 'its NDCG without a cutoff is NDCG@10',
    dcg: 'its DCG without a cutoff is DCG@10',
    p: 'its P without a cutoff is P@10',
    err: 'its ERR without a cutoff is ERR@10',
    mrr: 'its RR without a cutoff is 0 for every list',
    map: 'its MAP takes the whole list whatever the cutoff says',
  },
}

const trecRules = { gain: 'linear', ties: 'docid', scores: 'f32', labels: 'truncated' } as const

const trec: Preset = {
  source: 'trec_eval 9 and pytrec_eval: scores in single precision, ties by document name, relevance as an integer',
  measures: {
    ndcg: measure('ndcg, ndcg_cut_{k}', 'either', trecRules),
    map: measure('map, map_cut_{k}', 'either', trecRules),
    p: measure('P_{k}', 'always', trecRules),
    recall: measure('recall_{k}', 'always', trecRules),
    mrr: measure('recip_rank', 'never', trecRules),
  },
}

const lightgbm: Preset = {
  source: 'LightGBM src/metric/rank_metric.hpp and map_metric.hpp, default label_gain',
  measures: {
    ndcg: measure(
      'ndcg@{k}',
      'always',
      { blank: 1 },
      { whole: true, most: 30, because: 'LightGBM has no gain for it' },
    ),
    map: measure('map@{k}', 'always', { blank: 1, divisor: 'reachable', relevant: 0.5, threshold: 'above' }),
  },
}

const binary: LabelLimits = { whole: true, most: 1, because: 'XGBoost demands labels of 0 and 1 here' }

const xgboost: Preset = {
  source: 'XGBoost eval_metric ("ndcg@k-" and "map@k-" score blank lists 0: [blank=0])',
  measures: {
    ndcg: measure(
      'ndcg@{k}',
      'always',
      { blank: 1, scores: 'f32' },
      { whole: true, most: 31, because: 'XGBoost refuses it' },
    ),
    map: measure('map@{k}', 'always', { blank: 1, divisor: 'reachable', scores: 'f32' }, binary),
    p: measure('pre@{k}', 'always', { short: 'cut', scores: 'f32' }, binary),
  },
  notes: {
    ndcg: 'its ndcg without a cutoff is ndcg@32',
    map: 'its map without a cutoff is map@32',
    p: 'its pre without a cutoff is pre@32',
  },
}

const single: LabelLimits = { most: 96, because: 'its gain leaves single precision' }

const allrank: Preset = {
  source:
    'allRank 1.4.1 and later, allrank.models.metrics; beyond 16 documents it leaves tied ones in no order, here they keep theirs',
  measures: {
    ndcg: measure('ndcg(ats=[{k}])', 'either', { blank: 1, scores: 'f32' }, single),
    dcg: measure('dcg(ats=[{k}])', 'either', { scores: 'f32' }, single),
  },
  notes: {
    mrr: 'its mrr is of the first document with the largest label, and of a blank list 0 or 1 by the other lists of the batch',
  },
}

const sklearnRules = { gain: 'linear', ties: 'average' } as const

const sklearn: Preset = {
  source: 'scikit-learn ndcg_score and dcg_score (which refuse a list of one document; here it is 1 or 0)',
  measures: {
    ndcg: measure('ndcg_score(k={k})', 'either', sklearnRules),
    dcg: measure('dcg_score(k={k})', 'either', sklearnRules),
  },
  notes: { map: 'its average_precision_score takes tied documents as one step' },
}

const googleMeasures = (names: Readonly<Record<'ndcg' | 'dcg' | 'map' | 'p' | 'recall' | 'mrr', string>>) => {
  const rules = { scores: 'f32' } as const
  return {
    ndcg: measure(names.ndcg, 'either', rules, single),
    dcg: measure(names.dcg, 'either', rules, single),
    map: measure(names.map, 'either', rules),
    p: measure(names.p, 'always', { ...rules, short: 'cut' }),
    recall: measure(names.recall, 'always', rules),
    mrr: measure(names.mrr, 'either', rules),
  }
}

const rax: Preset = {
  source: 'Rax rax/_src/metrics.py without a random key',
  measures: googleMeasures({
    ndcg: 'ndcg_metric(topn={k})',
    dcg: 'dcg_metric(topn={k})',
    map: 'ap_metric(topn={k})',
    p: 'precision_metric(topn={k})',
    recall: 'recall_metric(topn={k})',
    mrr: 'mrr_metric(topn={k})',
  }),
}

const tfr: Preset = {
  source: 'TensorFlow Ranking tfr.keras.metrics; it puts tied documents in a random order, here they keep theirs',
  measures: googleMeasures({
    ndcg: 'NDCGMetric(topn={k})',
    dcg: 'DCGMetric(topn={k})',
    map: 'MeanAveragePrecisionMetric(topn={k})',
    p: 'PrecisionMetric(topn={k})',
    recall: 'RecallMetric(topn={k})',
    mrr: 'MRRMetric(topn={k})',
  }),
}

const zeroOne: LabelLimits = { whole: true, most: 1, because: 'TorchMetrics demands labels of 0 and 1 here' }

const torchmetrics: Preset = {
  source:
    'TorchMetrics functional.retrieval, which but for ndcg leaves tied documents in no order and overlooks scores of 0 or less',
  measures: {
    ndcg: measure('retrieval_normalized_dcg(top_k={k})', 'either', { ...sklearnRules, scores: 'f32' }),
    map: measure('retrieval_average_precision(top_k={k})', 'either', { divisor: 'found', scores: 'f32' }, zeroOne),
    p: measure('retrieval_precision(top_k={k})', 'always', { scores: 'f32' }, zeroOne),
    recall: measure('retrieval_recall(top_k={k})', 'always', { scores: 'f32' }, zeroOne),
    mrr: measure('retrieval_reciprocal_rank(top_k={k})', 'either', { scores: 'f32' }, zeroOne),
  },
}

const catboostRules = { ties: 'pessimistic' } as const
const aboveHalf = { ...catboostRules, relevant: 0.5, threshold: 'above' } as const

const catboost: Preset = {
  source: 'CatBoost eval_metric with default parameters (type=Base, border=0.5); [gain=exp2] for type=Exp',
  measures: {
    ndcg: measure('NDCG:top={k}', 'either', { ...catboostRules, gain: 'linear', blank: 1 }),
    dcg: measure('DCG:top={k}', 'either', { ...catboostRules, gain: 'linear' }),
    map: measure('MAP:top={k}', 'either', { ...aboveHalf, divisor: 'reachable' }),
    p: measure('PrecisionAt:top={k}', 'always', { ...aboveHalf, short: 'cut' }),
    recall: measure('RecallAt:top={k}', 'always', { ...aboveHalf, blank: 1 }),
    mrr: measure('MRR:top={k}', 'either', aboveHalf),
  },
  notes: { err: 'its ERR takes the label itself for the probability of stopping' },
}

/** Tools and scripts by the name that follows the colon. */
export const presets: ReadonlyMap<string, Preset> = new Map(
  Object.entries({
    letor3,
    'letor3-padded': letor3Padded,
    letor4,
    mslr,
    ranklib,
    trec,
    lightgbm,
    xgboost,
    allrank,
    sklearn,
    rax,
    tfr,
    torchmetrics,
    catboost,
  }),
)

/** Convention of NDCG under each preset: what tells the tools apart first. */
export const ndcgConventions: ReadonlyMap<string, Convention> = new Map(
  [...presets].map(([name, { measures }]) => [name, measures.ndcg!.convention]),
)
