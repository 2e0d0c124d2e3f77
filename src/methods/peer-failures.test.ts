/** Inputs on which released libraries are known to fail, tried here. */

import { describe, expect, test } from 'vitest'
import { apply } from '../api/apply.ts'
import { plan } from '../api/plan.ts'
import { randomStream } from '../core/random.ts'
import { regularShape } from '../core/shape.ts'

const random = (n: number, scale = 1): number[] => {
  const stream = randomStream(7, 'peer failures')
  return Array.from({ length: n }, () => scale * stream.normal())
}
const gradientOf = (selector: string, x: number[], cotangent: number[], precision: 'f32' | 'f64' = 'f64'): number[] =>
  apply(selector, x, { cotangent, precision }).gradient as number[]

describe('where others give NaN', () => {
  test.each([1e-2, 5e-3, 1e-3])(
    'KL gradients in f32 are finite and right at strength %d, value / strength beyond 88',
    (strength) => {
      const x = random(50).map((value) => Math.fround(Math.abs(value)))
      const cotangent = random(50).map(Math.fround)
      for (const operator of ['rank', 'sort']) {
        const selector = `${operator}:permutahedron[regularization=kl,strength=${strength}]`
        const [single, double] = [gradientOf(selector, x, cotangent, 'f32'), gradientOf(selector, x, cotangent)]
        const size = Math.max(...double.map(Math.abs), 1)
        single.forEach((slope, i) => void expect(Math.abs(slope - double[i])).toBeLessThanOrEqual(1e-6 * size))
      }
    },
  )
  test('KL sort of N(0, 100^2) data is finite at any strength', () => {
    const x = random(100, 100).map(Math.fround)
    for (const strength of [1e-4, 1, 1e4]) {
      const selector = `sort:permutahedron[regularization=kl,strength=${strength}]`
      expect(gradientOf(selector, x, random(100).map(Math.fround), 'f32').every(Number.isFinite)).toBe(true)
    }
  })
})

test('ranks of 1000 values in f32 at strength 1e-8 are all right', () => {
  const stream = randomStream(1, 'uniform')
  const x = [...new Set(Array.from({ length: 1000 }, () => Math.fround(stream.uniform())))]
  const found = (apply('rank:permutahedron[strength=1e-8]', x, { precision: 'f32' }).output as number[]).map(Math.round)
  const sorted = [...x].sort((a, b) => a - b)
  expect(found).toEqual(x.map((value) => sorted.indexOf(value) + 1))
})

test.each([361, 362, 2048, 2049])('rows of %d values, at which half-precision indices end, sort and rank', (n) => {
  // Values as half precision would hand them over: 10 bits of fraction.
  const x = random(n).map((value) => Math.round(value * 512) / 512)
  for (const operator of ['sort', 'rank']) {
    const soft = plan(`${operator}:permutahedron`, regularShape(1, n))
    soft.values.set(x)
    soft.cotangent.fill(1)
    soft.forward()
    soft.backward()
    const expected = operator === 'sort' ? x.reduce((a, b) => a + b, 0) : (n * (n + 1)) / 2
    expect(soft.output.every(Number.isFinite) && soft.gradient.every(Number.isFinite)).toBe(true)
    expect(Math.abs(Array.from(soft.output).reduce((a, b) => a + b, 0) - expected)).toBeLessThan(1e-5 * n * n)
  }
})

test('the KL sort gradient is that of the formula, not the softmax of the regulariser', () => {
  const selector = 'sort:permutahedron[regularization=kl,strength=2]'
  const gradient = gradientOf(selector, [0.5, -1, 2, 0.25], [1, -2, 3, 0.5])
  const descending = gradientOf(`${selector.slice(0, -1)},direction=descending]`, [0.5, -1, 2, 0.25], [1, -2, 3, 0.5])
  const expected = [0.35771, 1.60316, 0.07982, 0.45931]
  const close = (found: number[]) => found.every((slope, i) => Math.abs(slope - expected[i]) < 1e-5)
  expect([gradient, descending].some(close)).toBe(true)
})

test('SmoothI has gain 2^y - 1: items without relevance add nothing', () => {
  const loss = apply('loss:smoothi-ndcg', [0.5, 2, 1, -1], { labels: [0, 2, 1, 0] }).output as number
  const shifted = [1.5, 3, 2, 0]
  const c = [1, 1, 1, 1]
  let ndcg = 0
  for (let r = 1; r <= 4; r++) {
    const weights = shifted.map((s, j) => Math.exp(s * c[j]))
    const total = weights.reduce((a, b) => a + b, 0)
    const row = weights.map((w) => w / total)
    ndcg += (3 * row[1] + row[2]) / Math.log2(1 + r)
    row.forEach((p, j) => {
      c[j] *= 1 - p - 0.1
    })
  }
  expect(-loss).toBeCloseTo(ndcg / (3 + 1 / Math.log2(3)), 12)
})

test('LapSum leaves its input as it was, in all operators', () => {
  for (const operator of ['sort', 'rank', 'topk', 'matrix']) {
    const lapsum = plan(`${operator}:lapsum`, regularShape(2, 5), { precision: 'f64' })
    lapsum.values.set(random(10))
    lapsum.cotangent.set(random(lapsum.cotangent.length))
    const before = lapsum.values.slice()
    lapsum.forward()
    lapsum.backward()
    lapsum.tangents!().run()
    expect(lapsum.values).toEqual(before)
  }
})

test('LambdaLoss has a gradient on [1000, 0, -1000] with the order fully inverted', () => {
  for (const weights of ['ndcg1', 'ndcg2', 'ndcg2pp']) {
    const options = { labels: [0, 1, 2], cotangent: 1 }
    const { output, gradient } = apply(`loss:lambdaloss[scheme=${weights}]`, [1000, 0, -1000], options)
    expect(output).toBeGreaterThan(100)
    expect((gradient as number[])[2]).toBeLessThan(-0.1)
  }
})
