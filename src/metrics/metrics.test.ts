import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evaluateAll, evaluateQueries, type JudgedLists, meanOverQueries } from './evaluate.ts'
import { parseMetric, parseMetrics } from './metric.ts'
import { presets } from './presets.ts'

const oneList = (labels: number[], scores: number[], documents?: string[]): JudgedLists => ({
  offsets: Uint32Array.of(0, labels.length),
  labels,
  scores,
  ...(documents ? { documents } : {}),
})

/** Labels given in the order of their scores. */
const inOrder = (labels: number[]): JudgedLists =>
  oneList(
    labels,
    labels.map((_, i) => -i),
  )
const value = (metric: string, lists: JudgedLists): number => evaluateQueries(parseMetric(metric), lists)[0]

describe('metric names', () => {
  test.each(['ndcg@10:letor4', 'map:trec', 'mrr:rax', 'kendall', 'ndcg@10:trec[ties=stable]', 'mean-ndcg:letor4'])(
    '%s is canonical',
    (name) => {
      expect(parseMetric(name).text).toBe(name)
    },
  )
  test('spell every field when there is no preset, and parse back', () => {
    const { text } = parseMetric('ndcg@10[gain=linear,blank=1,ties=average]')
    expect(text).toBe(
      'ndcg@10[gain=linear,discount=log2,blank=1,short=pad,ties=average,ideal=cut,relevant=1,threshold=from,divisor=relevant,scores=f64,labels=given,grade=4]',
    )
    expect(parseMetric(text).text).toBe(text)
    expect(parseMetric('ndcg@10(gain=linear,blank=1,ties=average)').text).toBe(text)
  })
  test('of an unknown word come with the nearest known ones', () => {
    for (const [word, near] of [
      ['ncdg@10:letor4', /ndcg/],
      ['NDCG@10:letor4', /ndcg/],
      ['ndcg@10:letor5', /letor4/],
      ['ndcg[gian=linear]', /gain/],
    ] as const) {
      expect(() => parseMetric(word)).toThrow(
        expect.objectContaining({ kind: 'usage', hint: expect.stringMatching(near) }),
      )
    }
  })
  test('leave an override out when it says what the preset says', () => {
    expect(parseMetric('ndcg@5:trec[gain=linear]').text).toBe('ndcg@5:trec')
  })
  test('are split at commas and plus signs outside brackets', () => {
    expect(parseMetrics('ndcg@1:letor4,map:letor4+p@5[relevant=2,blank=1]').map((metric) => metric.name)).toEqual([
      'ndcg',
      'map',
      'p',
    ])
  })
  test.each([
    ['ndcg@10', /has no convention.*letor3, letor3-padded, letor4/],
    ['ncdg@10:letor4', /no metric is called "ncdg"/],
    ['ndcg@10:letor5', /no convention is called "letor5"/],
    ['ndcg@0:letor4', /whole number from 1/],
    ['ndcg@x:letor4', /whole number from 1/],
    ['ndcg@10000000000:letor4', /whole number from 1/],
    ['p:letor4', /needs a cutoff/],
    ['mean-ndcg@3:letor4', /takes no cutoff/],
    ['ndcg@3[gian=linear]', /not a field of a convention/],
    ['ndcg@3[gain=cubic]', /expected exp2 \| linear/],
    ['ndcg@3[relevant=0]', /a label above 0/],
    ['ndcg@3[constructor=1]', /not a field of a convention/],
    ['ndcg@3[gain]', /not a field of a convention/],
    ['ndcg@3[gain=linear,gain=exp2]', /gain is given twice/],
    ['ndcg@3[gain=linear=x]', /gain=linear=x; expected/],
    ['ndcg@3[gain=linear)', /not name@k:convention/],
    ['kendall@3', /takes no cutoff/],
    ['', /not name@k:convention/],
    ['mrr:lightgbm', /lightgbm has no mrr; lightgbm has ndcg@k, map@k/],
    ['mrr:xgboost', /xgboost has no mrr; xgboost has ndcg@k, map@k, p@k/],
    ['ndcg:xgboost', /its ndcg without a cutoff is ndcg@32/],
    ['err:rax', /rax has no err/],
    ['recall@5:ranklib', /ranklib has no recall/],
    ['dcg@5:trec', /trec has no dcg/],
    ['mrr@10:trec', /trec has mrr without a cutoff only/],
    ['map@5:letor4', /letor4 has map without a cutoff only/],
    ['map@5:ranklib', /MAP takes the whole list whatever the cutoff says/],
    ['ndcg:ranklib', /ranklib has ndcg with a cutoff only \(its NDCG without a cutoff is NDCG@10\)/],
    ['mrr:ranklib', /its RR without a cutoff is 0 for every list/],
    ['mean-ndcg:letor3', /letor3 has no mean-ndcg/],
    ['mrr@5:allrank', /0 or 1 by the other lists of the batch/],
    ['map:sklearn', /average_precision_score takes tied documents as one step/],
    ['err:catboost', /takes the label itself for the probability/],
    ['kendall:rax', /kendall reads no convention/],
    ['spearman[ties=average]', /spearman reads no convention/],
    ['map[relevant=0]', /makes every document relevant/],
  ])('%j is refused', (name, message) => {
    expect(() => parseMetric(name)).toThrow(message)
  })
})

