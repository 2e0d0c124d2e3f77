/**
 * Item and list weights of every loss. The golden numbers are the weighted formulas of the losses' doc comments, evaluated in
 * mpmath with 40 digits; gradients are central differences there, with step 1e-15.
 */

import { describe, expect, test } from 'vitest'
import { apply } from '../../api/apply.ts'
import { plan } from '../../api/plan.ts'
import { raggedShape, regularShape } from '../../core/shape.ts'
import { operators } from '../registry.ts'

const scores = [0.4, -1.2, 0.9, 2.1, -0.3]
const labels = [1, 0, 3, 2, 0]
const weights = [1, 2, 0.5, 3, 0.25]

const golden: readonly (readonly [string, number, readonly number[]])[] = [
  ['listnet', 1.29258645072, [0.0464818983221, -0.0356934029435, -0.0961068585698, 0.0280714698803, 0.057246893311]],
  ['listmle', 4.66135190549, [0.0637113651512, -1.20713938447, -0.406547265368, -0.400147151969, 1.95012243666]],
  ['softmax', 7.55579456614, [-0.036406870599, 0.19454609759, 0.0886964887439, -0.725341902629, 0.478506186895]],
  ['ranknet', 2.61769183202, [0.152372286952, 0.329243593282, -0.743318744997, -0.435365060801, 0.697067925564]],
  ['pairwise-hinge', 1.65, [-0.5, 0.0, -1.0, 0.5, 1.0]],
  [
    'pairwise-logistic',
    2.61769183202,
    [0.152372286952, 0.329243593282, -0.743318744997, -0.435365060801, 0.697067925564],
  ],
  ['lambdarank', 0.292401189018, [0.060650855221, 0.032844140288, -0.103378134369, -0.0552103730409, 0.0650935119011]],
  [
    'lambdaloss',
    0.326674886517,
    [0.0606559689423, 0.00959882085891, -0.171695959518, 0.0583684139217, 0.0430727557947],
  ],
  [
    'approx-ndcg',
    -0.78916567939,
    [0.0361988754323, 0.0134575763136, 0.0205240164247, -0.0979417198133, 0.0277612516427],
  ],
  ['approx-mrr', -0.562622148586, [0.0243357177928, 0.015374317793, 0.045948301587, -0.116902473323, 0.0312441361505]],
  [
    'neural-ndcg',
    -0.946753885829,
    [0.0189766703776, -0.0000258245426077, 0.0126501153547, -0.0352738360443, 0.00367287485458],
  ],
  ['pirank', 0.101382875346, [0.0574630814233, 0.00569153427265, -0.0361693327436, -0.0474988980829, 0.0205136151306]],
  [
    'soft-ndcg',
    -0.896781046812,
    [0.0368332652903, 0.00889227020653, 0.0148568020752, -0.0860809103824, 0.0254985728104],
  ],
  [
    'smoothi-ndcg',
    -1.03823397314,
    [0.0489094671471, -0.0272127272827, 0.000574710293863, -0.0816156363256, 0.0593441861673],
  ],
  [
    'smoothi-precision',
    -1.19234901633,
    [-0.0131680520564, -0.0389527278453, 0.0104024964227, -0.0244545245706, 0.0661728080497],
  ],
  ['spearman', 0.115149840978, [0.00787166335355, 0.0144831700737, -0.0841845049549, 0.0452275394436, 0.0166021320839]],
  ['kendall', 0.348787765005, [0.023056303446, 0.0770324055888, -0.066614879597, -0.0513060638434, 0.0178322344057]],
  [
    'permutation-cross-entropy',
    11.718267421,
    [0.412341132659, -1.53694142367, -4.86820419204, 2.76499359676, 3.22781088629],
  ],
  [
    'topk-cross-entropy',
    4.44718535855,
    [-0.489862460905, 0.102994992842, 0.341074611688, -0.207533948451, 0.253326804827],
  ],
  ['pointwise-mse', 5.4975, [-1.2, -4.8, -2.1, 0.6, -0.15]],
  ['pointwise-bce', 1.6953045051, [-0.401312339888, 0.462950433002, -0.144525248687, -0.327290463587, 0.106389370797]],
  ['ordinal', 15.3782391021, [1.30560173519, 2.24738673157, -0.163978727024, 4.14581783232, 0.442558841146]],
]

const engines = ['reference', 'fast'] as const
const all = [...operators.keys()].filter((name) => name.startsWith('loss:'))
/** NeuralNDCG scales its matrix until sums are 1 to a tolerance; the golden number is that of the limit. */
const digitsOf = (loss: string): number => (loss === 'neural-ndcg' ? 5 : 10)

test('every loss has golden weighted numbers', () => {
  expect(golden.map(([loss]) => `loss:${loss}`).sort()).toEqual([...all].sort())
})

