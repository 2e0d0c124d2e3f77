import { describe, expect, test } from 'vitest'
import type { Dataset, RankingData, RankingDataset } from '../core/dataset.ts'
import { resolveParams } from '../core/params.ts'
import { evaluateQueries, meanOverQueries } from '../metrics/evaluate.ts'
import { parseMetric } from '../metrics/metric.ts'
import { median } from '../stats/quantile.ts'
import { generate } from './letor/synthesis.ts'
import { syntheticLetor } from './letor/synthetic-letor.ts'
import { trueRelevance } from './letor/true-relevance.ts'
import { given } from './lists/given.ts'
import { sorting } from './lists/sorting.ts'
import { descendingAdversarial } from './lists/sorting-adversarial.ts'
import { datasets, kindNamed, kindNames, registerDataset } from './registry.ts'

const defaults = { queries: 300, features: 46, folds: 5, grades: 3, blank: 0.2, noise: 0.5, seed: 1 }

/** Mean of `inner(i)` over the rows of each list, taken off: what is left tells documents of one list apart. */
function centred(data: RankingData, column: (i: number) => number): Float64Array {
  const result = new Float64Array(data.labels.length)
  for (let q = 0; q < data.queries.length; q++) {
    const [start, end] = [data.offsets[q], data.offsets[q + 1]]
    let sum = 0
    for (let i = start; i < end; i++) sum += column(i)
    for (let i = start; i < end; i++) result[i] = column(i) - sum / (end - start)
  }
  return result
}

/** Least squares of labels on features within lists, by coordinate descent. */
function linearRanker(data: RankingData): Float64Array {
  const residual = centred(data, (i) => data.labels[i])
  const columns = Array.from({ length: data.width }, (_, j) => centred(data, (i) => data.features[i * data.width + j]))
  const weights = new Float64Array(data.width)
  for (let sweep = 0; sweep < 60; sweep++) {
    for (const [j, column] of columns.entries()) {
      const step = column.reduce((sum, x, i) => sum + x * residual[i], 0) / column.reduce((sum, x) => sum + x * x, 1e-9)
      weights[j] += step
      for (let i = 0; i < residual.length; i++) residual[i] -= step * column[i]
    }
  }
  return weights
}

const ndcg = (data: RankingData, score: (i: number) => number): number => {
  const scores = Float64Array.from(data.labels, (_, i) => score(i))
  const { offsets, labels, documents } = data
  const metric = parseMetric('ndcg@10[blank=drop]')
  return meanOverQueries(evaluateQueries(metric, { offsets, labels, scores, documents: documents! }))
}