describe('DCG and NDCG', () => {
  const graded = inOrder([3, 2, 3, 0, 1, 2])
  test('with the usual discount: the textbook list scores .9488', () => {
    expect(value('ndcg@6:ranklib', graded)).toBeCloseTo(0.9488, 4)
    const dcg = 7 + 3 / Math.log2(3) + 7 / 2 + 1 / Math.log2(6) + 3 / Math.log2(7)
    expect(value('dcg@6:ranklib', graded)).toBeCloseTo(dcg, 12)
  })
  test('with the discount of the LETOR scripts, 1, 1, 1/log2(3), the same list scores .8981', () => {
    expect(value('ndcg[discount=letor]', graded)).toBeCloseTo(0.8981, 4)
    expect(value('dcg@4[discount=letor]', graded)).toBeCloseTo(7 + 3 + 7 / Math.log2(3), 12)
  })
  test('with linear gain', () => {
    expect(value('dcg@2[gain=linear]', graded)).toBeCloseTo(3 + 2 / Math.log2(3), 12)
  })
  test('list shorter than k: 0 under the LETOR scripts, used as it is otherwise', () => {
    const short = inOrder([1, 0, 2])
    expect(value('ndcg@3:letor4', short)).toBeGreaterThan(0)
    expect(value('ndcg@4:letor4', short)).toBe(0)
    expect(value('ndcg@4:mslr', short)).toBe(0)
    expect(value('ndcg@4:letor3', short)).toBe(0)
    for (const metric of ['dcg', 'p', 'recall', 'map', 'mrr', 'err']) {
      expect(value(`${metric}@4[short=zero]`, short)).toBe(0)
      expect(value(`${metric}@3[short=zero]`, short)).toBe(value(`${metric}@3[short=pad]`, short))
    }
    expect(value('ndcg@4:letor3-padded', short)).toBe(value('ndcg@3:letor3', short))
  })
  test('list without relevant documents: 0, 1 or dropped', () => {
    const blank = inOrder([0, 0])
    expect(value('ndcg@1:letor4', blank)).toBe(0)
    expect(value('ndcg@1:allrank', blank)).toBe(1)
    for (const metric of ['ndcg@1', 'dcg', 'mean-ndcg', 'map', 'p@1', 'recall@1', 'mrr', 'err'])
      expect(value(`${metric}[blank=drop]`, blank)).toBeNaN()
    for (const metric of ['dcg', 'p@1', 'err']) expect(value(`${metric}[blank=1]`, blank)).toBe(0)
    expect(value('ndcg@1:allrank', oneList([], []))).toBe(1)
  })
  test('ideal of all documents, or cut at k', () => {
    const list = inOrder([1, 1, 1])
    expect(value('ndcg@1[ideal=cut]', list)).toBe(1)
    expect(value('ndcg@1[ideal=full]', list)).toBeCloseTo(1 / (1 + 1 / Math.log2(3) + 0.5), 12)
  })
  test('MeanNDCG is the mean of NDCG@1 to NDCG@n of the list', () => {
    const list = inOrder([0, 2, 1, 0, 1])
    const mean = [1, 2, 3, 4, 5].reduce((sum, k) => sum + value(`ndcg@${k}:letor4`, list), 0) / 5
    expect(value('mean-ndcg:letor4', list)).toBeCloseTo(mean, 12)
    expect(value('mean-ndcg:letor4', inOrder([0, 0]))).toBe(0)
  })
})

