/** The functions of TensorFlow.js tensors: values and gradients of every kind of operator, training, model.fit, edge cases. */

import { createRequire } from 'node:module'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { apply } from '../src/api/apply.ts'
import { differentiable, rankingLoss } from '../src/tfjs.ts'

// Where tfjs-core is loaded by itself, as Node does for all packages of TensorFlow.js, gradients of its own operations come by name.
const require = createRequire(import.meta.url)
require('@tensorflow/tfjs-backend-cpu')
const layers = require('@tensorflow/tfjs-layers') as typeof import('@tensorflow/tfjs-layers')

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const values = [
  [0.3, -1.2, 2.1, 0.9, -0.4],
  [1.5, 0.2, -0.7, 0.1, 0.6],
]
const labels = [
  [1, 0, 2, 0, 3],
  [0, 2, 1, 0, 0],
]
const cotangentOf = (length: number): number[] => Array.from({ length }, (_, i) => Math.sin(1 + i))

const selectors = [
  'sort:permutahedron',
  'rank:permutahedron[strength=0.5]',
  'rank:sigmoid',
  'matrix:softsort',
  'topk:lapsum[k=2]',
  'quantile:permutahedron[q=0.25x0.5]',
  'sort:network',
  'sort:neuralsort',
]
const losses = ['listnet', 'approx-ndcg[alpha=5]', 'lambdarank', 'soft-ndcg', 'softmax[reduction=none]', 'spearman']

const flat = (nested: unknown): number[] => [nested].flat(9) as number[]

describe('tensors', () => {
  test.each(selectors)('%s has the values and gradients of the library', (selector) => {
    const x = tf.tensor(values)
    const f = differentiable(selector)
    const y = f(x)
    const bar = cotangentOf(y.size)
    const shaped = tf.tensor(bar, y.shape)
    const gradient = tf.grad((v) => tf.sum(tf.mul(f(v as tf.Tensor), shaped)))(x)
    const nested = shaped.arraySync() as number[][]
    const expected = apply(selector, values, { precision: 'f32', cotangent: nested })
    expect([...y.dataSync()]).toEqual(flat(expected.output))
    expect([...gradient.dataSync()]).toEqual(flat(expected.gradient))
  })
  test.each(losses)('%s has the value and gradient of the library', (loss) => {
    const f = rankingLoss(loss)
    const [x, y] = [tf.tensor(values), tf.tensor(labels)]
    const found = tf.grad((v) => tf.sum(f(y, v as tf.Tensor)))(x)
    const cotangent = loss.includes('none') ? [1, 1] : 1
    const expected = apply(`loss:${loss}`, values, { labels, precision: 'f32', cotangent })
    expect([...f(y, x).dataSync()]).toEqual(flat(expected.output))
    expect([...found.dataSync()]).toEqual(flat(expected.gradient))
  })
  test.each(['rank:sigmoid', 'sort:neuralsort', 'topk:lapsum[k=2]'])(
    'the gradient of %s is that of differences',
    (selector) => {
      const f = differentiable(selector)
      const weights = tf.tensor(cotangentOf(10), [2, 5])
      const scalar = (v: tf.Tensor) => tf.sum(tf.mul(f(v), weights))
      const gradient = tf
        .grad(scalar as never)(tf.tensor(values))
        .dataSync()
      const moved = (i: number, by: number) => {
        const numbers = values.flat()
        numbers[i] += by
        return (scalar(tf.tensor(numbers, [2, 5])).dataSync() as Float32Array)[0]
      }
      for (let i = 0; i < 10; i++) expect((moved(i, 0.01) - moved(i, -0.01)) / 0.02).toBeCloseTo(gradient[i], 2)
    },
  )
  test('one operator twice in a graph', () => {
    const f = differentiable('rank:sigmoid')
    const g = (v: tf.Tensor) => tf.sum(tf.mul(f(v), f(tf.mul(v, 2))))
    const found = tf
      .grad(g as never)(tf.tensor(values[0]))
      .dataSync()
    const [once, twice] = [values[0], values[0].map((v) => Math.fround(Math.fround(v) * 2))]
    const ranks = (v: number[]) => apply('rank:sigmoid', v, { precision: 'f32' }).output as number[]
    const pulled = (v: number[], cotangent: number[]) =>
      apply('rank:sigmoid', v, { precision: 'f32', cotangent }).gradient as number[]
    const [a, b] = [pulled(once, ranks(twice)), pulled(twice, ranks(once))]
    for (let i = 0; i < 5; i++) expect(found[i]).toBeCloseTo(a[i] + 2 * b[i], 4)
  })
  test('a second derivative is refused by name, also where the first one is part of a sum', () => {
    const f = differentiable('rank:permutahedron')
    const first = tf.grad((v) => tf.sum(tf.square(f(v as tf.Tensor))))
    expect(() => tf.grad((v) => tf.sum(tf.mul(first(v as tf.Tensor), v as tf.Tensor)))(tf.tensor(values))).toThrow(
      /second derivatives of rank:permutahedron/,
    )
  })
  test('what is not finite, of no axis or of another shape is refused', () => {
    expect(() => differentiable('rank:sigmoid')(tf.tensor([[1, 2, Number.NaN]]))).toThrow(
      'values: row 0, index 2 is NaN',
    )
    expect(() => differentiable('rank:sigmoid')(tf.scalar(1))).toThrow('the values are one number')
    expect(() => differentiable('loss:listnet')).toThrow('loss:listnet takes labels')
    expect(() => rankingLoss('sigmoid')).toThrow('sigmoid')
    expect(() => rankingLoss('listnet')(tf.tensor([1, 0]), tf.tensor([1, 2, 3]))).toThrow('labels are 2; expected 3')
    expect(() => rankingLoss('listnet')(tf.tensor([1, -1]), tf.tensor([1, 2]))).toThrow('expected a finite grade')
  })
  test('rows of none and of one, whole numbers, and labels that are ignored', () => {
    expect(differentiable('sort:permutahedron')(tf.zeros([0, 3])).shape).toEqual([0, 3])
    expect([...differentiable('rank:permutahedron')(tf.tensor([[7]])).dataSync()]).toEqual([1])
    expect([...differentiable('rank:permutahedron')(tf.tensor([5, 1, 2], [3], 'int32')).dataSync()]).toEqual([3, 1, 2])
    const padded = rankingLoss('listnet[ignore=-1]')(tf.tensor([2, 0, -1]), tf.tensor([1, 2, 9]))
    expect([...padded.dataSync()]).toEqual([...rankingLoss('listnet')(tf.tensor([2, 0]), tf.tensor([1, 2])).dataSync()])
  })
})