describe('synthetic-letor', () => {
  const data = generate(defaults)
  const lengths = data.queries.map((_, q) => data.offsets[q + 1] - data.offsets[q])

  test('is a function of its parameters only', async () => {
    expect(generate(defaults)).toEqual(data)
    expect(generate({ ...defaults, seed: 2 }).labels).not.toEqual(data.labels)
    const digest = (queries: number) => syntheticLetor.digest({ ...defaults, queries }, { root: undefined, seed: 1 })
    expect(await digest(300)).not.toBe(await digest(301))
  })
  test('has the shape of LETOR data: 5 to 121 documents a list, features in [0, 1], graded labels, blank lists', () => {
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(5)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(121)
    expect(median(lengths)).toBeGreaterThan(8)
    expect(median(lengths)).toBeLessThan(18)
    expect(data.features.every((value) => value >= 0 && value <= 1)).toBe(true)
    const counts = [0, 1, 2].map((label) => data.labels.filter((each) => each === label).length)
    expect(counts.reduce((a, b) => a + b)).toBe(data.labels.length)
    expect(counts[1]).toBeGreaterThan(counts[2])
    expect(counts[2]).toBeGreaterThan(0)
    const blank = data.queries.filter((_, q) =>
      data.labels.slice(data.offsets[q], data.offsets[q + 1]).every((label) => label === 0),
    ).length
    expect(blank / data.queries.length).toBeGreaterThan(0.15)
    expect(blank / data.queries.length).toBeLessThan(0.4)
  })
  test('has labels that follow the true ranker', () => {
    const worth = Float64Array.from(data.labels, (_, i) => trueRelevance(data.features, i * data.width))
    const mean = (label: number) => {
      const of = worth.filter((_, i) => data.labels[i] === label)
      return of.reduce((a, b) => a + b) / of.length
    }
    expect(mean(2)).toBeGreaterThan(mean(1))
    expect(mean(1)).toBeGreaterThan(mean(0))
  })
  test('rotates its parts: every list is tested once in five folds, and never trained on in its own', async () => {
    const tested: string[] = []
    for (const name of syntheticLetor.folds(defaults)) {
      const { train, validation, test: held } = await syntheticLetor.load(name, defaults, { root: undefined, seed: 1 })
      expect(
        train.queries.filter((query) => held.queries.includes(query) || validation.queries.includes(query)),
      ).toEqual([])
      tested.push(...held.queries)
    }
    expect(tested.map(Number).sort((a, b) => a - b)).toEqual(data.queries.map(Number))
  })
  test('lets a linear ranker get clearly past chance, and clearly not to the true ranker', async () => {
    const { train, test: held } = await syntheticLetor.load('fold1', defaults, { root: undefined, seed: 1 })
    const weights = linearRanker(train)
    const linear = ndcg(held, (i) => weights.reduce((sum, w, j) => sum + w * held.features[i * held.width + j], 0))
    const truth = ndcg(held, (i) => trueRelevance(held.features, i * held.width))
    const chance = ndcg(held, (i) => (i * 0.618) % 1)
    expect(linear - chance).toBeGreaterThan(0.15)
    expect(truth - linear).toBeGreaterThan(0.05)
  })
  test('has as many folds as asked for, and refuses a fold that is not there or would be empty', async () => {
    const three = { ...defaults, queries: 9, folds: 3 }
    const context = { root: undefined, seed: 1 }
    expect(syntheticLetor.folds(three)).toEqual(['fold1', 'fold2', 'fold3'])
    const last = await syntheticLetor.load('fold3', three, context)
    expect([last.train, last.validation, last.test].map((part) => part.queries)).toEqual([
      ['7', '8', '9'],
      ['1', '2', '3'],
      ['4', '5', '6'],
    ])
    await expect(syntheticLetor.load('fold4', three, context)).rejects.toThrow(/has no fold "fold4"; it has: fold1/)
    expect(() => syntheticLetor.folds({ ...three, folds: 10 })).toThrow(/10 folds of 9 lists/)
  })
})

/** Merges that each item of a non-increasing fit sets off, by pool-adjacent-violators with a stack of blocks. */
function mergesOf(y: Float64Array): number[] {
  const blocks: { sum: number; count: number }[] = []
  return Array.from(y, (value) => {
    const last = { sum: value, count: 1 }
    let merges = 0
    for (let top = blocks.at(-1); top && top.sum / top.count <= last.sum / last.count; top = blocks.at(-1)) {
      last.sum += top.sum
      last.count += top.count
      merges++
      blocks.pop()
    }
    blocks.push(last)
    return merges
  })
}

