import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadPaper } from '../../config/load.ts'
import type { Cell } from '../../core/cell.ts'
import type { RankingData, RankingDataset } from '../../core/dataset.ts'
import type { Bench, Scope } from '../../core/experiment.ts'
import { rankerRef } from '../../core/method-ref.ts'
import { resolveParams } from '../../core/params.ts'
import { publishedRankings } from '../../datasets/letor/published-scores.ts'
import { datasets } from '../../registry.ts'
import { publishedScores } from './experiment.ts'

const part = (name: string): RankingData => ({
  queries: [`${name}1`, `${name}2`],
  offsets: Uint32Array.of(0, 3, 5),
  labels: Float32Array.of(0, 1, 2, 1, 0),
  features: new Float32Array(5),
  width: 1,
})
const dataset = (scores: readonly number[]): RankingDataset => ({
  kind: 'ranking',
  name: 'two',
  title: '',
  licence: '',
  citation: '',
  params: {},
  folds: () => ['fold1'],
  digest: async () => '',
  load: async () => ({ train: part('a'), validation: part('b'), test: part('c') }),
  published: {
    rankers: ['listnet'],
    digest: async () => 'abc',
    load: async () => Float64Array.from(scores),
  },
})
const cellOf = (ranker: string): Cell => ({
  experiment: { name: 'published-scores', params: resolveParams(publishedScores.params, {}, 'published-scores') },
  version: 1,
  system: 'rank-bench',
  method: rankerRef(ranker),
  dataset: { name: 'two', params: {} },
  dataDigest: '',
  split: 'fold1',
  seed: 1,
  precision: 'f64',
  protocol: '',
})
const benchOf = (of: RankingDataset) =>
  ({ dataset: () => of, data: { root: undefined, seed: 1 }, everyQuery: true }) as unknown as Bench

describe('published scores', () => {
  test('are evaluated under the metrics of printed tables, query by query', async () => {
    const found = await publishedScores.run(cellOf('listnet'), benchOf(dataset([1, 2, 3, 1, 2])))
    const map = found.find(({ metric }) => metric === 'map:letor4')!
    // Both relevant documents first; the one relevant document second.
    expect(map.samples).toEqual([1, 0.5])
    expect(found.some(({ metric }) => metric === 'ndcg@10:rax[blank=drop]')).toBe(true)
  })
  test('of another length are refused', async () => {
    await expect(publishedScores.run(cellOf('listnet'), benchOf(dataset([1])))).rejects.toThrow(
      '1 scores for 5 documents; expected one a line of the test file',
    )
  })
  test('of somebody who published none are refused', async () => {
    await expect(publishedScores.run(cellOf('bm25'), benchOf(dataset([])))).rejects.toThrow(
      '"bm25" published no scores on two',
    )
  })
  test('are planned a ranker and a fold each', () => {
    const scope = {
      experiment: cellOf('listnet').experiment,
      datasets: [{ name: 'two', params: {} }],
      seeds: [1],
      kindOf: () => 'ranking',
      folds: () => ['fold1', 'fold2'],
    } as unknown as Scope
    expect(publishedScores.plan(scope)).toHaveLength(10)
  })
})

describe('score files', () => {
  const root = mkdtempSync(join(tmpdir(), 'scores-'))
  mkdirSync(join(root, 'letor40-scores/listnet/mq2008'), { recursive: true })
  writeFileSync(join(root, 'letor40-scores/listnet/mq2008/fold1.txt'), '1.5\r\n-2\r\n')
  writeFileSync(join(root, 'letor40-scores/listnet/mq2008/fold2.txt'), '1\nx\n')
  const scores = publishedRankings('mq2008')
  test('hold one number a line', async () => {
    expect([...(await scores.load('listnet', 'fold1', { root, seed: 1 }))]).toEqual([1.5, -2])
    expect(await scores.digest('listnet', 'fold1', { root, seed: 1 })).toMatch(/^[0-9a-f]{16}$/)
  })
  test('that are damaged are refused with file and line', async () => {
    await expect(scores.load('listnet', 'fold2', { root, seed: 1 })).rejects.toThrow(
      /fold2\.txt, line 2: "x" is not a finite/,
    )
  })
  test('that are not here are skipped with where to get them', async () => {
    await expect(scores.digest('ranknet', 'fold1', { root, seed: 1 })).rejects.toMatchObject({
      kind: 'absent',
      hint: expect.stringContaining('JasonWyse/letor40'),
    })
    await expect(scores.digest('ranknet', 'fold1', { root: undefined, seed: 1 })).rejects.toMatchObject({
      kind: 'absent',
    })
  })
})

const root = process.env.RANK_BENCH_DATA
const absent =
  root === undefined ? 'RANK_BENCH_DATA is not set: restricted score files are not part of this package' : ''

/** Every printed fold number of the rerun whose score file is that of the printed run. */
describe(`the rerun of LETOR's baselines${absent && ` (skipped: ${absent})`}`, () => {
  const { config, claims } = loadPaper('letor40-rerun')
  const families = config.families.filter(({ published }) => published)
  test.skipIf(root === undefined)(
    'prints what its scores give through our metrics: 752 of 752, 640 of four methods',
    async () => {
      let [holds, of, four] = [0, 0, 0]
      for (const family of families) {
        const data = datasets.get(family.published!.dataset) as RankingDataset
        const ranker = family.published!.method.slice('ranker:'.length)
        const own = claims.filter(
          (claim) =>
            claim.split.startsWith('Fold') && Object.entries(family.when).every(([k, v]) => claim[k as 'method'] === v),
        )
        const values = await foldValues(data, ranker)
        for (const claim of own) {
          const fold = `fold${claim.split[4]}`
          if (family.setAside?.[fold]) continue
          const metric = family.metrics[claim.metric].replace('{at}', claim.at)
          const right = Math.abs(values.get(fold)!.get(metric)! - claim.value) <= 0.5e-4 + 1e-9
          of++
          if (right) holds++
          if (right && ranker !== 'svm_rank') four++
        }
      }
      expect([holds, of, four]).toEqual([752, 752, 640])
    },
    120_000,
  )
})

async function foldValues(data: RankingDataset, ranker: string): Promise<Map<string, Map<string, number>>> {
  const folds = new Map<string, Map<string, number>>()
  for (const split of ['fold1', 'fold2', 'fold3', 'fold4', 'fold5']) {
    const cell = { ...cellOf(ranker), dataset: { name: data.name, params: {} }, split }
    const bench = { dataset: () => data, data: { root, seed: 1 }, everyQuery: false } as unknown as Bench
    const found = await publishedScores.run(cell, bench)
    folds.set(split, new Map(found.map(({ metric, value }) => [metric, value])))
  }
  return folds
}