describe('ties', () => {
  const tied = oneList([0, 2, 1], [1, 1, 1], ['a', 'c', 'b'])
  const first = (ties: string) => value(`dcg@1[gain=linear,ties=${ties}]`, tied)
  test('keep file order, favour neither, fear the worst, hope the best, or go by name descending', () => {
    expect(['stable', 'average', 'pessimistic', 'optimistic', 'docid'].map(first)).toEqual([0, 1, 0, 2, 2])
  })
  test('by name need names', () => {
    expect(() => value('ndcg@1:trec', oneList([1, 0], [1, 1]))).toThrow(/needs document names/)
  })
  test('averaged are refused by metrics that have no simple expectation, with a rule that works', () => {
    for (const metric of ['map', 'mrr', 'err'])
      expect(() => value(`${metric}[ties=average]`, tied)).toThrow(
        expect.objectContaining({
          message: expect.stringMatching(/not defined under ties=average/),
          hint: expect.stringContaining(`${metric}[ties=stable]`),
        }),
      )
  })
  test('averaged give precision and recall their expectation', () => {
    expect(value('p@2[ties=average]', tied)).toBeCloseTo(2 / 3, 12)
    expect(value('recall@1[ties=average]', tied)).toBeCloseTo(1 / 3, 12)
  })
  test('averaged do not depend on the order of the file', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(4), fc.nat(2)), { minLength: 1, maxLength: 12 }),
        fc.nat(),
        (items, turn) => {
          const rotated = items.map((_, i) => items[(i + turn) % items.length])
          const of = (list: [number, number][]) =>
            value(
              'ndcg@5:sklearn',
              oneList(
                list.map((x) => x[0]),
                list.map((x) => x[1]),
              ),
            )
          expect(of(rotated)).toBeCloseTo(of(items), 12)
        },
      ),
    )
  })
  test('averaged are the mean over all orders of the tied documents', () => {
    const labels = [2, 0, 1]
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]
    const mean =
      orders.reduce((sum, order) => sum + value('ndcg@2:ranklib', inOrder(order.map((i) => labels[i]))), 0) / 6
    expect(value('ndcg@2:ranklib[ties=average]', oneList(labels, [1, 1, 1]))).toBeCloseTo(mean, 12)
  })
})

describe('metrics of relevant and irrelevant', () => {
  const list = inOrder([0, 1, 0, 2, 0])
  test('precision divides by k, also in lists shorter than k', () => {
    expect(value('p@2:letor4', list)).toBe(0.5)
    expect(value('p@10:letor4', list)).toBe(0.2)
  })
  test('average precision divides by the number of relevant documents, and is 0 without any', () => {
    expect(value('map:letor4', list)).toBe((1 / 2 + 2 / 4) / 2)
    expect(value('map@2:trec[ties=stable]', list)).toBe(1 / 2 / 2)
    expect(value('map:letor4', inOrder([0, 0]))).toBe(0)
  })
  test('relevance starts at the label that the convention names', () => {
    expect(value('map:mslr', list)).toBe(1 / 4)
    expect(value('recall@2:rax', list)).toBe(0.5)
    expect(value('mrr:rax', list)).toBe(0.5)
    expect(value('mrr[relevant=2]', list)).toBe(0.25)
    expect(value('mrr@1:rax', list)).toBe(0)
  })
  test('ERR follows the cascade: R = (2^y - 1) / 2^grade', () => {
    expect(value('err[grade=2]', inOrder([1, 2]))).toBeCloseTo(1 / 4 + (1 / 2) * (3 / 4) * (3 / 4), 12)
    expect(() => value('err[grade=2]', inOrder([3]))).toThrow(/above the largest grade 2/)
  })
})

