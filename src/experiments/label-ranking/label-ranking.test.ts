import { describe, expect, test } from 'vitest'
import { fakeEntry, fakeRun, measured } from '../../../test/fakes.ts'
import type { Cell } from '../../core/cell.ts'
import type { Bench } from '../../core/experiment.ts'
import { measureOf } from '../../core/measure.ts'
import { methodRef } from '../../core/method-ref.ts'
import { resolveParams } from '../../core/params.ts'
import { randomStream } from '../../core/random.ts'
import type { Observation } from '../../core/result.ts'
import { judgePaper, numbersOf } from '../../judge/find.ts'
import { datasets, operators } from '../../registry.ts'
import { labelRanking } from './experiment.ts'
import { fitPath, meanWeights, type Projection, plainPath, randomWeights } from './fit.ts'
import { labelRankingTables } from './table.ts'

const random = () => randomStream(1, 'test')
/** Of two features and three labels. */
const begin = () => randomWeights(2, 3, random())
const projection = (name: string, given: object = {}): Projection => {
  const spec = operators.get(name)!
  return { spec, params: resolveParams(spec.params, { ...given }, name) }
}

/** Three labels in the order of linear scores of two features. */
function examples(rows: number) {
  const draw = random()
  const features = Float64Array.from({ length: 2 * rows }, draw.normal)
  const ranks = new Float64Array(3 * rows)
  for (let i = 0; i < rows; i++) {
    const [a, b] = features.subarray(2 * i, 2 * i + 2)
    const scores = [a, b, -a - b]
    scores.forEach((score, label) => {
      ranks[3 * i + label] = 1 + scores.filter((other) => other < score).length
    })
  }
  return { features, width: 2, ranks, labels: 3 }
}

describe('the model without a soft rank', () => {
  test('is where a soft rank that is still linear leads: at a strong penalty both order rows alike', () => {
    const data = examples(60)
    const [plain] = plainPath(data, [100], data.features)
    const soft = fitPath(data, projection('rank:permutahedron'), [100], data.features, begin()).scores[0]
    const gap = (scores: Float64Array, i: number) => scores[3 * i] - scores[3 * i + 1]
    const [a, b] = [plain, soft].map((scores) => Array.from({ length: 60 }, (_, i) => gap(scores, i)))
    const cosine = (u: number[], v: number[]) => u.reduce((sum, each, i) => sum + each * v[i], 0)
    expect(cosine(a, b) / Math.sqrt(cosine(a, a) * cosine(b, b))).toBeGreaterThan(0.99)
  })
  test('has scores that leave no gradient in the constants: their mean is that of the ranks', () => {
    const data = examples(60)
    const [scores] = plainPath(data, [0.01], data.features)
    const mean = (table: Float64Array) => table.filter((_, k) => k % 3 === 0).reduce((sum, each) => sum + each, 0) / 60
    expect(mean(scores)).toBeCloseTo(mean(data.ranks), 9)
  })
})

describe('the model with a soft rank', () => {
  const error = (scores: Float64Array, ranks: Float64Array) =>
    scores.filter((_, k) => {
      const row = Array.from(scores.subarray(3 * Math.floor(k / 3), 3 * Math.floor(k / 3) + 3))
      return 1 + row.filter((other) => other < scores[k]).length !== ranks[k]
    }).length / scores.length
  test.each(['l2', 'kl'])('orders all labels of rows that a linear model can order (%s)', (regularization) => {
    const data = examples(60)
    const path = [1, 0.1, 0.01, 1e-3, 1e-4]
    const { scores } = fitPath(data, projection('rank:permutahedron', { regularization }), path, data.features, begin())
    expect(error(scores.at(-1)!, data.ranks)).toBeLessThan(0.04)
  })
  test('goes on from where others ended: a fit that begins at its own weights stays there', () => {
    const data = examples(60)
    const soft = projection('rank:sigmoid')
    const whole = fitPath(data, soft, [0.1, 0.01], data.features, begin())
    const again = fitPath(data, soft, [0.01], data.features, meanWeights([whole.weights[1], whole.weights[1]]))
    expect(again.evaluations).toBeLessThan(whole.evaluations / 4)
    again.scores[0].forEach((score, k) => {
      expect(score).toBeCloseTo(whole.scores[1][k], 1)
    })
  })
  test('is the same whichever way the operator counts', () => {
    const data = examples(40)
    const [up, down] = ['ascending', 'descending'].map(
      (direction) => fitPath(data, projection('rank:sigmoid', { direction }), [0.1], data.features, begin()).scores[0],
    )
    const order = (scores: Float64Array, i: number) => scores[3 * i] < scores[3 * i + 1]
    for (let i = 0; i < 40; i++) expect(order(up, i)).toBe(order(down, i))
  })
  test('at strength e and a penalty is that at strength 1 and e^2 times the penalty', () => {
    const data = examples(40)
    const fitted = (strength: number, penalty: number) =>
      fitPath(data, projection('rank:permutahedron', { strength }), [penalty], data.features, begin()).scores[0]
    const [soft, hard] = [fitted(1, 0.04), fitted(2, 0.01)]
    const centred = (scores: Float64Array, k: number) => {
      const row = scores.subarray(3 * Math.floor(k / 3), 3 * Math.floor(k / 3) + 3)
      return scores[k] - (row[0] + row[1] + row[2]) / 3
    }
    for (let k = 0; k < soft.length; k++) expect(Math.abs(centred(hard, k) - 2 * centred(soft, k))).toBeLessThan(0.02)
  })
})

