import { describe, expect, test } from 'vitest'
import type { Cell } from '../../core/cell.ts'
import type { Bench } from '../../core/experiment.ts'
import { measureOf } from '../../core/measure.ts'
import { methodRef } from '../../core/method-ref.ts'
import { resolveParams } from '../../core/params.ts'
import { randomStream } from '../../core/random.ts'
import { datasets, operators } from '../../registry.ts'
import type { Source } from '../training/source.ts'
import { accuracyOf } from './accuracy.ts'
import { exampleObservations, examplesOf } from './examples.ts'
import { sequenceSorting } from './experiment.ts'
import { sortingLoss } from './loss.ts'
import { testObservations } from './test-part.ts'

const refOf = (name: string, given: object = {}) =>
  methodRef({ name, params: resolveParams(operators.get(name)!.params, { ...given }, name) })

describe('accuracy', () => {
  const values = Float64Array.of(30, 10, 20, 5, 7, 6)
  test('counts sequences that are in order, and numbers that are in their places', () => {
    expect(accuracyOf([3, 1, 2, 1, 2, 3], values, 3)).toEqual({ all: [1, 0], each: [1, 1 / 3], five: [] })
  })
  test('lets equal numbers stand either way', () => {
    const equal = Float64Array.of(4, 4, 9)
    expect(accuracyOf([2, 1, 3], equal, 3).all).toEqual([1])
    expect(accuracyOf([1, 2, 3], equal, 3).all).toEqual([1])
  })
})

describe('EM5', () => {
  test('is that of the first five of each sequence, ranked among themselves', () => {
    const values = Float64Array.of(3, 1, 2, 5, 4, 0, 9)
    // The last two are wrong, and one of them would stand among the first five.
    const scores = [3, 1, 2, 5, 4, 9, 0]
    expect(accuracyOf(scores, values, 7)).toEqual({ all: [0], each: [5 / 7], five: [1] })
  })
  test('of five numbers is the accuracy of them all', () => {
    const values = Float64Array.of(1, 2, 3, 4, 5, 5, 4, 3, 2, 1)
    const { all, five } = accuracyOf([1, 2, 3, 4, 5, 1, 2, 3, 4, 5], values, 5)
    expect(five).toEqual(all)
  })
})

describe('examples', () => {
  const drawn = (n: number, sequences: number, side: number) => {
    const values = Float64Array.from({ length: n * sequences }, (_, i) => (7 * i) % 10)
    const pictures = Float32Array.from({ length: values.length * side * side }, (_, i) => (i % 7) / 6)
    return { values, pictures, scores: values }
  }
  const shownOf = (n: number, sequences: number, side: number) => {
    const found = exampleObservations(drawn(n, sequences, side), { width: side, height: side, n })
    return examplesOf(n, (metric) => found.find((each) => each.metric === metric)?.samples)
  }
  test('come back as they were: numbers, places, and pixels in four greys', () => {
    const [[first, second]] = shownOf(2, 4, 5)
    expect([first.value, first.place, second.value, second.place]).toEqual([0, 1, 7, 2])
    expect(first.bitmap).toEqual({
      width: 5,
      height: 5,
      pixels: Array.from({ length: 25 }, (_, i) => Math.round(Math.fround((i % 7) / 6) * 3)),
    })
  })
  test('are three sequences, fewer of long ones, none of very long ones', () => {
    expect([5, 15, 31].map((n) => shownOf(n, 4, 4).length)).toEqual([3, 2, 0])
  })
  test("are of generated pictures alone: a run that is handed on holds nobody else's", () => {
    const source = (generated: boolean): Source => ({
      ...{ width: 4, height: 4, n: 2, generated },
      draw: () => drawn(2, 3, 4),
    })
    const model = { parameters: new Float64Array(0), outputs: 1, forward() {}, backward() {} }
    const metricsOf = (generated: boolean) =>
      testObservations(source(generated), 3, 1, model).map(({ metric }) => metric)
    const accuracy = ['permutation-accuracy', 'element-accuracy']
    expect(metricsOf(false)).toEqual(accuracy)
    expect(metricsOf(true).length).toBeGreaterThan(accuracy.length)
  })
  test('of large pictures are kept smaller', () => {
    const [[{ bitmap }]] = shownOf(2, 1, 70)
    expect([bitmap.width, bitmap.height, bitmap.pixels.length]).toEqual([17, 17, 289])
  })
})