describe('evaluation', () => {
  const lists: JudgedLists = { offsets: Uint32Array.of(0, 2, 2, 4), labels: [1, 0, 0, 0], scores: [1, 2, 1, 2] }
  test('gives one value a query in data order, empty lists included', () => {
    expect(Array.from(evaluateQueries(parseMetric('mrr:rax'), lists))).toEqual([0.5, 0, 0])
    expect(meanOverQueries(evaluateQueries(parseMetric('mrr[blank=drop]'), lists))).toBe(0.5)
    expect(meanOverQueries([Number.NaN])).toBeNaN()
  })
  test('names row and index of what it cannot use', () => {
    const metric = [parseMetric('mrr:rax')]
    expect(() => evaluateAll(metric, { ...lists, scores: [1, 2, Number.NaN, 2] })).toThrow(
      'scores: row 2, index 0 is NaN',
    )
    expect(() => evaluateAll(metric, { ...lists, labels: [1, 0, 0, -1] })).toThrow('labels: row 2, index 1 is -1')
    expect(() => evaluateAll(metric, { ...lists, scores: [1, 2, 1, Number.NEGATIVE_INFINITY] })).toThrow(
      'scores: row 2, index 1 is -Infinity',
    )
    expect(() => evaluateAll(metric, { ...lists, scores: [1] })).toThrow(/1 scores for 4 documents/)
    expect(() => evaluateAll(metric, { ...lists, documents: ['a'] })).toThrow(/1 document names for 4 documents/)
    expect(() => evaluateAll(metric, { ...lists, offsets: Uint32Array.of(1, 4) })).toThrow(/start with 0/)
    expect(() => evaluateAll(metric, { ...lists, offsets: Uint32Array.of(0, 5, 4) })).toThrow(/entry 2 is 4, below/)
  })
  test('takes fractional and huge labels where gain is linear, and refuses them where 2 is raised to them', () => {
    const [fraction, huge] = [inOrder([0.5, 0.25]), inOrder([1100, 5])]
    for (const list of [fraction, huge]) expect(value('ndcg:sklearn', list)).toBe(1)
    for (const list of [fraction, huge]) expect(() => value('ndcg:rax', list)).toThrow(/row 0, index 0 .* whole grade/)
    expect(() => value('err', fraction)).toThrow(/has no convention/)
    expect(() => value('err[grade=4]', fraction)).toThrow(/whole grade/)
    expect(value('map:rax', huge)).toBe(1)
  })
  test('stays within [0, 1] and gives the perfect ranking 1, under every preset', () => {
    const items = fc.array(fc.tuple(fc.nat(2), fc.integer({ min: -3, max: 3 })), { minLength: 1, maxLength: 15 })
    fc.assert(
      fc.property(items, (list) => {
        const [labels, scores] = [list.map((x) => x[0]), list.map((x) => x[1])]
        const names = labels.map((_, i) => `d${i}`)
        for (const preset of presets.keys()) {
          const name = `ndcg@${labels.length}:${preset}`
          const ndcg = value(name, oneList(labels, scores, names))
          expect(ndcg).toBeGreaterThanOrEqual(0)
          expect(ndcg).toBeLessThanOrEqual(1 + 1e-12)
          if (labels.some((label) => label > 0)) expect(value(name, oneList(labels, labels, names))).toBeCloseTo(1, 12)
        }
      }),
      { numRuns: 60 },
    )
  })
  test('orders a million documents for several metrics', () => {
    const n = 1_000_000
    const offsets = Uint32Array.from({ length: n / 100 + 1 }, (_, q) => q * 100)
    const labels = Float64Array.from({ length: n }, (_, i) => (i * 7919) % 3)
    const scores = Float64Array.from({ length: n }, (_, i) => (i * 104_729) % 1009)
    const values = evaluateAll(parseMetrics('ndcg@10:letor4,map:letor4,mrr:rax'), { offsets, labels, scores })
    expect(values.get('ndcg@10:letor4')).toHaveLength(n / 100)
  })
})

test('an error names query and document where they have names, as experiments have: no rows and indices of a batch', () => {
  const lists = {
    queries: ['10', 'q\x1b[2J'],
    offsets: Uint32Array.of(0, 2, 4),
    labels: [1, 0, 2, -1],
    scores: [0.1, 0.2, 0.3, 0.4],
  }
  const metric = [parseMetric('ndcg@10:letor4')]
  expect(() => evaluateAll(metric, lists)).toThrow('labels: query q\\x1b[2J, document 2 of its list is -1')
  const scores = [0.1, Number.NaN, 0.3, 0.4]
  expect(() => evaluateAll(metric, { ...lists, scores })).toThrow('scores: query 10, document 2 of its list is NaN')
  const documents = ['a', 'b', 'c', 'd']
  expect(() => evaluateAll(metric, { ...lists, documents, scores })).toThrow('scores: query 10, document b is NaN')
})