describe('sorting', () => {
  const params = { batch: 3, n: 50, distribution: 'gaussian', scale: 1, offset: 0, ragged: false }
  const values = (change: object, seed = 1) => sorting.generate({ ...params, ...change }, seed)

  test('is a function of parameters and seed', () => {
    expect(values({})).toEqual(values({}))
    expect(values({}, 2).values).not.toEqual(values({}).values)
  })
  test('has one shape for all seeds, ragged rows included, so that inputs can be rotated', () => {
    const ragged = values({ ragged: true })
    expect(values({ ragged: true }, 9).offsets).toEqual(ragged.offsets)
    expect(new Set(Array.from(ragged.offsets)).size).toBeGreaterThan(2)
  })
  test('ties, nearly sorts, scales and shifts', () => {
    expect(new Set(values({ distribution: 'tied' }).values).size).toBeLessThanOrEqual(5)
    const row = Array.from(values({ batch: 1, distribution: 'nearly-sorted' }).values)
    expect(row.filter((value, i) => i > 0 && value < row[i - 1]).length).toBeLessThan(12)
    const moved = values({ scale: 2, offset: 5 }).values
    expect(moved.length).toBe(150)
    expect(moved.reduce((a, b) => a + b) / 150).toBeGreaterThan(4)
  })
  test.each([100, 1000, 10_000])(
    'makes adversarial rows of %i that soft rank at strength 1 pools in long chains',
    (n) => {
      const values = descendingAdversarial(n)
      const merges = mergesOf(values.map((value, i) => value - (n - i)))
      const chains = merges.filter((count) => count > 1)
      const root = Math.sqrt(n)
      expect(chains.length).toBeGreaterThan(0.8 * root)
      expect(chains.reduce((a, b) => a + b) / chains.length).toBeGreaterThan(0.8 * root)
      expect(merges.reduce((a, b) => a + b)).toBeGreaterThan(0.85 * n)
    },
  )
  test('shuffles adversarial rows, and makes rows of one item or none', () => {
    const row = values({ batch: 1, distribution: 'adversarial' }).values
    expect(row).not.toEqual(descendingAdversarial(50))
    expect(row.slice().sort().reverse()).toEqual(descendingAdversarial(50))
    expect(Array.from(values({ batch: 2, n: 1, distribution: 'adversarial' }).values)).toEqual([0, 0])
    expect(values({ batch: 2, n: 0, distribution: 'adversarial' }).values).toHaveLength(0)
  })
  test('keeps the digests of the other distributions when one of them changes', async () => {
    const digest = (distribution: string) => sorting.digest({ ...params, distribution }, { root: undefined, seed: 1 })
    expect(await digest('gaussian')).toMatch(/^generated\/1\//)
    expect(await digest('adversarial')).toMatch(/^generated\/2\//)
  })
  test('makes empty batches and empty rows', () => {
    expect(values({ batch: 0 }).values).toHaveLength(0)
    expect(Array.from(values({ n: 0 }).offsets)).toEqual([0, 0, 0, 0])
  })
})

describe('given', () => {
  test('holds the numbers written in the selector, and refuses what is not one', () => {
    expect(Array.from(given.generate({ values: '5x-1x2.5e3' }, 1).values)).toEqual([5, -1, 2500])
    expect(() => given.generate({ values: '5,1' }, 1)).toThrow(/numbers separated by x/)
    expect(() => given.generate({ values: '5xx1' }, 1)).toThrow(/numbers separated by x/)
  })
})

describe('the registry', () => {
  test('finds every data set by the name it gives itself', () => {
    for (const [name, dataset] of datasets) expect(dataset.name).toBe(name)
    expect(datasets.get('letor:mq2008')?.kind).toBe('ranking')
  })
  test('refuses a name that is taken, and a kind of data that nobody knows', () => {
    expect(() => registerDataset(given)).toThrow('there is already a data set called "given"')
    const sounds = { ...given, name: 'sounds', kind: 'sounds' } as unknown as Dataset
    expect(() => registerDataset(sounds)).toThrow(/is of kind "sounds"; expected lists or ranking or /)
  })
  test('knows of every kind a data set that is on every machine and keeps its laws', async () => {
    for (const kind of kindNames.map(kindNamed)) {
      const dataset = datasets.get(kind.alwaysHere[0].replace(/\[.*/, ''))!
      expect(dataset.kind).toBe(kind.kind)
      const findings = await kind.laws(dataset, resolveParams(dataset.params, {}, dataset.name), {
        root: undefined,
        seed: 1,
      })
      expect(findings.flatMap((finding) => ('problems' in finding ? finding.problems : []))).toEqual([])
    }
  })
  test('laws of data see a query that is in two parts, and values that change from call to call', async () => {
    const leaking: RankingDataset = {
      ...syntheticLetor,
      load: async (...asked) => {
        const fold = await syntheticLetor.load(...asked)
        return { ...fold, test: fold.validation }
      },
    }
    const params = resolveParams(syntheticLetor.params, { queries: 20 }, 'synthetic-letor')
    const found = await kindNamed('ranking').laws(leaking, params, { root: undefined, seed: 1 })
    expect(found.find(({ law }) => law === 'no leak')).toMatchObject({
      problems: [expect.stringMatching(/is in validation and in test/)],
    })
    let call = 0
    const drifting = { ...given, generate: () => ({ offsets: Uint32Array.of(0, 1), values: Float64Array.of(call++) }) }
    const values = await kindNamed('lists').laws(drifting, {}, { root: undefined, seed: 1 })
    expect(values.find(({ law }) => law === 'repeatable')).toMatchObject({
      problems: [expect.stringMatching(/two calls with seed 1/)],
    })
  })
})

describe('sorting', () => {
  test('refuses more values than offsets can count, instead of wrapping around', async () => {
    const params = (given: object) => resolveParams(sorting.params, given as never, 'sorting')
    expect(() => params({ n: 4294967312 })).toThrow(/n is "4294967312"; expected integer >= 0 and <= 134217728/)
    expect(() => sorting.generate(params({ batch: 100000, n: 100000 }), 1)).toThrow(/at most 134217728 in all/)
    await expect(sorting.digest(params({ batch: 100000, n: 100000 }), { root: undefined, seed: 1 })).rejects.toThrow()
  })
})
