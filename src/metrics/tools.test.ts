/**
 * Values that tools printed, at the edges where they part ways. The whole table, made against the live tools, is
 * results/metrics-agreement.
 */

import { describe, expect, test } from 'vitest'
import { compareNames } from '../core/names.ts'
import { evaluateQueries, type JudgedLists } from './evaluate.ts'
import { labelNotes, requireToolLabels } from './judged-lists.ts'
import { parseMetric } from './metric.ts'

const inOrder = (labels: readonly number[]): JudgedLists => ({
  offsets: Uint32Array.of(0, labels.length),
  labels,
  scores: labels.map((_, i) => -i),
  documents: labels.map((_, i) => `d${i}`),
})
const value = (metric: string, lists: JudgedLists): number => evaluateQueries(parseMetric(metric), lists)[0]
const list = (labels: readonly number[], scores: readonly number[]): JudgedLists => ({ ...inOrder(labels), scores })

describe('cutoffs inside the relevant documents: four relevant ones in perfect order', () => {
  test.each([
    // LightGBM 4.7.0 and XGBoost 3.2.0 divide by min(relevant, k); pytrec_eval 0.5.11, Rax 0.4.0 and TF-Ranking 0.5.5 by
    // all relevant documents; TorchMetrics 1.9.0 by those found; CatBoost 1.2.10 as LightGBM.
    ['map@2:lightgbm', 1],
    ['map@2:xgboost', 1],
    ['map@2:catboost', 1],
    ['map@2:torchmetrics', 1],
    ['map@2:trec', 0.5],
    ['map@2:rax', 0.5],
    ['map@2:tfr', 0.5],
  ])('%s is %f', (metric, expected) => {
    expect(value(metric, inOrder([1, 1, 1, 1]))).toBe(expected)
  })
  test('divisors part further where a relevant document was missed', () => {
    const missed = inOrder([0, 1, 0, 1, 1])
    expect(value('map@2:lightgbm', missed)).toBe(1 / 4)
    expect(value('map@2:trec', missed)).toBeCloseTo(1 / 6, 15)
    expect(value('map@2:torchmetrics', missed)).toBe(1 / 2)
  })
})

describe('cutoffs beyond the list: four relevant documents, k = 5', () => {
  test.each([
    // RankLib 2.10, XGBoost 3.2.0, Rax 0.4.0, TF-Ranking 0.5.5 and CatBoost 1.2.10 divide by min(k, n).
    ['p@5:ranklib', 1],
    ['p@5:xgboost', 1],
    ['p@5:rax', 1],
    ['p@5:tfr', 1],
    ['p@5:catboost', 1],
    // trec_eval, TorchMetrics and the LETOR 4.0 and MSLR scripts pad; the columns of the 3.0 script end.
    ['p@5:trec', 0.8],
    ['p@5:torchmetrics', 0.8],
    ['p@5:letor4', 0.8],
    ['p@5:letor3', 0],
  ])('%s is %f', (metric, expected) => {
    expect(value(metric, inOrder([1, 1, 1, 1]))).toBe(expected)
  })
})

describe('blank lists', () => {
  test.each([
    ['ndcg@2:lightgbm', 1],
    ['map@2:lightgbm', 1],
    ['ndcg@2:xgboost', 1],
    ['map@2:xgboost', 1],
    ['p@2:xgboost', 0],
    ['ndcg@2:catboost', 1],
    ['recall@2:catboost', 1],
    ['map@2:catboost', 0],
    ['mrr@2:catboost', 0],
    ['ndcg@2:allrank', 1],
    ['ndcg@2:rax', 0],
    ['map@2:trec', 0],
  ])('%s is %f', (metric, expected) => {
    expect(value(metric, inOrder([0, 0, 0]))).toBe(expected)
  })
  test('are those without relevant documents, not those whose relevant ones were not retrieved', () => {
    const missed: JudgedLists = { ...inOrder([0, 0]), unranked: [Float64Array.of(1)] }
    for (const metric of ['mrr', 'map', 'ndcg', 'recall@2', 'mean-ndcg'])
      expect(value(`${metric}[blank=1]`, missed), metric).toBe(0)
    const nothing: JudgedLists = { ...inOrder([]), unranked: [Float64Array.of(1)] }
    for (const metric of ['mrr', 'map', 'ndcg', 'recall@2', 'p@2', 'p@2[short=cut]', 'mean-ndcg'])
      expect(value(metric.includes('[') ? metric : `${metric}[blank=1]`, nothing), metric).toBe(0)
  })
})

