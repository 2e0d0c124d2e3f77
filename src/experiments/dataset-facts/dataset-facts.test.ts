import { describe, expect, test } from 'vitest'
import type { Cell } from '../../core/cell.ts'
import type { RankingData, RankingDataset } from '../../core/dataset.ts'
import type { Bench } from '../../core/experiment.ts'
import { rankerRef } from '../../core/method-ref.ts'
import { countsOf } from './counts.ts'
import { datasetFacts } from './experiment.ts'

const lists = (name: string, labels: readonly (readonly number[])[]): RankingData => {
  const offsets = [0]
  for (const list of labels) offsets.push(offsets.at(-1)! + list.length)
  const flat = labels.flat()
  return {
    queries: labels.map((_, q) => `${name}${q}`),
    offsets: Uint32Array.from(offsets),
    labels: Float32Array.from(flat),
    features: new Float32Array(flat.length * 2),
    width: 2,
  }
}

const parts = {
  train: lists('a', [
    [0, 1, 2],
    [0, 0],
  ]),
  validation: lists('b', [[1]]),
  test: lists('c', [
    [2, 0],
    [0, 0, 0],
    [1, 0],
  ]),
}

test('counts are those of a part', () => {
  expect(countsOf(parts.train)).toMatchObject({
    queries: 2,
    documents: 5,
    features: 2,
    shortest: 2,
    'median-length': 2.5,
    longest: 3,
    blank: 1,
    'label-0': 3,
    'label-2': 1,
    'without-label-2': 1,
    'shorter-than-8': 2,
  })
})

describe('facts of a data set', () => {
  const folds: Record<string, typeof parts> = {
    fold1: parts,
    fold2: { ...parts, train: lists('d', [[1]]), test: lists('e', [[1, 2]]) },
  }
  const dataset: RankingDataset = {
    kind: 'ranking',
    name: 'facts',
    title: '',
    licence: '',
    citation: '',
    params: {},
    folds: () => ['fold1', 'fold2'],
    digest: async () => '',
    load: async (fold) => folds[fold],
  }
  const bench = { dataset: () => dataset, data: { root: undefined, seed: 1 }, everyQuery: false } as unknown as Bench
  const valuesOf = async (ranker: string, split: string) => {
    const cell = {
      experiment: { name: 'dataset-facts', params: {} },
      method: rankerRef(ranker),
      dataset: { name: 'facts', params: {} },
      split,
    } as unknown as Cell
    return new Map((await datasetFacts.run(cell, bench)).map(({ metric, value }) => [metric, value]))
  }
  test('are those of each part of a fold, and of all test parts together', async () => {
    const fold = await valuesOf('counts', 'fold1')
    expect([fold.get('queries:train'), fold.get('documents:validation'), fold.get('queries:test')]).toEqual([2, 1, 3])
    const all = await valuesOf('counts', 'all')
    expect([all.get('queries:test'), all.get('documents:test'), all.get('queries:train')]).toEqual([4, 9, undefined])
  })
  test('say what a perfect ranking reaches: lists without relevant documents and short ones keep it below 1', async () => {
    const all = await valuesOf('perfect', 'all')
    expect(all.get('ndcg@1:letor4')).toBeCloseTo(0.75, 12)
    // No list has three documents and a relevant one.
    expect(all.get('ndcg@3:letor4')).toBe(0)
    expect(all.get('ndcg@3:letor3-padded')).toBeCloseTo(0.75, 12)
  })
})
