import { describe, expect, test } from 'vitest'
import type { Cell } from '../../core/cell.ts'
import type { Bench } from '../../core/experiment.ts'
import { measureOf } from '../../core/measure.ts'
import { executed } from '../../core/method.ts'
import { methodRef, rankerRef, type Subject } from '../../core/method-ref.ts'
import { resolveParams } from '../../core/params.ts'
import { randomStream } from '../../core/random.ts'
import { regularShape } from '../../core/shape.ts'
import { datasets, operators } from '../../registry.ts'
import { medianRegression } from './experiment.ts'
import { medianLoss, networksFor } from './loss.ts'
import { compareWith, mediansOf, middleItems } from './medians.ts'

const refOf = (name: string, given: object = {}) =>
  methodRef({ name, params: resolveParams(operators.get(name)!.params, { ...given }, name) })

describe('the median', () => {
  test('is the number in the middle of each sequence, and the item whose score is', () => {
    expect(Array.from(mediansOf(Float64Array.of(9, 1, 5, 2, 2, 8), 3))).toEqual([5, 2])
    expect(Array.from(middleItems([9, 1, 5, 2, 2, 8], 3))).toEqual([2, 1])
  })
})

describe('what is said of what was found', () => {
  const medians = Float64Array.of(1000, 2000, 3000)
  test('is the squared error in units of 10,000', () => {
    const { errors, determination, correlation } = compareWith(medians, Float64Array.of(1100, 2000, 2800))
    expect(errors).toEqual([1, 0, 4])
    expect(determination).toBeCloseTo(1 - 5 / 200, 12)
    expect(correlation).toBeCloseTo(1_700_000 ** 2 / (2_000_000 * 1_446_666.6666666667), 12)
  })
  test('a squared correlation forgives what is far off by a constant and a factor, 1 - error / spread does not', () => {
    const { determination, correlation } = compareWith(
      medians,
      medians.map((median) => 9 * median + 5),
    )
    expect(correlation).toBeCloseTo(1, 12)
    expect(determination).toBeLessThan(-100)
  })
  test('a constant explains nothing', () => {
    const { determination, correlation } = compareWith(medians, Float64Array.of(2000, 2000, 2000))
    expect([determination, correlation]).toEqual([0, 0])
  })
})

describe('the loss', () => {
  const medians = Float64Array.of(0.3, -0.4)
  const noise = new Float64Array()
  const draw = randomStream(1, 'outputs')
  const drawn = Float64Array.from({ length: 20 }, draw.normal)
  const methods = [
    ['matrix:neuralsort', { tau: 2 }],
    ['matrix:softsort', {}],
    ['matrix:sinkhorn', { epsilon: 0.1 }],
    ['matrix:network', { steepness: 1 }],
    ['matrix:lapsum', {}],
    ['quantile:permutahedron', {}],
    ['quantile:neuralsort', { tau: 2 }],
    ['quantile:lapsum', {}],
  ] as const
  test.each(methods)('of %s has the gradient that its differences have', (name, given) => {
    const method = refOf(name, given)
    const outputs = drawn.slice(0, 10 * networksFor(method))
    const loss = medianLoss(operators.get(name)!, method, { sequences: 2, n: 5, gumbel: 0 })
    const gradient = Array.from(loss.at(outputs, { medians, noise }).gradient)
    expect(gradient).toHaveLength(outputs.length)
    const step = 1e-6
    gradient.forEach((slope, i) => {
      const at = (moved: number) =>
        loss.at(
          outputs.map((output, j) => (i === j ? output + moved : output)),
          { medians, noise },
        ).value
      expect((at(step) - at(-step)) / (2 * step)).toBeCloseTo(slope, 4)
    })
    loss.dispose()
  })
  test('of a hard permutation is the squared distance of the number whose score stands in the middle', () => {
    const scores = [5, 1, 3, 2, 4]
    const outputs = Float64Array.from(scores.flatMap((score, i) => [score, 10 * i]))
    const { value } = medianLoss(operators.get('matrix:hard')!, refOf('matrix:hard'), {
      sequences: 1,
      n: 5,
      gumbel: 0,
    }).at(outputs, {
      medians: Float64Array.of(17),
      noise,
    })
    expect(value).toBe((20 - 17) ** 2)
  })
  test('with noise weighs squared distances by the middle row of every sample, as the released code does', () => {
    const [spec, method] = [operators.get('matrix:neuralsort')!, refOf('matrix:neuralsort', { tau: 2 })]
    const outputs = drawn.slice(0, 10)
    const samples = [Float64Array.of(0.3, -0.2, 1.5, 0.1, 0), Float64Array.of(-0.4, 0.8, 0.2, 2, 1)]
    const both = Float64Array.from(samples.flatMap((sample) => Array.from(sample)))
    const loss = medianLoss(spec, method, { sequences: 1, n: 5, gumbel: 2 })
    const [plan, median] = [spec.plan(regularShape(1, 5), method.params, 'f64'), 0.3]
    const expected = samples.map((sample) => {
      for (let j = 0; j < 5; j++) plan.values[j] = outputs[2 * j] + sample[j]
      plan.forward()
      const row = Array.from(plan.output.subarray(10, 15))
      const sum = row.reduce((all, entry) => all + entry, 0)
      return row.reduce((all, entry, j) => all + (entry / sum) * (outputs[2 * j + 1] - median) ** 2, 0)
    })
    const batch = { medians: Float64Array.of(median), noise: both }
    const { value, gradient } = loss.at(outputs, batch)
    expect(value).toBeCloseTo((expected[0] + expected[1]) / 2, 12)
    const step = 1e-6
    Array.from(gradient).forEach((slope, i) => {
      const at = (moved: number) =>
        loss.at(
          outputs.map((output, j) => (i === j ? output + moved : output)),
          batch,
        ).value
      expect((at(step) - at(-step)) / (2 * step)).toBeCloseTo(slope, 5)
    })
  })
  test('does not depend on what the middle row sums to: it is divided by its sum', () => {
    const outputs = drawn.slice(0, 10)
    const plan = (scale: number) => {
      const spec = operators.get('matrix:softsort')!
      const method = refOf('matrix:softsort')
      const scaled = {
        ...spec,
        plan: (...given: Parameters<typeof spec.plan>) => {
          const inner = spec.plan(...given)
          return {
            ...inner,
            forward() {
              inner.forward()
              for (let k = 0; k < inner.output.length; k++) inner.output[k] *= scale
            },
          }
        },
      }
      return medianLoss(scaled, method, { sequences: 1, n: 5, gumbel: 0 }).at(outputs, {
        medians: Float64Array.of(0.3),
        noise,
      }).value
    }
    expect(plan(3)).toBeCloseTo(plan(1), 12)
  })
})