describe('the label at which relevance begins', () => {
  const halves = list([0.5, 0.6, 0], [1, 2, 3])
  test('is above 0 in RankLib, above .5 in LightGBM and CatBoost, 1 in trec_eval and Rax', () => {
    expect(value('mrr@3:ranklib', halves)).toBe(1 / 2)
    expect(value('map:ranklib', halves)).toBeCloseTo((1 / 2 + 2 / 3) / 2, 15)
    expect(value('map@3:lightgbm', halves)).toBe(1 / 2)
    expect(value('mrr:catboost', halves)).toBe(1 / 2)
    expect(value('mrr:trec', halves)).toBe(0)
    expect(value('mrr:rax', halves)).toBe(0)
  })
})

describe('relevance that a tool reads as an integer', () => {
  // trec_eval 9 reads 0.9 as 0 and 1.5 as 1; 1 / log2(3) + 2 / 2 over 2 + 1 / log2(3).
  const fractional = list([0.9, 1.5, 2], [3, 2, 1])
  test('loses its fraction, and a note says so', () => {
    const expected = (1 / Math.log2(3) + 2 / 2) / (2 + 1 / Math.log2(3))
    expect(value('ndcg@3:trec', fractional)).toBeCloseTo(expected, 15)
    expect(value('ndcg@3:ranklib', fractional)).toBeCloseTo((1 / Math.log2(3) + 3 / 2) / (3 + 1 / Math.log2(3)), 15)
    expect(labelNotes([parseMetric('ndcg@3:trec'), parseMetric('map:rax')], fractional)).toEqual([
      'ndcg@3:trec: 2 labels lose their fraction, as the tool reads relevance as an integer',
    ])
    expect(labelNotes([parseMetric('map:rax')], fractional)).toEqual([])
    expect(labelNotes([parseMetric('map:trec')], inOrder([1, 0]))).toEqual([])
  })
  test('counts among judged documents that are not ranked', () => {
    const unranked = { ...inOrder([1]), unranked: [Float64Array.of(1.5, 0.5)] }
    expect(value('map:trec', unranked)).toBe(1 / 2)
    expect(labelNotes([parseMetric('map:trec')], unranked)).toHaveLength(1)
  })
})

describe('labels that a tool does not take', () => {
  test.each([
    ['ndcg@2:letor4', [3, 0], /row 0, index 0 is 3; expected a whole label from 0 to 2 under letor4/],
    ['map:mslr', [5, 0], /from 0 to 4 under mslr/],
    ['ndcg@2:lightgbm', [0, 31], /index 1 is 31; expected a whole label from 0 to 30/],
    ['ndcg@2:xgboost', [32, 0], /from 0 to 31/],
    ['map@2:xgboost', [2, 0], /labels of 0 and 1/],
    ['p@2:torchmetrics', [2, 0], /labels of 0 and 1/],
    ['ndcg@2:ranklib', [31, 0], /wraps/],
    ['dcg@2:rax', [130, 0], /single precision/],
  ])('%s of %j is refused', (metric, labels, message) => {
    expect(() => requireToolLabels([parseMetric(metric)], inOrder(labels))).toThrow(message)
  })
  test('are found among judged documents that are not ranked', () => {
    const lists = { ...inOrder([1]), unranked: [Float64Array.of(7)] }
    expect(() => requireToolLabels([parseMetric('map:mslr')], lists)).toThrow(
      /a judged document that is not ranked, is 7/,
    )
    expect(() => value('err[grade=4]', lists)).toThrow(/not ranked, is 7; expected a whole grade/)
  })
})

describe('scores that a tool keeps in single precision', () => {
  // pytrec_eval 0.5.11: d0 and d1 tie in single precision and go by name, descending.
  const close = list([0, 1], [1 + 1e-9, 1])
  test('are tied where they are equal there', () => {
    expect(value('mrr:trec', close)).toBe(1)
    expect(value('mrr[scores=f64]', close)).toBe(1 / 2)
    expect(value('ndcg@1:xgboost', close)).toBe(0)
    expect(value('ndcg@1:xgboost', list([1, 0], [1, 1 + 1e-9]))).toBe(1)
    expect(value('ndcg@1:lightgbm', list([1, 0], [1, 1 + 1e-9]))).toBe(0)
  })
  test('may be larger than single precision holds', () => {
    expect(value('mrr:trec', list([0, 1], [1e300, 1e200]))).toBe(1)
  })
})

test('names are ordered by the bytes of their UTF-8, as strcmp does', () => {
  const names = ['a', 'ab', 'é', '￮', '😀', 'b', 'z', '\u{10FFFF}', '퟿', '', 'A']
  const bytes = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  expect([...names].sort(compareNames)).toEqual(bytes)
  const tied = { ...list([0, 1], [1, 1]), documents: ['￮', '😀'] }
  expect(value('mrr:trec', tied)).toBe(1)
})
