import { describe, expect, test } from 'vitest'
import type { Cell } from '../../core/cell.ts'
import type { Bench } from '../../core/experiment.ts'
import { measureOf } from '../../core/measure.ts'
import { executed } from '../../core/method.ts'
import { methodRef } from '../../core/method-ref.ts'
import { resolveParams } from '../../core/params.ts'
import { randomStream } from '../../core/random.ts'
import { datasets, operators } from '../../registry.ts'
import { classLoss } from '../training/class-loss.ts'
import { shuffledBatches } from '../training/pictures.ts'
import { amongFirst, placesOf } from './accuracy.ts'
import { topkClassification } from './experiment.ts'

const refOf = (name: string, given: object = {}) =>
  methodRef({ name, params: resolveParams(operators.get(name)!.params, { ...given }, name) })

const classes = 6
const labels = Uint8Array.of(4, 0, 2)
const draw = randomStream(1, 'outputs')
const outputs = Float64Array.from({ length: labels.length * classes }, draw.normal)

const lossOf = (name: string, given: object = {}) =>
  classLoss(operators.get(name)!, refOf(name, given), labels.length, classes)

describe('accuracy', () => {
  test('is whether the true class is among the k largest outputs', () => {
    const places = placesOf([0.1, 0.7, 0.2, 5, 4, 6], Uint8Array.of(2, 1))
    expect(Array.from(places)).toEqual([2, 3])
    expect([1, 2, 3].map((k) => amongFirst(places, k))).toEqual([
      [0, 0],
      [1, 0],
      [1, 1],
    ])
  })
  test('lets classes that are as large stand before the true one: equal outputs have found nothing', () => {
    expect(Array.from(placesOf([1, 1, 1], Uint8Array.of(0)))).toEqual([3])
    expect(Array.from(placesOf([Number.NaN, Number.NaN, 1], Uint8Array.of(0)))).toEqual([3])
  })
})

describe('the loss', () => {
  const soft = [...operators.keys()].filter((name) => name.startsWith('topk:') && name !== 'topk:hard')
  test.each(soft.flatMap((name) => [1, 3].map((k) => [name, k] as const)))(
    'of %s at k = %d has the gradient that its differences have',
    (name, k) => {
      // Soft enough that no share is 0, where there is no gradient.
      const softness = name === 'topk:sparse' ? { lambda: 10 } : name === 'topk:soft' ? { epsilon: 1 } : {}
      const loss = lossOf(name, { k, ...softness })
      const gradient = Array.from(loss.at(outputs, { labels }).gradient)
      const step = 1e-6
      gradient.forEach((slope, i) => {
        const at = (moved: number) =>
          loss.at(
            outputs.map((output, j) => (i === j ? output + moved : output)),
            { labels },
          ).value
        expect((at(step) - at(-step)) / (2 * step)).toBeCloseTo(slope, 5)
      })
      loss.dispose()
    },
  )
  test.each([
    ['topk:neuralsort', 'neuralsort'],
    ['topk:softsort', 'softsort'],
    ['topk:network', 'network'],
    ['topk:lapsum', 'lapsum'],
  ])('of %s is top-k cross entropy over its relaxed permutation, where that is the mask', (name, operator) => {
    const mask = lossOf(name, { k: 3 }).at(outputs, { labels })
    const whole = lossOf('loss:topk-cross-entropy', { operator, p_k: '0x0x1' }).at(outputs, { labels })
    expect(mask.value).toBeCloseTo(whole.value, 10)
    Array.from(mask.gradient).forEach((slope, i) => {
      expect(slope).toBeCloseTo(whole.gradient[i], 10)
    })
  })
  test('softmax is -log of the share of the true class, mean over pictures', () => {
    const { value } = lossOf('loss:softmax').at(outputs, { labels })
    const shares = Array.from(labels, (label, row) => {
      const own = Array.from(outputs.subarray(row * classes, (row + 1) * classes), Math.exp)
      return own[label] / own.reduce((sum, each) => sum + each, 0)
    })
    expect(value).toBeCloseTo(-shares.reduce((sum, each) => sum + Math.log(each), 0) / 3, 12)
  })
  test('is the same whichever end an operator takes', () => {
    const [up, down] = ['ascending', 'descending'].map((direction) =>
      lossOf('topk:neuralsort', { k: 2, direction }).at(outputs, { labels }),
    )
    expect(up.value).toBeCloseTo(down.value, 12)
    Array.from(up.gradient).forEach((slope, i) => {
      expect(slope).toBeCloseTo(down.gradient[i], 12)
    })
  })
  test('of a certain class is 0, and has no gradient', () => {
    const certain = Float64Array.from({ length: 18 }, (_, i) =>
      i % classes === labels[Math.floor(i / classes)] ? 9 : 0,
    )
    const { value, gradient } = lossOf('topk:sparse', { k: 1 }).at(certain, { labels })
    expect([value, ...Array.from(gradient)].every((each) => Math.abs(each) === 0)).toBe(true)
  })
  test('of values that were selected is refused: they are no mask', () => {
    expect(() => lossOf('topk:sparse', { form: 'values' })).toThrow('topk:sparse puts out no mask')
  })
})

