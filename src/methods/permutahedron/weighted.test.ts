/**
 * Item weights of projections on the permutahedron. Golden numbers: mpmath with 50 digits, the weighted isotonic regression by
 * its minimax formula (v_i = min over j <= i of max over k >= i of the value of the block j..k, no pooling), gradients by
 * differences of 1e-20; Euclidean values also by IsotonicRegression(sample_weight) of scikit-learn 1.9.1.
 */

import { describe, expect, test } from 'vitest'
import { apply } from '../../api/apply.ts'
import { softRank, softSort } from '../../api/convenience.ts'
import { plan } from '../../api/plan.ts'
import { hessianVectorProduct } from '../../api/second-derivative.ts'
import { randomStream } from '../../core/random.ts'
import { raggedShape } from '../../core/shape.ts'

const u = [1, -0.5, 2, 0.25, -1]
const [x1, w1] = [
  [2.5, -1, 0.3, 4, 0.9],
  [2, 0.5, 1, 3, 1.5],
]
const [x2, w2] = [
  [0.2, -0.1, 0.3, 1.4, 0.9],
  [1, 4, 0.25, 0.7, 2],
]

type Golden = [selector: string, x: number[], weights: number[], output: number[], gradient: number[]]
const golden: Golden[] = [
  [
    'rank:permutahedron[strength=1.5]',
    x1,
    w1,
    [3.1422222222222222, 1.0, 1.6755555555555555, 4.142222222222222, 2.0755555555555554],
    [0.26666666666666666, 0.0, 1.1333333333333333, -0.43333333333333335, -0.9666666666666667],
  ],
  [
    'rank:permutahedron[strength=0.3,direction=descending]',
    x2,
    w2,
    [3.071111111111111, 4.071111111111111, 2.7377777777777776, 1.0, 1.555],
    [-1.746031746031746, 8.015873015873016, -6.26984126984127, 0, 0],
  ],
  [
    'rank:permutahedron[strength=1.5,regularization=kl]',
    x1,
    w1,
    [3.0, 1.0, 1.2045450090710097, 4.533333333333333, 1.7969699939526602],
    [0.0, 0.0, 1.4800213590878901, 0.0, -1.4800213590878901],
  ],
  [
    'rank:permutahedron[strength=0.3,regularization=kl,direction=descending]',
    x2,
    w2,
    [2.77, 4.1925, 2.0, 1.0, 1.555],
    [0, 0, 0, 0, 0],
  ],
  [
    'sort:permutahedron[strength=0.4]',
    x1,
    w1,
    [-0.06875, 1.1, 2.5, 3.8125, 4.0],
    [1.96875, 0.3125, 0.625, -0.78125, -0.375],
  ],
  [
    'sort:permutahedron[strength=2,direction=descending]',
    x2,
    w2,
    [1.1201257861635219, 0.6248427672955975, 0.12484276729559748, -0.1, -0.1],
    [0.4716981132075472, -0.3632075471698113, 0.1179245283018868, 0.440251572327044, 1.0833333333333333],
  ],
  [
    'sort:permutahedron[strength=0.4,regularization=kl]',
    x1,
    w1,
    [-0.29109005596341353, 1.0050971450658701, 2.5, 3.638688030048653, 4.0],
    [2.0835665015000036, 0.6349297819760484, 0.34607710386525437, -0.8475834009021398, -0.46698998643916634],
  ],
  [
    'sort:permutahedron[strength=2,regularization=kl,direction=descending]',
    x2,
    w2,
    [1.1512259705902073, 0.6778064982334475, 0.1778064982334475, -0.1, -0.1],
    [0.3641634802743391, -0.5287812679748398, 0.10061572195610358, 0.5646015991762466, 1.2494004665681506],
  ],
]

function expectNear(found: unknown, expected: readonly number[], digits: number): void {
  expect(found).toHaveLength(expected.length)
  for (const [i, number] of (found as number[]).entries()) expect(number).toBeCloseTo(expected[i], digits)
}

const selectors = ['rank', 'sort'].flatMap((operator) =>
  ['l2', 'kl'].flatMap((kind) =>
    [0, 0.05, 0.7, 5].map((strength) => `${operator}:permutahedron[regularization=${kind},strength=${strength}]`),
  ),
)

describe.each(['fast', 'reference'] as const)('weights in isotonic sort and rank, %s', (engine) => {
  test.each(golden)('%s has the value and gradient of weighted isotonic regression', (selector, x, weights, y, g) => {
    const found = apply(selector, x, { weights, cotangent: u, engine })
    expectNear(found.output, y, 13)
    expectNear(found.gradient, g, 12)
    const single = apply(selector, x, { weights, cotangent: u, engine, precision: 'f32' })
    expectNear(single.output, y, 5)
  })
  test.each(selectors)('%s with weights of 1 is the operator without, bit for bit', (selector) => {
    const random = randomStream(7, selector)
    for (let trial = 0; trial < 20; trial++) {
      const x = Array.from({ length: 1 + random.integer(9) }, () => random.normal())
      const options = { cotangent: x.map(() => random.normal()), engine }
      const plain = apply(selector, x, options)
      expect(apply(selector, x, { ...options, weights: x.map(() => 1) })).toEqual(plain)
      // Only ratios count: other weights that are all equal take the other path to the same numbers.
      const equal = apply(selector, x, { ...options, weights: x.map(() => 3) })
      const size = Math.max(1, ...(plain.gradient as number[]).map(Math.abs))
      expectNear(equal.output, plain.output as number[], 9)
      for (const [i, g] of (equal.gradient as number[]).entries()) {
        expect(Math.abs(g - (plain.gradient as number[])[i])).toBeLessThan(1e-9 * size)
      }
    }
  })
})

