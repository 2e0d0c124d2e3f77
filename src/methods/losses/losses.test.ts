import { describe, expect, test } from 'vitest'
import { apply } from '../../api/apply.ts'
import { rankingLoss, rankingLossWithGradient } from '../../api/convenience.ts'
import { plan } from '../../api/plan.ts'
import { regularShape } from '../../core/shape.ts'
import { operators } from '../registry.ts'

const [scores, labels] = [
  [2, 1, 0.5],
  [0, 2, 1],
]
const all = [...operators.keys()].filter((name) => name.startsWith('loss:')).map((name) => name.slice(5))
/** Losses that say something of a single item, or of items that are all alike. */
const pointwise = ['pointwise-mse', 'pointwise-bce', 'ordinal']
const byGain = ['lambdarank', 'lambdaloss', 'approx-ndcg', 'neural-ndcg', 'pirank', 'soft-ndcg', 'smoothi-ndcg']

test.each([
  ['listnet', 1.496702],
  ['listmle', 3.165782],
  ['ranknet', 3.488752],
  ['lambdarank', 0.668949],
  ['lambdaloss', 0.805302],
  ['approx-ndcg', -0.659467],
])('%s of scores (2, 1, 0.5) and labels (0, 2, 1) is %d', (loss, expected) => {
  expect(rankingLoss(loss, scores, labels)).toBeCloseTo(expected, 6)
})