describe('batches', () => {
  test('hold every picture once an epoch, and are a function of the step', () => {
    const [at, again] = [shuffledBatches(10, 3, 1, 'x'), shuffledBatches(10, 3, 1, 'x')]
    const epoch = [0, 1, 2].flatMap((step) => Array.from(at(step)))
    expect(new Set(epoch).size).toBe(9)
    expect([3, 4, 5].flatMap((step) => Array.from(at(step)))).not.toEqual(epoch)
    expect(Array.from(again(4))).toEqual(Array.from(at(4)))
    expect(Array.from(again(1))).toEqual(epoch.slice(3, 6))
  })
  test('of more pictures than there are, are refused', () => {
    expect(() => shuffledBatches(10, 11, 1, 'x')).toThrow('a step takes 11 pictures; there are 10')
  })
})

const bench = {
  data: { root: undefined, seed: 1 },
  everyQuery: false,
  operator: ({ name }: { name: string }, execution: object) => executed(operators.get(name)!, execution),
  dataset: ({ name }: { name: string }) => datasets.get(name)!,
} as unknown as Bench

const cellOf = (method: string, own: object, given: object): Cell => ({
  experiment: {
    name: 'topk-classification',
    params: resolveParams(topkClassification.params, { ...given }, 'topk-classification'),
  },
  version: 1,
  system: 'rank-bench',
  method: refOf(method, own),
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

test.each([
  ['topk:neuralsort', { k: 3 }, 'top-3'],
  ['loss:softmax', {}, 'top-1'],
])(
  'a network learns drawn digits through %s',
  async (method, own, metric) => {
    const given = { filters: '4', hidden: 16, steps: 60, check: 20, batch: 32, 'learning-rate': 0.01 }
    const found = await topkClassification.run(cellOf(method, own, given), bench)
    for (const each of found) expect(measureOf(topkClassification.measures, each.metric)).toBeDefined()
    const value = (name: string) => found.find((each) => each.metric === name)!.value
    expect(value(metric)).toBeGreaterThan(0.7)
    expect(value('top-5')).toBeGreaterThanOrEqual(value('top-3'))
    expect(value('top-3')).toBeGreaterThanOrEqual(value('top-1'))
    expect(found.find(({ metric: name }) => name === 'top-1')!.samples).toHaveLength(200)
    expect(found.find(({ metric: name }) => name === 'curve:validation')!.samples).toHaveLength(4)
  },
  120_000,
)

test('data that are no pictures are refused', async () => {
  const cell = { ...cellOf('loss:softmax', {}, {}), dataset: { name: 'sorting', params: {} } }
  await expect(topkClassification.run(cell, bench)).rejects.toThrow(
    'needs pictures with classes; sorting holds other data',
  )
})