const bench = {
  data: { root: undefined, seed: 1 },
  everyQuery: false,
  operator: ({ name }: { name: string }, execution: object) => executed(operators.get(name)!, execution),
  dataset: ({ name }: { name: string }) => datasets.get(name)!,
} as unknown as Bench

const cellOf = (method: Subject, given: object, n = 3): Cell => ({
  experiment: {
    name: 'median-regression',
    params: resolveParams(medianRegression.params, { ...given }, 'median-regression'),
  },
  version: 2,
  system: 'rank-bench',
  method,
  dataset: {
    name: 'sequences',
    params: resolveParams(datasets.get('sequences')!.params, { digits: 1, n }, 'sequences'),
  },
  dataDigest: '',
  split: '',
  seed: 1,
  precision: 'f64',
  protocol: '',
})

const small = {
  filters: '4',
  hidden: 8,
  steps: 160,
  check: 40,
  batch: 8,
  validation: 80,
  test: 150,
  'learning-rate': 0.01,
}
const numberOf = (found: readonly { metric: string; value: number }[], name: string): number =>
  found.find(({ metric }) => metric === name)!.value

const least = (samples: readonly number[]): number => samples.reduce((low, value) => Math.min(low, value))

test('a network comes nearer to the median than a constant through a soft quantile', async () => {
  const found = await medianRegression.run(cellOf(refOf('quantile:softsort'), small), bench)
  for (const { metric } of found) expect(measureOf(medianRegression.measures, metric)).toBeDefined()
  const constant = await medianRegression.run(cellOf(rankerRef('constant'), small), bench)
  expect(numberOf(found, 'mse')).toBeLessThan(0.9 * numberOf(constant, 'mse'))
  expect(numberOf(found, 'r2')).toBeGreaterThan(0.1)
  expect(numberOf(found, 'identified')).toBeGreaterThan(1 / 3)
}, 120_000)

test('two networks learn through a relaxed permutation; what is kept has the least validation error', async () => {
  const found = await medianRegression.run(
    cellOf(refOf('matrix:neuralsort'), { ...small, steps: 80, check: 20 }),
    bench,
  )
  const { value, samples } = found.find(({ metric }) => metric === 'curve:validation')!
  expect(samples).toHaveLength(5)
  expect(value).toBe(least(samples!))
  // Untrained, they find next to nothing of numbers whose median is 4.5.
  expect(value).toBeLessThan(samples![0] / 2)
  const losses = found.find(({ metric }) => metric === 'curve:loss')!.samples!
  expect(losses.at(-1)).toBeLessThan(losses[0])
}, 120_000)

test('sequences without a middle, and other quantiles, are refused', async () => {
  await expect(medianRegression.run(cellOf(refOf('matrix:softsort'), small, 4), bench)).rejects.toThrow(
    'sequences of 4 have no middle',
  )
  const scope = {
    experiment: cellOf(rankerRef('constant'), {}).experiment,
    methods: [refOf('quantile:softsort', { q: 0.25 })],
    datasets: [],
  } as unknown as Parameters<typeof medianRegression.plan>[0]
  expect(() => medianRegression.plan(scope)).toThrow('quantile:softsort is asked for the quantile 0.25')
})
