import { describe, expect, test } from 'vitest'
import { regularShape } from '../../core/shape.ts'
import { rankingLoss, rankingLossWithGradient } from '../convenience.ts'
import { plan } from '../plan.ts'

const [scores, labels] = [
  [2, 1, 0.5],
  [0, 2, 1],
]
const all = ['listnet', 'listmle', 'ranknet', 'lambdarank', 'approx-ndcg', 'spearman']
const byGain = ['lambdarank', 'approx-ndcg']

test.each([
  ['listnet', 1.496702],
  ['listmle', 3.165782],
  ['ranknet', 3.488752],
  ['lambdarank', 0.668949],
  ['approx-ndcg', -0.659467],
])('%s of scores (2, 1, 0.5) and labels (0, 2, 1) is %d', (loss, expected) => {
  expect(rankingLoss(loss, scores, labels)).toBeCloseTo(expected, 6)
})

describe.each(all)('%s', (loss) => {
  test('is 0 with gradient 0 for lists of no and of one item', () => {
    expect(rankingLossWithGradient(loss, [[], [3]], [[], [0]], { reduction: 'none' })).toEqual({
      value: [expect.closeTo(0, 15), expect.closeTo(0, 15)],
      gradient: [[], [expect.closeTo(0, 15)]],
    })
  })

  test('means over lists, the sum on request, and is 0 for a batch of no lists', () => {
    const batch = [scores, [0.5, 1]]
    const grades = [labels, [1, 0]]
    const [first, second] = rankingLoss(loss, batch, grades, { reduction: 'none' })
    expect(rankingLoss(loss, batch, grades)).toBeCloseTo((first + second) / 2, 12)
    expect(rankingLoss(loss, batch, grades, { reduction: 'sum' })).toBeCloseTo(first + second, 12)
    const empty = plan(`loss:${loss}`, regularShape(0, 0))
    empty.forward()
    empty.backward()
    expect([...empty.output]).toEqual([0])
  })

  test('has finite values and gradients in f32 for scores up to 3e37', () => {
    const { value, gradient } = rankingLossWithGradient(loss, [3e37, -3e37, 0], [0, 2, 1], { precision: 'f32' })
    expect([value, ...gradient].every(Number.isFinite)).toBe(true)
  })

  test('its gradient is scaled by the cotangent', () => {
    const one = rankingLossWithGradient(loss, scores, labels)
    const scaled = plan(`loss:${loss}`, regularShape(1, 3), { precision: 'f64' })
    scaled.values.set(scores)
    scaled.labels?.set(labels)
    scaled.cotangent[0] = -2
    scaled.forward()
    scaled.backward()
    one.gradient.forEach((g, i) => {
      expect(scaled.gradient[i]).toBeCloseTo(-2 * g, 14)
    })
  })
})

test('RankNet keeps a gradient on a fully inverted list with a spread of 2000', () => {
  const { value, gradient } = rankingLossWithGradient('ranknet', [1000, 0, -1000], [0, 1, 2])
  expect(value).toBe(4000)
  expect(gradient).toEqual([2, 0, -2])
})

test('ListMLE takes equal labels in file order', () => {
  const lse = (...x: number[]) => Math.log(x.reduce((sum, v) => sum + Math.exp(v), 0))
  expect(rankingLoss('listmle', [0.3, -1, 2], [1, 1, 1])).toBeCloseTo(lse(0.3, -1, 2) - 0.3 + lse(-1, 2) + 1, 12)
})

test('LambdaRank weighs pairs by the ranks of the current scores, ties in file order', () => {
  const D = (rank: number) => 1 / Math.log2(1 + rank)
  const weight = D(1) - D(2)
  expect(rankingLoss('lambdarank', [1, 1], [0, 1])).toBeCloseTo(weight * Math.log(2), 12)
})

test.each(byGain)('%s is 0 with gradient 0 for a list without a relevant item', (loss) => {
  expect(rankingLossWithGradient(loss, [3, 1], [0, 0])).toEqual({ value: 0, gradient: [0, 0] })
})

test.each(byGain)('%s takes labels whose gain 2^y exceeds every double', (loss) => {
  const { value, gradient } = rankingLossWithGradient(loss, scores, [0, 5000, 4999])
  expect([value, ...gradient].every(Number.isFinite)).toBe(true)
  expect(gradient[1]).toBeLessThan(0)
})

test.each(byGain)('%s refuses a negative label by row and index', (loss) => {
  expect(() => rankingLoss(loss, [[1], [2, 3]], [[0], [1, -1]])).toThrow('labels: row 1, index 1 is -1')
})