describe('the loss', () => {
  const values = Float64Array.of(30, 10, 20, 5, 7, 6, 1, 2, 3)
  const shape = { sequences: 3, n: 3 }
  const batch = { values, noise: new Float64Array(0) }
  const scores = Float64Array.from(values, () => 0)
  const draw = randomStream(1, 'scores')
  for (let i = 0; i < scores.length; i++) scores[i] = draw.normal()
  const methods = [
    'matrix:neuralsort',
    'matrix:softsort',
    'matrix:sinkhorn',
    'matrix:network',
    'matrix:lapsum',
    'rank:permutahedron',
    'rank:sigmoid',
  ]
  test.each(methods.flatMap((name) => ['ascending', 'descending'].map((direction) => [name, direction] as const)))(
    'of %s, %s, has the gradient that its differences have',
    (name, direction) => {
      const method = refOf(name, { direction })
      const loss = sortingLoss(operators.get(name)!, method, { ...shape, gumbel: 0 })
      const gradient = Array.from(loss.at(scores, batch).gradient)
      const step = 1e-6
      gradient.forEach((slope, i) => {
        const at = (moved: number) =>
          loss.at(
            scores.map((score, j) => (i === j ? score + moved : score)),
            batch,
          ).value
        expect((at(step) - at(-step)) / (2 * step)).toBeCloseTo(slope, 4)
      })
      loss.dispose()
    },
  )
  test.each(methods)('of %s falls as scores come to the true order, in either direction', (name) => {
    for (const direction of ['ascending', 'descending']) {
      const method = refOf(name, { direction })
      const loss = sortingLoss(operators.get(name)!, method, { ...shape, gumbel: 0 })
      const right = loss.at(values, batch).value
      expect(right).toBeLessThan(
        loss.at(
          values.map((value) => -value),
          batch,
        ).value,
      )
      loss.dispose()
    }
  })
  test.each(['matrix:neuralsort', 'rank:permutahedron'])('of %s under noise is the mean over its samples', (name) => {
    const method = refOf(name)
    const [alone, noisy] = [0, 2].map((gumbel) => sortingLoss(operators.get(name)!, method, { ...shape, gumbel }))
    const noise = Float64Array.from({ length: 18 }, () => draw.normal())
    const samples = [0, 1].map((sample) => {
      const { value, gradient } = alone.at(
        scores.map((score, i) => score + noise[9 * sample + i]),
        batch,
      )
      return { value, gradient: Array.from(gradient) }
    })
    const found = noisy.at(scores, { values, noise })
    expect(found.value).toBeCloseTo((samples[0].value + samples[1].value) / 2, 12)
    Array.from(found.gradient).forEach((slope, i) => {
      expect(slope).toBeCloseTo((samples[0].gradient[i] + samples[1].gradient[i]) / 2, 12)
    })
    alone.dispose()
    noisy.dispose()
  })
})

const bench = {
  data: { root: undefined, seed: 1 },
  everyQuery: false,
  operator: ({ name }: { name: string }) => operators.get(name)!,
  dataset: ({ name }: { name: string }) => datasets.get(name)!,
} as unknown as Bench

const cellOf = (method: string, given: object): Cell => ({
  experiment: {
    name: 'sequence-sorting',
    params: resolveParams(sequenceSorting.params, { ...given }, 'sequence-sorting'),
  },
  version: 1,
  system: 'rank-bench',
  method: refOf(method),
  dataset: {
    name: 'sequences',
    params: resolveParams(datasets.get('sequences')!.params, { digits: 1, n: 3 }, 'sequences'),
  },
  dataDigest: '',
  split: '',
  seed: 1,
  precision: 'f64',
  protocol: '',
})

test('a network learns to sort drawn digits from their order alone', async () => {
  const given = {
    filters: '3',
    hidden: 8,
    steps: 60,
    check: 20,
    batch: 10,
    validation: 60,
    test: 120,
    'learning-rate': 0.01,
  }
  const found = await sequenceSorting.run(cellOf('matrix:neuralsort', given), bench)
  for (const { metric } of found) expect(measureOf(sequenceSorting.measures, metric)).toBeDefined()
  const value = (metric: string) => found.find((each) => each.metric === metric)!.value
  // One of six by chance.
  expect(value('permutation-accuracy')).toBeGreaterThan(0.3)
  expect(value('element-accuracy')).toBeGreaterThan(value('permutation-accuracy'))
  expect(found.find(({ metric }) => metric === 'curve:validation')!.samples).toHaveLength(4)
}, 120_000)

test('filters that are no numbers are refused', async () => {
  await expect(sequenceSorting.run(cellOf('matrix:neuralsort', { filters: '3xa' }), bench)).rejects.toThrow(
    'filters are "3xa"; expected whole numbers',
  )
})