describe.each(all)('%s', (loss) => {
  test.skipIf(pointwise.includes(loss))('is 0 with gradient 0 for lists of no and of one item', () => {
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

  // Squares of such scores exceed every f32: the value is infinite because it is.
  test.skipIf(loss === 'pointwise-mse')('has finite values and gradients in f32 for scores up to 3e37', () => {
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

test('SoftNDCG of scores (2, 1, 0) and labels (0, 2, 1) is the value computed from the formula', () => {
  expect(rankingLoss('soft-ndcg', [2, 1, 0], labels)).toBeCloseTo(-0.707583, 6)
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

/** Textbook forms, written without regard to overflow. */
const [s, y] = [
  [0.4, -1.2, 0.9, 2.1, -0.3],
  [1, 0, 3, 2, 0],
]
const sigma = (v: number) => 1 / (1 + Math.exp(-v))
const pairs = s.flatMap((_, i) => s.flatMap((__, j) => (y[i] > y[j] ? [[i, j] as const] : [])))
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)
const log2 = Math.log2
const gain = y.map((label) => 2 ** label - 1)
const maxDcg = sum([...gain].sort((a, b) => b - a).map((g, i) => g / log2(i + 2)))
const G = gain.map((g) => g / maxDcg)
const rankOf = (i: number) => 1 + s.filter((other) => other > s[i]).length
const D = (rank: number) => 1 / log2(1 + rank)

test.each<[string, number]>([
  ['softmax', -sum(y.map((label, i) => label * (s[i] - Math.log(sum(s.map(Math.exp))))))],
  ['pairwise-hinge', sum(pairs.map(([i, j]) => Math.max(0, 1 - (s[i] - s[j]))))],
  ['pairwise-logistic', sum(pairs.map(([i, j]) => Math.log(1 + Math.exp(s[j] - s[i]))))],
  ['pointwise-mse', sum(s.map((score, i) => (score - y[i]) ** 2))],
  ['kendall', 1 - sum(pairs.map(([i, j]) => 2 * sigma(s[i] - s[j]) - 1)) / pairs.length],
  [
    'approx-mrr',
    -sum(s.map((score, i) => (y[i] > 0 ? 1 / (0.5 + sum(s.map((other) => sigma(other - score)))) : 0))) / 3,
  ],
])('%s is its textbook sum', (loss, expected) => {
  expect(rankingLoss(loss, s, y)).toBeCloseTo(expected, 12)
})

test('binary and ordinal cross entropy are sums over items and levels', () => {
  const bce = (p: number, target: number) => -target * Math.log(p) - (1 - target) * Math.log(1 - p)
  const binary = sum(s.map((score, i) => bce(sigma(score), y[i] / 4)))
  expect(rankingLoss('pointwise-bce', s, y, { levels: 4 })).toBeCloseTo(binary, 12)
  const levels = [1, 2, 3, 4]
  const ordinal = sum(s.map((score, i) => sum(levels.map((l) => bce(sigma(score - (l - 2.5)), y[i] >= l ? 1 : 0)))))
  expect(rankingLoss('ordinal', s, y)).toBeCloseTo(ordinal, 12)
})

test('LambdaLoss has the schemes NDCGLoss1 and NDCGLoss2++, also under their old name', () => {
  const cost = (i: number, j: number) => log2(1 + Math.exp(s[j] - s[i]))
  const first = sum(s.flatMap((_, i) => s.map((__, j) => G[i] * D(rankOf(i)) * cost(i, j))))
  expect(rankingLoss('lambdaloss', s, y, { scheme: 'ndcg1' })).toBeCloseTo(first, 12)
  const weight = (i: number, j: number) => {
    const apart = Math.abs(rankOf(i) - rankOf(j))
    return (Math.abs(D(rankOf(i)) - D(rankOf(j))) + 10 * (D(apart) - D(apart + 1))) * Math.abs(G[i] - G[j])
  }
  const second = sum(pairs.map(([i, j]) => weight(i, j) * cost(i, j)))
  expect(rankingLoss('lambdaloss', s, y, { scheme: 'ndcg2pp' })).toBeCloseTo(second, 12)
  expect(rankingLoss('lambdaloss', s, y, { weights: 'ndcg2pp' })).toBeCloseTo(second, 12)
  expect(apply('loss:lambdaloss[weights=ndcg2pp]', s, { labels: y }).output).toBeCloseTo(second, 12)
  const both = { scheme: 'ndcg1', weights: 'ndcg2' }
  expect(() => rankingLoss('lambdaloss', s, y, both)).toThrow(/scheme is given twice, as weights too/)
  const items = [1, 1, 2, 1, 1]
  expect(rankingLoss('lambdaloss', s, y, { weights: items })).not.toBe(rankingLoss('lambdaloss', s, y))
})

test('NeuralNDCG sorts gains by NeuralSort scaled to sum to 1 both ways; transposed is the same number', () => {
  const P = (apply('matrix:neuralsort', s).output as number[][]).map((row) => [...row])
  for (let t = 0; t < 200; t++) {
    for (let j = 0; j < 5; j++) {
      const column = sum(P.map((row) => row[j]))
      for (const row of P) row[j] /= column
    }
    for (const row of P) {
      const total = sum(row)
      for (let j = 0; j < 5; j++) row[j] /= total
    }
  }
  const ndcg = sum(P.map((row, i) => D(i + 1) * sum(row.map((p, j) => p * G[j]))))
  expect(rankingLoss('neural-ndcg', s, y)).toBeCloseTo(-ndcg, 5)
  expect(rankingLoss('neural-ndcg', s, y, { transposed: true })).toBeCloseTo(rankingLoss('neural-ndcg', s, y), 12)
})

test('PiRank is 1 - NDCG at low temperature, for any depth and cutoff', () => {
  for (const depth of [1, 2, 3]) {
    for (const k of [0, 1, 3]) {
      const top = [...G.keys()].sort((a, b) => s[b] - s[a]).slice(0, k || 5)
      const ideal = sum(
        [...gain]
          .sort((a, b) => b - a)
          .slice(0, k || 5)
          .map((g, i) => g * D(i + 1)),
      )
      const dcg = sum(top.map((item, i) => gain[item] * D(i + 1)))
      expect(rankingLoss('pirank', s, y, { tau: 1e-6, depth, k })).toBeCloseTo(1 - dcg / ideal, 9)
    }
  }
})

test('SmoothI losses tend to NDCG and precision as alpha grows', () => {
  const dcg = sum(s.map((_, i) => G[i] * D(rankOf(i))))
  expect(rankingLoss('smoothi-ndcg', s, y, { alpha: 1e4 })).toBeCloseTo(-dcg, 6)
  expect(rankingLoss('smoothi-precision', s, y, { alpha: 1e4, k: 4 })).toBeCloseTo(-3 / 4, 6)
})

test('cross entropies read the permutation they are given', () => {
  const P = apply('matrix:softsort', s).output as number[][]
  const ideal = [...y.keys()].sort((a, b) => y[b] - y[a] || a - b)
  const expected = -sum(ideal.map((item, i) => Math.log(P[i][item])))
  expect(rankingLoss('permutation-cross-entropy', s, y)).toBeCloseTo(expected, 12)
  const one = [0, 0, 1, 0, 0]
  expect(rankingLoss('topk-cross-entropy', s, one)).toBeCloseTo(-Math.log(P[0][2]), 12)
  const both = -Math.log(P[0][2] + 0.5 * (P[1][2] + P[2][2]))
  expect(rankingLoss('topk-cross-entropy', s, one, { p_k: '0.5x0x0.5' })).toBeCloseTo(both, 12)
  expect(() => rankingLoss('topk-cross-entropy', s, one, { p_k: '0.5x0.6' })).toThrow(/sum to 1/)
})

test('an item weighs as much as it is told to, and an item of weight 0 as if it were absent', () => {
  for (const loss of ['softmax', 'pointwise-mse', 'pointwise-bce', 'ordinal']) {
    const weights = [1, 2, 0, 1, 0.5]
    const { output } = apply(`loss:${loss}`, s, { labels: y, weights })
    const double = apply(`loss:${loss}`, s, { labels: y, weights: weights.map((w) => 2 * w) }).output as number
    expect(double).toBeCloseTo(2 * (output as number), 12)
  }
  const kept = [0, 1, 3, 4]
  const [present, grades] = [s, y].map((row) => kept.map((i) => row[i]))
  const weighted = apply('loss:pointwise-mse', s, { labels: y, weights: [1, 1, 0, 1, 1] }).output as number
  expect(weighted).toBeCloseTo(rankingLoss('pointwise-mse', present, grades), 12)
  expect(() => apply('rank:sigmoid', s, { weights: y })).toThrow(/takes no weights/)
  expect(() => apply('rank:sigmoid', s, { listWeights: [1] })).toThrow(/takes no list weights/)
  expect(() => apply('loss:softmax', s, { labels: y, weights: [1, -1, 1, 1, 1] })).toThrow(/index 1 is -1/)
  expect(() => apply('loss:softmax', s, { labels: [1, 0, 0, 0, -2] })).toThrow(/index 4 is -2/)
})

test('LambdaLoss keeps a gradient on a fully inverted list with a spread of 2000', () => {
  const { gradient } = rankingLossWithGradient('lambdaloss', [1000, 0, -1000], [0, 1, 2])
  expect(gradient[0]).toBeGreaterThan(0.1)
  expect(gradient[2]).toBeLessThan(-0.1)
})

test('ListMLE breaks ties by the seed when asked to, the same way every time', () => {
  const tied = [2, 2, 2, 0, 0]
  const random = (seed: number) => rankingLoss('listmle', s, tied, { ties: 'random', seed })
  expect(random(1)).toBe(random(1))
  expect(new Set([1, 2, 3, 4, 5].map(random)).size).toBeGreaterThan(1)
})