describe.each(golden)('weighted %s', (loss, value, gradient) => {
  const selector = loss.startsWith('smoothi') ? `loss:${loss}[stop-gradient=false]` : `loss:${loss}`
  test.each(engines)('is that of the formula, on the engine %s', (engine) => {
    const found = apply(selector, scores, { labels, weights, cotangent: 1, engine })
    expect(found.output).toBeCloseTo(value, digitsOf(loss))
    ;(found.gradient as number[]).forEach((g, i) => {
      expect(g).toBeCloseTo(gradient[i], digitsOf(loss))
    })
  })
  test('in f32 is that of f64, rounded', () => {
    const single = apply(selector, scores, { labels, weights, precision: 'f32' })
    expect(single.output).toBeCloseTo(value, 4)
  })
  test('with weights of 1 is the loss without weights, bit for bit', () => {
    const ones = [1, 1, 1, 1, 1]
    const [weighed, plain] = [{ weights: ones }, {}].map((options) =>
      apply(selector, scores, { labels, cotangent: 1, ...options }),
    )
    expect(weighed).toEqual(plain)
  })
  test.each(engines)(
    'takes weights from the smallest to the largest number, and is 0 when all are 0 (%s)',
    (engine) => {
      for (const weight of [0, 5e-324, 1e-300, 1e300]) {
        const options = { labels, weights: weights.map(() => weight), cotangent: 1, engine }
        const { output, gradient } = apply(selector, scores, options)
        expect([output, ...(gradient as number[])].every((x) => Number.isFinite(x))).toBe(true)
        if (weight === 0) expect([output, ...(gradient as number[])].every((x) => x === 0)).toBe(true)
      }
    },
  )
  test('forward mode is the gradient times the direction, weights and list weights included', () => {
    const rows = [scores, [1, 0.5]]
    const options = { labels: [labels, [0, 1]], weights: [weights, [2, 3]], listWeights: [2, 0.5] }
    const direction = [
      [1, -1, 0.5, 2, 0.25],
      [1, 2],
    ]
    const { gradient, tangent } = apply(selector, rows, { ...options, cotangent: 1, tangent: direction })
    const along = (gradient as number[][]).flatMap((row, q) => row.map((g, i) => g * direction[q][i]))
    expect(tangent).toBeCloseTo(
      along.reduce((a, b) => a + b, 0),
      12,
    )
  })
})

describe.each(all)('list weights of %s', (selector) => {
  const rows = [scores, [], [1, 0.5], [3]]
  const grades = [labels, [], [0, 1], [2]]
  const listWeights = [2, 7, 0.25, 0]
  const each = (options: object, reduction: string, engine: 'reference' | 'fast') =>
    apply(`${selector}[reduction=${reduction}]`, rows, { labels: grades, engine, ...options })
  test.each(engines)('multiply each list; the mean divides by the number of lists (%s)', (engine) => {
    const plain = each({}, 'none', engine).output as number[]
    const expected = plain.map((loss, q) => listWeights[q] * loss)
    const found = each({ listWeights }, 'none', engine).output as number[]
    found.forEach((loss, q) => {
      expect(loss).toBeCloseTo(expected[q], 12)
    })
    const total = expected.reduce((a, b) => a + b, 0)
    expect(each({ listWeights }, 'sum', engine).output).toBeCloseTo(total, 12)
    expect(each({ listWeights }, 'mean', engine).output).toBeCloseTo(total / 4, 12)
  })
  test.each(engines)('multiply gradients, by the cotangent too (%s)', (engine) => {
    const plain = each({ cotangent: [1, 1, 1, 1] }, 'none', engine).gradient as number[][]
    const found = each({ listWeights, cotangent: [1, 1, -3, 1] }, 'none', engine).gradient as number[][]
    const factors = [2, 7, -0.75, 0]
    found.forEach((row, q) => {
      row.forEach((g, i) => {
        expect(g).toBeCloseTo(factors[q] * plain[q][i], 12)
      })
    })
  })
  test('belong to lists, finite and not negative', () => {
    const refused = (given: unknown) => expect(() => each({ listWeights: given }, 'sum', 'fast'))
    refused([1, 2, 3]).toThrow('listWeights: 3 entries; expected 4, one a row')
    refused([1, 2, -1, 0]).toThrow('listWeights: row 2 is -1; expected a finite number >= 0')
    refused([1, 2, Number.NaN, 0]).toThrow('listWeights: row 2 is NaN')
    refused([[1], [1], [1], [1]]).toThrow('listWeights: row 0 is a list')
  })
})

describe('plans of losses', () => {
  test.each(all)('%s owns item weights and list weights of 1, and refuses wrong ones by row and index', (selector) => {
    for (const engine of engines) {
      const loss = plan(selector, raggedShape([2, 3]), { precision: 'f64', engine })
      expect([...loss.weights!, ...loss.listWeights!]).toEqual([1, 1, 1, 1, 1, 1, 1])
      loss.values.set([1, 2, 3, 4, 6])
      loss.labels!.set([0, 1, 1, 2, 0])
      for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
        loss.weights![3] = wrong
        expect(() => loss.forward()).toThrow(`weights: row 1, index 1 is ${wrong}; expected a finite number >= 0`)
        loss.weights![3] = 1
        loss.listWeights![1] = wrong
        expect(() => loss.forward()).toThrow(`list weights: row 1 is ${wrong}; expected a finite number >= 0`)
        loss.listWeights![1] = 1
      }
      loss.forward()
      loss.dispose()
    }
  })
  test('an item of weight 0 has no gain, however large its label', () => {
    for (const engine of engines) {
      for (const loss of ['approx-ndcg', 'neural-ndcg', 'pirank', 'soft-ndcg', 'smoothi-ndcg']) {
        const given = (grade: number) =>
          apply(`loss:${loss}`, scores, { labels: [1, 0, 3, 2, grade], weights: [1, 2, 0.5, 3, 0], engine }).output
        expect(given(5000)).toBeCloseTo(given(0) as number, 12)
      }
    }
  })
  test('a list longer than its neighbours does not change them', () => {
    const alone = plan('loss:listmle', regularShape(1, 5), { precision: 'f64' })
    alone.values.set(scores)
    alone.labels!.set(labels)
    alone.weights!.set(weights)
    alone.forward()
    const both = apply('loss:listmle[reduction=none]', [[1, 2, 3, 4, 5, 6, 7], scores], {
      labels: [[0, 1, 0, 1, 2, 0, 1], labels],
      weights: [[1, 2, 3, 4, 5, 6, 7], weights],
    }).output as number[]
    expect(both[1]).toBe(alone.output[0])
  })
})
