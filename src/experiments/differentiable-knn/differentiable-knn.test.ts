import { describe, expect, test } from 'vitest'
import type { Cell } from '../../core/cell.ts'
import type { Bench } from '../../core/experiment.ts'
import { measureOf } from '../../core/measure.ts'
import { executed } from '../../core/method.ts'
import { methodRef, rankerRef, type Subject } from '../../core/method-ref.ts'
import { resolveParams } from '../../core/params.ts'
import { randomStream } from '../../core/random.ts'
import { datasets, operators } from '../../registry.ts'
import { differentiableKnn } from './experiment.ts'
import { neighbourLoss } from './loss.ts'
import { rightByNeighbours } from './neighbours.ts'
import { majority } from './vote.ts'

const refOf = (name: string, given: object = {}) =>
  methodRef({ name, params: resolveParams(operators.get(name)!.params, { ...given }, name) })

describe('a vote', () => {
  test('goes to the class that most of the nearest have', () => {
    expect(majority([3, 1, 1])).toBe(1)
  })
  test('of equal classes goes to the one that has the nearest', () => {
    expect(majority([3, 1, 1, 3])).toBe(3)
    expect(majority([2, 5, 7])).toBe(2)
  })
  test('is taken among all where there are fewer than k', () => {
    const points = { values: Float32Array.of(0, 1, 10), labels: Uint8Array.of(1, 1, 2) }
    const asking = { values: Float32Array.of(9, 0), labels: Uint8Array.of(1, 2) }
    expect(rightByNeighbours(asking, points, 9, 'f64')).toEqual([1, 0])
    expect(rightByNeighbours(asking, points, 1, 'f64')).toEqual([0, 0])
  })
})

const size = { queries: 2, candidates: 4, width: 3, gumbel: 0 }
const outputs = Float64Array.from({ length: 18 }, randomStream(1, 'outputs').normal)
const labels = Uint8Array.of(1, 0, 1, 0, 1, 2)
const noise = new Float64Array()

describe('the loss', () => {
  const soft = [...operators.keys()].filter((name) => name.startsWith('topk:') && name !== 'topk:hard')
  test.each(soft.flatMap((name) => ['ascending', 'descending'].map((direction) => [name, direction] as const)))(
    'of %s, %s, has the gradient that its differences have',
    (name, direction) => {
      const softness = name === 'topk:sparse' ? { lambda: 20 } : {}
      const loss = neighbourLoss(operators.get(name)!, refOf(name, { k: 2, direction, ...softness }), size)
      const gradient = Array.from(loss.at(outputs, { labels, noise }).gradient)
      const step = 1e-6
      gradient.forEach((slope, i) => {
        const at = (moved: number) =>
          loss.at(
            outputs.map((output, j) => (i === j ? output + moved : output)),
            { labels, noise },
          ).value
        expect((at(step) - at(-step)) / (2 * step)).toBeCloseTo(slope, 4)
      })
      loss.dispose()
    },
  )
  test('of hard neighbours counts those of the k nearest that are of the class of the query', () => {
    const points = Float64Array.of(0, 0, 0, 5, 5, 5, 1, 0, 0, 2, 0, 0, 6, 5, 5, 9, 9, 9)
    const { value } = neighbourLoss(operators.get('topk:hard')!, refOf('topk:hard', { k: 2 }), size).at(points, {
      labels,
      noise,
    })
    // The two nearest of the query of class 1 are of classes 1 and 0, those of the query of class 0 of classes 1 and 2.
    expect(value).toBe(-1 / 2)
  })
  test('is that of the released code: softmax rows of NeuralSort over minus squared distances, the first k summed', () => {
    const [k, tau] = [2, 4]
    const { value } = neighbourLoss(operators.get('topk:neuralsort')!, refOf('topk:neuralsort', { k, tau }), size).at(
      outputs,
      { labels, noise },
    )
    let expected = 0
    for (let q = 0; q < 2; q++) {
      const scores = [0, 1, 2, 3].map((c) =>
        [0, 1, 2].reduce((sum, i) => sum - (outputs[q * 3 + i] - outputs[(2 + c) * 3 + i]) ** 2, 0),
      )
      const spread = scores.map((s) => scores.reduce((sum, other) => sum + Math.abs(s - other), 0))
      for (let row = 0; row < k; row++) {
        const scaled = scores.map((s, c) => Math.exp(((4 + 1 - 2 * (row + 1)) * s - spread[c]) / tau))
        const total = scaled.reduce((sum, each) => sum + each, 0)
        scaled.forEach((each, c) => {
          if (labels[q] === labels[2 + c]) expected -= each / total / 2
        })
      }
    }
    expect(value).toBeCloseTo(expected, 12)
  })
  test('with noise is the mean over its samples, the same noise for all queries, with the gradient that its differences have', () => {
    const samples = [Float64Array.of(0.3, -0.2, 1.5, 0.1), Float64Array.of(-0.4, 0.8, 0.2, 2)]
    const [spec, method] = [operators.get('topk:neuralsort')!, refOf('topk:neuralsort', { k: 2, tau: 4 })]
    const loss = neighbourLoss(spec, method, { ...size, gumbel: 2 })
    const both = Float64Array.from(samples.flatMap((sample) => Array.from(sample)))
    const { value, gradient } = loss.at(outputs, { labels, noise: both })
    const each = samples.map(
      (sample) => neighbourLoss(spec, method, { ...size, gumbel: 1 }).at(outputs, { labels, noise: sample }).value,
    )
    expect(value).toBeCloseTo((each[0] + each[1]) / 2, 12)
    expect(each[0]).not.toBe(each[1])
    const step = 1e-6
    Array.from(gradient).forEach((slope, i) => {
      const at = (moved: number) =>
        loss.at(
          outputs.map((output, j) => (i === j ? output + moved : output)),
          { labels, noise: both },
        ).value
      expect((at(step) - at(-step)) / (2 * step)).toBeCloseTo(slope, 4)
    })
  })
  test('with noise is, of an operator that selects the smallest, what it is of one that selects the largest', () => {
    const drawn = Float64Array.of(0.3, -0.2, 1.5, 0.1)
    const lossOf = (direction: string) =>
      neighbourLoss(operators.get('topk:lapsum')!, refOf('topk:lapsum', { k: 2, direction }), {
        ...size,
        gumbel: 1,
      }).at(outputs, { labels, noise: drawn }).value
    expect(lossOf('ascending')).toBeCloseTo(lossOf('descending'), 9)
  })
})

