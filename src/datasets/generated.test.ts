import { describe, expect, test } from 'vitest'
import { median } from '../stats/quantile.ts'
import { given, parseGiven } from './given.ts'
import { sorting } from './sorting.ts'
import { generate, syntheticLetor, trueRelevance } from './synthetic-letor.ts'

const defaults = { queries: 300, features: 46, grades: 3, blank: 0.2, noise: 0.5, seed: 1 }

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
})

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
  test('makes adversarial rows whose sorted gaps stay below 1, so that soft rank at strength 1 pools all', () => {
    const row = values({ batch: 1, distribution: 'adversarial' }).values.slice().sort()
    const gaps = Array.from(row.subarray(1), (value, i) => value - row[i])
    expect(Math.max(...gaps)).toBeLessThan(1)
    expect(gaps.every((gap, i) => i === 0 || gap > gaps[i - 1])).toBe(true)
  })
  test('makes empty batches and empty rows', () => {
    expect(values({ batch: 0 }).values).toHaveLength(0)
    expect(Array.from(values({ n: 0 }).offsets)).toEqual([0, 0, 0, 0])
  })
})

describe('given', () => {
  test('holds the numbers written in the selector, and refuses what is not one', () => {
    expect(Array.from(given.generate({ values: '5x-1x2.5e3' }, 1).values)).toEqual([5, -1, 2500])
    expect(() => parseGiven('5,1')).toThrow(/numbers separated by x/)
    expect(() => parseGiven('5xx1')).toThrow(/numbers separated by x/)
  })
})
