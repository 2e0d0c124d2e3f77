import { describe, expect, test } from 'vitest'
import type { Cell } from '../../core/cell.ts'
import type { Fold, RankingData, RankingDataset } from '../../core/dataset.ts'
import type { Bench, Scope } from '../../core/experiment.ts'
import { rankerRef } from '../../core/method-ref.ts'
import { resolveParams } from '../../core/params.ts'
import { randomStream } from '../../core/random.ts'
import { nobodyElse } from '../../core/system.ts'
import { fitRidge, linearScores } from '../../train/ridge.ts'
import { baseline } from './experiment.ts'

/** Lists of 8 documents whose label is a threshold on feature 2; feature 1 is noise, feature 3 constant. */
function part(name: string, lists: number, noise = 0): RankingData {
  const random = randomStream(1, name)
  const documents = lists * 8
  const features = Float32Array.from({ length: documents * 3 }, (_, at) => (at % 3 === 2 ? 1 : random.uniform()))
  const labels = Float32Array.from({ length: documents }, (_, i) =>
    features[i * 3 + 1] + noise * random.normal() > 0.7 ? 1 : 0,
  )
  return {
    queries: Array.from({ length: lists }, (_, q) => `${name}${q}`),
    offsets: Uint32Array.from({ length: lists + 1 }, (_, q) => q * 8),
    labels,
    features,
    width: 3,
  }
}

const fold: Fold = { train: part('train', 40, 0.05), validation: part('validation', 20), test: part('test', 20) }
const dataset = (given: Fold): RankingDataset => ({
  kind: 'ranking',
  name: 'three',
  title: '',
  licence: '',
  citation: '',
  params: {},
  folds: () => ['fold1'],
  digest: async () => '',
  load: async () => given,
})

const params = resolveParams(baseline.params, {}, 'baseline')
const cellOf = (name: string, method = {}): Cell => ({
  experiment: { name: 'baseline', params },
  version: 1,
  system: 'rank-bench',
  method: rankerRef(name, method),
  dataset: { name: 'three', params: {} },
  dataDigest: '',
  split: 'fold1',
  seed: 1,
  precision: 'f64',
  protocol: '',
})
async function figure(name: string, metric: string, method = {}, given = fold): Promise<number> {
  const bench = { dataset: () => dataset(given), data: { root: undefined, seed: 1 } } as unknown as Bench
  const observations = await baseline.run(cellOf(name, method), bench)
  return observations.find((each) => each.metric === metric)!.value
}

describe('rankers without a loss', () => {
  test('a feature ranks by itself, and the best one is found on the validation part', async () => {
    const [first, second] = [1, 2].map((index) => figure('feature', 'map:letor3', { index }))
    expect(await second).toBeGreaterThan(0.9)
    expect(await first).toBeLessThan(0.7)
    expect(await figure('best-feature', 'feature')).toBe(2)
    expect(await figure('best-feature', 'map:letor3')).toBe(await second)
  })
  test('the choice does not look at the test part', async () => {
    const turned = { ...fold.test, labels: fold.test.labels.map((label) => 1 - label) }
    expect(await figure('best-feature', 'feature', {}, { ...fold, test: turned })).toBe(2)
  })
  test('a constant keeps file order; BM25 needs to be known', async () => {
    expect(await figure('constant', 'map:letor3')).toBeLessThan(0.7)
    await expect(figure('bm25', 'map:letor3')).rejects.toThrow('which feature of three is BM25 is not known')
  })
  test('a random linear ranker has learnt nothing, and is the same on every fold', async () => {
    const value = await figure('random-linear', 'map:letor3')
    expect(value).toBeGreaterThan(0)
    expect(value).toBeLessThan(0.9)
    expect(await figure('random-linear', 'map:letor3', {}, { ...fold, train: part('other', 40) })).toBe(value)
  })
  test('regression finds the feature that tells', async () => {
    expect(await figure('regression', 'map:letor3')).toBeGreaterThan(0.9)
  })
  test('a fold that shares queries between its parts is refused', async () => {
    const leaking = { ...fold, test: fold.validation }
    await expect(figure('constant', 'map:letor3', {}, leaking)).rejects.toThrow('in the validation part too')
  })
})

test('the ridge solution leaves no gradient', () => {
  const ridge = 0.01
  const data = part('ridge', 30, 0.2)
  const weights = fitRidge(data, ridge)
  const rows = data.labels.length
  const residuals = linearScores(weights, data).map((score, i) => score - data.labels[i])
  expect(residuals.reduce((sum, value) => sum + value, 0) / rows).toBeCloseTo(0, 10)
  for (let j = 0; j < 3; j++) {
    const slope = residuals.reduce((sum, value, i) => sum + value * data.features[i * 3 + j], 0) / rows
    expect(slope + ridge * weights[j]).toBeCloseTo(0, 7)
  }
})

test('a plan has the rankers once a fold, and every feature when asked', () => {
  const scope = (features: boolean): Scope => ({
    experiment: { name: 'baseline', params: resolveParams(baseline.params, { features }, 'baseline') },
    methods: [],
    datasets: [
      { name: 'letor:mq2008', params: {} },
      { name: 'sorting', params: {} },
    ],
    seeds: [3, 4],
    precisions: ['f64'],
    folds: () => ['fold1', 'fold2'],
    facts: ({ name }) => (name === 'letor:mq2008' ? { width: 46, bm25: 25 } : {}),
    kindOf: ({ name }) => (name === 'sorting' ? 'lists' : 'ranking'),
    systems: nobodyElse,
  })
  const names = (features: boolean) => baseline.plan(scope(features)).map(({ method }) => method.name)
  expect(new Set(names(false))).toEqual(
    new Set(['ranker:constant', 'ranker:random-linear', 'ranker:best-feature', 'ranker:regression', 'ranker:bm25']),
  )
  expect(names(false).length).toBe(5 * 2)
  expect(names(true).length).toBe((5 + 46) * 2)
})
