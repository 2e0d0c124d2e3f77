import { describe, expect, test } from 'vitest'
import { evaluateAll, evaluateQueries, type JudgedLists } from './evaluate.ts'
import { parseMetric } from './metric.ts'

type List = readonly [labels: number[], scores: number[]]

const judged = (...lists: List[]): JudgedLists => ({
  offsets: Uint32Array.from([0, ...lists.map((_, q) => lists.slice(0, q + 1).flatMap(([labels]) => labels).length)]),
  labels: lists.flatMap(([labels]) => labels),
  scores: lists.flatMap(([, scores]) => scores),
})

describe('scikit-learn 1.9.1, its printed values', () => {
  const distinct: List = [
    [3, 2, 3, 0, 1, 2],
    [6, 5, 4, 3, 2, 1],
  ]
  const tied: List = [
    [0, 2, 1, 0, 3, 1, 0],
    [0.5, 0.5, 0.9, 0.1, 0.5, 0.1, 0.9],
  ]
  const equal: List = [
    [1, 0, 2],
    [1, 1, 1],
  ]
  const blank: List = [
    [0, 0, 0],
    [3, 1, 2],
  ]
  const lists = judged(distinct, tied, equal, blank)
  test.each([
    ['dcg@1', [3, 0.5, 1, 0]],
    ['dcg@3', [5.761859507142915, 1.648798210119062, 2.1309297535714573, 0]],
    ['dcg', [6.861126688593501, 3.3561174125196307, 2.1309297535714573, 0]],
    ['ndcg@1', [1, 0.16666666666666666, 0.5, 0]],
    ['ndcg@3', [0.9777813616305048, 0.34625091472056685, 0.8099531166420328, 0]],
    ['ndcg', [0.9608081943360616, 0.6463349258181461, 0.8099531166420328, 0]],
  ])('%s:sklearn', (metric, expected) => {
    const values = evaluateQueries(parseMetric(`${metric}:sklearn`), lists)
    expected.forEach((value, q) => {
      expect(values[q]).toBeCloseTo(value, 14)
    })
  })
})

describe('the arithmetic of the LETOR Perl scripts, run on generated lists', () => {
  const mslr = judged(
    [
      [1, 0, 2],
      [0.2, 0.9, 0.2],
    ],
    [
      [0, 2, 1, 0, 0, 1, 2, 0, 1, 0, 0, 2],
      [0.3, 0.1, 0.8, 0.8, 0.5, 0.9, 0.4, 0.2, 0.7, 0.6, 0.05, 0.8],
    ],
    [
      [0, 0, 0, 0],
      [4, 3, 2, 1],
    ],
    [
      [4, 0, 3, 1, 2, 0, 1],
      [0.1, 0.5, 0.4, 0.4, 0.3, 0.2, 0.9],
    ],
  )
  const letor: JudgedLists = { ...mslr, labels: Array.from(mslr.labels, (label) => Math.min(label, 2)) }
  /** What the tool prints of each list. */
  const metrics = ['p@2', 'p@10', 'map', 'ndcg@2', 'ndcg@3', 'ndcg@5', 'ndcg@10', 'mean-ndcg']
  const printed = (preset: string, lists: JudgedLists, expected: number[][]) => {
    const named = metrics.map((metric) => parseMetric(`${metric}:${preset}`))
    const values = evaluateAll(named, lists)
    expected.forEach((row, q) => {
      row.forEach((value, m) => {
        expect(values.get(named[m].text)![q]).toBeCloseTo(value, 14)
      })
    })
  }
  test('4.0: short lists are 0 beyond their end, P@k is padded', () => {
    printed('letor4', letor, [
      [0.5, 0.2, 0.583333333333333, 0.25, 0.723197315178593, 0, 0, 0.324399105059531],
      [
        1, 0.5, 0.786742424242424, 0.333333333333333, 0.25339584447729, 0.4454798872461, 0.535342669269068,
        0.458427276019433,
      ],
      [0, 0, 0, 0, 0, 0, 0, 0],
      [0.5, 0.5, 0.786190476190476, 0.166666666666667, 0.366510388806776, 0.530949972624044, 0, 0.426388874835128],
    ])
  })
  test('MSLR: the same with labels up to 4, of which 2 to 4 are relevant', () => {
    printed('mslr', mslr, [
      [0, 0.1, 0.333333333333333, 0.25, 0.723197315178593, 0, 0, 0.324399105059531],
      [
        0, 0.2, 0.257575757575758, 0.333333333333333, 0.25339584447729, 0.4454798872461, 0.535342669269068,
        0.458427276019433,
      ],
      [0, 0, 0, 0, 0, 0, 0, 0],
      [0, 0.3, 0.387301587301587, 0.0454545454545455, 0.226700541987631, 0.290392083113735, 0, 0.238256251564271],
    ])
  })
  test('3.0: the same where the list has k documents', () => {
    const long = evaluateAll(
      ['p@2', 'p@10', 'map', 'ndcg@5', 'ndcg@10'].map((name) => parseMetric(`${name}:letor3`)),
      letor,
    )
    expect(Array.from(long.values(), (values) => Number(values[1].toFixed(12)))).toEqual([
      1, 0.5, 0.786742424242, 0.445479887246, 0.535342669269,
    ])
  })
})