const bench = {
  data: { root: undefined, seed: 1 },
  everyQuery: false,
  operator: ({ name }: { name: string }, execution: object) => executed(operators.get(name)!, execution),
  dataset: ({ name }: { name: string }) => datasets.get(name)!,
} as unknown as Bench

const cellOf = (method: Subject, given: object): Cell => ({
  experiment: {
    name: 'differentiable-knn',
    params: resolveParams(differentiableKnn.params, { ...given }, 'differentiable-knn'),
  },
  version: 1,
  system: 'rank-bench',
  method,
  dataset: {
    name: 'digits',
    params: resolveParams(datasets.get('digits')!.params, { train: 1200, test: 200 }, 'digits'),
  },
  dataDigest: '',
  split: '',
  seed: 1,
  precision: 'f64',
  protocol: '',
})

const small = {
  filters: '4x8',
  hidden: 16,
  steps: 60,
  check: 20,
  queries: 32,
  candidates: 32,
  validation: 100,
  'validation-neighbours': 300,
  test: 200,
  'test-neighbours': 300,
}
const accuracyOf = (found: readonly { metric: string; value: number }[]): number =>
  found.find(({ metric }) => metric === 'test-accuracy')!.value

test('an embedding learns to be searched: neighbours in it are better than when it began', async () => {
  const found = await differentiableKnn.run(cellOf(refOf('topk:neuralsort', { k: 3, tau: 16 }), small), bench)
  for (const { metric } of found) expect(measureOf(differentiableKnn.measures, metric)).toBeDefined()
  const curve = found.find(({ metric }) => metric === 'curve:validation')!.samples!
  expect(curve).toHaveLength(4)
  expect(Math.max(...curve)).toBeGreaterThan(curve[0])
  expect(accuracyOf(found)).toBeGreaterThan(0.7)
  expect(found.find(({ metric }) => metric === 'test-accuracy')!.samples).toHaveLength(200)
}, 120_000)

test('neighbours by pixels, and classes on top of the network, stand beside it', async () => {
  const pixels = await differentiableKnn.run(cellOf(rankerRef('pixels', { k: 3 }), small), bench)
  expect(pixels.map(({ metric }) => metric)).toEqual(['test-accuracy'])
  expect(accuracyOf(pixels)).toBeGreaterThan(0.5)
  const classes = await differentiableKnn.run(
    cellOf(refOf('loss:softmax'), { ...small, 'learning-rate': 0.1, steps: 150, check: 50 }),
    bench,
  )
  expect(accuracyOf(classes)).toBeGreaterThan(0.7)
}, 120_000)

test('every k has its neighbours by pixels, and k that are not whole are refused', () => {
  const scopeOf = (methods: object[]) =>
    ({
      experiment: cellOf(rankerRef('pixels'), {}).experiment,
      methods,
      datasets: [{ name: 'digits', params: {} }],
      seeds: [1],
      kindOf: () => 'images',
    }) as unknown as Parameters<typeof differentiableKnn.plan>[0]
  const methods = [1, 3].flatMap((k) => [1, 16].map((tau) => refOf('topk:neuralsort', { k, tau })))
  const planned = differentiableKnn.plan(scopeOf(methods))
  expect(planned.filter(({ method }) => method.operator === 'ranker').map(({ method }) => method.params.k)).toEqual([
    1, 3,
  ])
  expect(planned).toHaveLength(6)
  expect(() => differentiableKnn.plan(scopeOf([refOf('topk:lapsum', { k: 1.5 })]))).toThrow('selects 1.5 neighbours')
})