/** Lists of items whose label follows from their features. */
function task() {
  const features = tf.randomNormal([32, 8, 4], 0, 1, 'float32', 1) as tf.Tensor3D
  const scores = tf.sum(tf.mul(features, tf.tensor([1, -2, 0.5, 1])), -1)
  return { features, grades: tf.cast(tf.greater(scores, 0.5), 'float32') }
}

describe('training', () => {
  test.each(['listnet', 'approx-ndcg[alpha=5]', 'lambdarank'])('a linear ranker learns under %s', (name) => {
    const { features, grades } = task()
    const weights = tf.variable(tf.fill([4, 1], 0.01))
    const [loss, optimiser] = [rankingLoss(name), tf.train.adam(0.05)]
    const scores = () => tf.reshape(tf.matMul(tf.reshape(features, [256, 4]), weights), [32, 8])
    const value = () => (loss(grades, scores()).dataSync() as Float32Array)[0]
    const before = value()
    for (let step = 0; step < 40; step++) optimiser.minimize(() => loss(grades, scores()) as tf.Scalar)
    expect(value()).toBeLessThan(before - 0.05)
    const learnt = weights.dataSync()
    expect(learnt[0]).toBeGreaterThan(0)
    expect(learnt[1]).toBeLessThan(0)
  })
  test('model.fit takes a loss as it is', async () => {
    const { features, grades } = task()
    const model = layers.sequential({
      layers: [layers.layers.dense({ units: 1, inputShape: [8, 4], kernelInitializer: 'zeros' })],
    })
    model.compile({ optimizer: tf.train.adam(0.05), loss: rankingLoss('listnet') as never })
    const y = tf.expandDims(grades, -1)
    const { history } = await model.fit(features, y, { epochs: 30, batchSize: 16, shuffle: false, verbose: 0 })
    const [first, last] = [history.loss[0], history.loss.at(-1)] as number[]
    expect(last).toBeLessThan(first - 0.05)
  })
})