const cellOf = (method: string, given: object = {}): Cell => ({
  experiment: {
    name: 'label-ranking',
    params: resolveParams(labelRanking.params, { folds: 4, ...given }, 'label-ranking'),
  },
  version: 1,
  system: 'rank-bench',
  method: methodRef({ name: method, params: resolveParams(operators.get(method)!.params, {}, method) }),
  dataset: {
    name: 'synthetic-label-ranking',
    params: resolveParams(datasets.get('synthetic-label-ranking')!.params, { rows: 80 }, 'synthetic-label-ranking'),
  },
  dataDigest: '',
  split: 'generated',
  seed: 1,
  precision: 'f64',
  protocol: '',
})

const bench = {
  data: { root: undefined, seed: 1 },
  everyQuery: false,
  operator: ({ name }: { name: string }) => operators.get(name)!,
  dataset: ({ name }: { name: string }) => datasets.get(name)!,
} as unknown as Bench

const value = (observations: readonly Observation[], metric: string) =>
  observations.find((each) => each.metric === metric)!.value

describe('a cell', () => {
  test('answers with its declared measures, one sample a fold, and is one of better, equal and worse', async () => {
    const found = await labelRanking.run(cellOf('rank:permutahedron'), bench)
    for (const { metric } of found) expect(measureOf(labelRanking.measures, metric)).toBeDefined()
    expect(found.find(({ metric }) => metric === 'spearman')!.samples).toHaveLength(4)
    expect(value(found, 'spearman')).toBeGreaterThan(0.5)
    expect(value(found, 'gain')).toBeCloseTo(value(found, 'spearman') - value(found, 'spearman.plain'), 12)
    expect(['better', 'equal', 'worse'].reduce((sum, word) => sum + value(found, `sets.${word}`), 0)).toBe(1)
  })
  test('compares every operator with the same model without one', async () => {
    const [one, other] = await Promise.all(
      ['rank:permutahedron', 'rank:sigmoid'].map((method) => labelRanking.run(cellOf(method), bench)),
    )
    expect(value(one, 'spearman.plain')).toBe(value(other, 'spearman.plain'))
    expect(value(one, 'spearman')).not.toBe(value(other, 'spearman'))
  })
  test('refuses penalties that do not fall', async () => {
    await expect(labelRanking.run(cellOf('rank:sigmoid', { penalties: '0.1x1' }), bench)).rejects.toThrow(
      'expected falling numbers above 0',
    )
  })
})

describe('the published counts', () => {
  /** A run of all sets under two cuts, `better[seed]` of them better and the others equal. */
  function runOf(better: readonly number[]) {
    const sets = datasets.get('label-ranking')!
    const names = 'folds' in sets ? sets.folds({}) : []
    const entries = better.flatMap((count, seed) =>
      names.map((split, i) => {
        const plain = cellOf('rank:permutahedron')
        const cell: Cell = {
          ...plain,
          experiment: { name: 'label-ranking', params: resolveParams(labelRanking.params, {}, 'label-ranking') },
          dataset: { name: 'label-ranking', params: {} },
          split,
          seed: seed + 1,
        }
        const is = (metric: string, holds: boolean): Observation => ({
          metric,
          unit: '1',
          better: 'neither',
          value: holds ? 1 : 0,
        })
        return fakeEntry(
          cell,
          measured([is('sets.better', i < count), is('sets.equal', i >= count), is('sets.worse', false)]),
        )
      }),
    )
    return fakeRun(entries)
  }
  test('are held against how many sets came out so, added up over the sets', () => {
    const [better, equal, worse] = numbersOf(judgePaper('blondel', runOf([15, 15])))
    expect([better, equal, worse].map(({ judgement }) => judgement.ours)).toEqual([15, 6, 0])
    expect(better.judgement.verdict).toBe('close')
    expect(equal.judgement.verdict).toBe('higher')
    expect(worse.judgement.verdict).toBe('lower')
  })
  test('stay open where cuts into folds disagree', () => {
    const [better] = numbersOf(judgePaper('blondel', runOf([13, 16])))
    expect(better.judgement.ours).toBe(14.5)
    expect(better.judgement.verdict).toBe('inconclusive')
  })
})

describe('the table', () => {
  const entryOf = (method: string, seed: number, spearman: number, plain: number) =>
    fakeEntry(
      { ...cellOf(method), seed },
      measured([
        { metric: 'spearman', unit: '1', better: 'higher', value: spearman },
        { metric: 'spearman.plain', unit: '1', better: 'higher', value: plain },
        { metric: 'sets.better', unit: '1', better: 'neither', value: 1 },
        { metric: 'sets.equal', unit: '1', better: 'neither', value: 0 },
        { metric: 'sets.worse', unit: '1', better: 'neither', value: 0 },
      ]),
    )
  test('compares operators and none on the cuts that all of them have, and counts every cut', () => {
    const run = fakeRun([
      entryOf('rank:permutahedron', 1, 0.7, 0.6),
      entryOf('rank:permutahedron', 2, 0.1, 0.2),
      entryOf('rank:sigmoid', 1, 0.8, 0.6),
    ])
    const [{ rows, about }] = labelRankingTables(run)
    expect(rows[0].slice(1).map(({ data }) => data)).toEqual([0.6, 0.7, 0.8])
    expect(rows[1].slice(2).map(({ text }) => text)).toEqual(['1/0/0 1/0/0', '1/0/0'])
    expect(about[0]).toContain('(seed 1)')
  })
})