describe('weights in isotonic sort and rank', () => {
  test.each(selectors.filter((selector) => !selector.includes('strength=0]')))(
    '%s: the tangent is the gradient along the direction, and both are slopes',
    (selector) => {
      const random = randomStream(8, selector)
      for (let trial = 0; trial < 20; trial++) {
        const n = 2 + random.integer(6)
        const [x, v, cotangent] = Array.from({ length: 3 }, () => Array.from({ length: n }, () => random.normal()))
        const weights = x.map(() => 0.1 + 3 * random.uniform())
        const at = (t: number) =>
          apply(
            selector,
            x.map((a, i) => a + t * v[i]),
            { weights },
          ).output as number[]
        const { gradient, tangent } = apply(selector, x, { weights, cotangent, tangent: v })
        const along = (gradient as number[]).reduce((sum, g, i) => sum + g * v[i], 0)
        const pushed = (tangent as number[]).reduce((sum, t, i) => sum + t * cotangent[i], 0)
        const size = Math.max(1, ...(gradient as number[]).map(Math.abs))
        expect(Math.abs(pushed - along)).toBeLessThan(1e-11 * size)
        const slope = at(1e-6).reduce((sum, y, i) => sum + ((y - at(-1e-6)[i]) / 2e-6) * cotangent[i], 0)
        expect(Math.abs(slope - along)).toBeLessThan(1e-5 * size)
      }
    },
  )
  test('second derivatives of entropic ones are the slopes of their gradients', () => {
    for (const [selector, x, weights] of golden.filter(([name]) => name.includes('kl') && name.includes('=0.4'))) {
      const v = [0.3, -1, 0.5, 0.2, 0.7]
      const { product } = hessianVectorProduct(selector, x, u, v, { weights })
      const gradientAt = (t: number) =>
        apply(
          selector,
          x.map((a, i) => a + t * v[i]),
          { weights, cotangent: u },
        ).gradient as number[]
      const slopes = gradientAt(1e-5).map((g, i) => (g - gradientAt(-1e-5)[i]) / 2e-5)
      expectNear(product, slopes, 7)
    }
  })
  test('an item of weight 2 counts as two that are tied; one of weight 0 ranks, and changes nothing', () => {
    // Three items, one double: on four items the positions are 4 / 3 as many.
    const ranked = softRank([0.3, 2, 1], { weights: [1, 2, 1], strength: 1e-9 }) as number[]
    // Its mass covers half of the second of three positions and the third... (1/2) of [1.5, 3]: mean of 2 x 1/2 and 3 x 1.
    expectNear(ranked, [1, (0.5 * 2 + 3) / 1.5, (0.25 * 1 + 0.5 * 2) / 0.75], 12)
    const without = apply('rank:permutahedron[strength=2]', [0.3, 2, 1], { weights: [3, 1, 2], cotangent: [1, 2, 3] })
    const masked = softRank([0.3, 2, 1, 5], { weights: [3, 1, 2, 9], strength: 2, mask: [true, true, true, false] })
    expectNear((masked as number[]).slice(0, 3), without.output as number[], 12)
    expect((masked as number[])[3]).toBe(0)
    const sorted = softSort([4, 1, 99, 3], { weights: [1, 2, 0, 1], strength: 1 })
    const other = softSort([4, 1, -99, 3], { weights: [1, 2, 0, 1], strength: 1 })
    expect(sorted).toEqual(other)
  })
  test('is continuous where items of different weights tie', () => {
    for (const operator of ['rank', 'sort']) {
      for (const kind of ['l2', 'kl']) {
        const selector = `${operator}:permutahedron[regularization=${kind},strength=0.8]`
        const at = (t: number) => apply(selector, [5, 2 + t, 2 - t, 1], { weights: [1, 1, 4, 2] }).output as number[]
        expectNear(at(1e-9), at(-1e-9), 7)
      }
    }
  })
  test('a row alone and in a batch, and a plan whose weights change between passes, give the same bits', () => {
    const prepared = plan('rank:permutahedron', raggedShape([2, 3]), { precision: 'f64' })
    const values = [0.3, 0.1, 2, 1.5, 1.9]
    prepared.values.set(values)
    prepared.forward()
    const plain = Array.from(prepared.output)
    prepared.weights!.set([1, 1, 2, 1, 5])
    prepared.forward()
    const alone = apply('rank:permutahedron', values.slice(2), { weights: [2, 1, 5] }).output
    expect(Array.from(prepared.output).slice(2)).toEqual(alone)
    expect(Array.from(prepared.output).slice(0, 2)).toEqual(plain.slice(0, 2))
    prepared.weights!.fill(1)
    prepared.forward()
    expect(Array.from(prepared.output)).toEqual(plain)
    prepared.dispose()
  })
  test('weights that are none, none above 0, or given to a hard value are refused', () => {
    const rank = (weights: number[], selector = 'rank:permutahedron') => apply(selector, [1, 2], { weights })
    expect(() => rank([1, -1])).toThrow(/weights/)
    expect(() => rank([1, Number.NaN])).toThrow(/weights/)
    expect(() => rank([0, 0])).toThrow(/weight 0/)
    expect(() => rank([1, 2], 'rank:permutahedron[straight-through=true]')).toThrow(/hard operator/)
    expect(() => rank([1, 2], 'rank:sigmoid')).toThrow(/takes no weights/)
  })
  test('takes weights of any size', () => {
    for (const weight of [5e-324, 1e-300, 1e300]) {
      expectNear(softRank(x1, { weights: w1.map(() => weight) }), softRank(x1) as number[], 12)
    }
  })
})
