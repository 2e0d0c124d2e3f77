/**
 * Golden numbers: mpmath, 40 digits, differences of differences of the weighted formulas in the losses' doc comments; the pair
 * weights of lambdarank and lambdaloss are held, as their gradients do.
 */

import { describe, expect, test } from 'vitest'
import { operators } from '../methods/registry.ts'
import { apply } from './apply.ts'
import { rankingLossWithHessian } from './convenience.ts'
import type { Numbers } from './output-nesting.ts'
import { hessianVectorProduct } from './second-derivative.ts'

const x = [0.4, -1.2, 0.9, 2.1, -0.3]
const v = [1, 2, -1, 0.5, 0.7]
const labels = [1, 0, 3, 2, 0]
const weights = [1, 2, 0.5, 3, 0.25]

/** H v, and the diagonal of H. */
const golden: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  [
    'listnet',
    [0.0887744764749, 0.0443554029987, -0.285334411876, 0.127624208086, 0.0245803243164],
    [0.116077753745, 0.0258271722855, 0.175505958283, 0.271932450672, 0.0613527133099],
  ],
  [
    'listmle',
    [0.176614301366, 0.784718232339, -0.123536513599, -0.232732258091, -0.605063762015],
    [0.652329931095, 0.608991421532, 0.0759859074116, 0.659922505729, 0.837778633434],
  ],
  [
    'softmax',
    [0.653398646239, 0.326465009128, -2.10012073119, 0.93934076665, 0.180916309171],
    [0.854356456574, 0.19009337005, 1.291760426, 2.00147950394, 0.451568755025],
  ],
  [
    'ranknet',
    [0.357662402706, 0.439932308083, -0.665426874437, -0.262617248344, 0.130449411993],
    [0.870795762226, 0.291278783632, 0.343993649148, 0.812447097677, 0.539425090772],
  ],
  ['pairwise-hinge', [0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0]],
  [
    'pairwise-logistic',
    [0.357662402706, 0.439932308083, -0.665426874437, -0.262617248344, 0.130449411993],
    [0.870795762226, 0.291278783632, 0.343993649148, 0.812447097677, 0.539425090772],
  ],
  [
    'lambdarank',
    [0.0393194788152, 0.0584354342065, -0.0897107585472, -0.0384394047315, 0.0303952502569],
    [0.0548620799615, 0.0306783545541, 0.0459216343329, 0.117447875382, 0.0565090376442],
  ],
  [
    'lambdaloss',
    [0.0887703357368, 0.0167946427421, -0.142336973608, 0.0177948311447, 0.0189771639848],
    [0.0711036779554, 0.00851113941199, 0.0762778010905, 0.0453137749956, 0.0323972126129],
  ],
  [
    'approx-ndcg',
    [0.00907948372814, 0.0195929581506, -0.0148228830988, -0.0201293527513, 0.00627979397141],
    [0.0155249521081, 0.0109247403213, 0.00488806457849, 0.00940338341848, 0.0172669671346],
  ],
  [
    'approx-mrr',
    [0.00619651957204, 0.0215510681065, -0.021334488317, -0.0148549063611, 0.00844180699957],
    [0.0116419213929, 0.0121606126276, 0.00891338605054, 0.00933669618657, 0.0187479587035],
  ],
  [
    'neural-ndcg',
    [0.0693294431989, 0.000172459752165, -0.0977464057555, 0.0202166429548, 0.00802785984951],
    [0.0508162587025, 0.000329699405317, 0.0544331630048, 0.0327039015613, 0.010223130074],
  ],
  [
    'pirank',
    [0.282920615098, 0.0205598910442, -0.159604183767, -0.108373996664, -0.0355023257103],
    [0.228931586593, 0.0123653633049, 0.064249753148, -0.0083435406086, 0.0836478594251],
  ],
  [
    'soft-ndcg',
    [0.0119095611911, 0.0205688702631, -0.0294309747621, -0.0109731892271, 0.00792573253491],
    [0.026534264794, 0.0115295352816, 0.016101949275, 0.0538492946001, 0.0239159845181],
  ],
  [
    'smoothi-ndcg',
    [0.0237572780877, 0.0062842619845, -0.0146893294114, -0.0308983082173, 0.0155460975565],
    [0.00887985439903, 0.00232718025321, 0.0119006050111, 0.0608535542466, 0.0110028167187],
  ],
  [
    'smoothi-precision',
    [-0.00572283545278, -0.030821044616, 0.0571115623374, -0.0372328303865, 0.0166651481179],
    [-0.00386443167817, -0.00488007642577, -0.0150802626021, 0.0723042937737, -0.00812101116483],
  ],
  [
    'spearman',
    [0.00388486345772, 0.0813634264892, -0.0987938098171, 0.0140843669016, -0.00053884703138],
    [0.055925722251, 0.0306898802414, 0.0316803911919, -0.00588035458762, 0.0161379544425],
  ],
  [
    'kendall',
    [0.00170843986297, 0.0926104342934, -0.0120145672286, -0.0855101242733, 0.00320581734548],
    [0.0666198507725, 0.0598738114936, -0.0035172358844, 0.0484410115965, 0.0103490528398],
  ],
  [
    'permutation-cross-entropy',
    [1.82474197846, 0.830312351215, -3.47473573851, 0.923821123528, -0.104139714695],
    [1.58877784492, 0.588009499559, 1.92438667352, 0.604316739168, 1.60848823559],
  ],
  [
    'topk-cross-entropy',
    [0.345916930362, 0.172834416597, -1.11182862239, 0.497298052933, 0.0957792225022],
    [0.452306359363, 0.100637666497, 0.683873166704, 1.0596067962, 0.239065811484],
  ],
  ['pointwise-mse', [2.0, 8.0, -1.0, 3.0, 0.35], [2.0, 4.0, 1.0, 6.0, 0.5]],
  [
    'pointwise-bce',
    [0.240260745742, 0.711577762587, -0.102750153671, 0.145792057201, 0.0427802045459],
    [0.240260745742, 0.355788881294, 0.102750153671, 0.291584114402, 0.0611145779227],
  ],
  [
    'ordinal',
    [0.755426486345, 2.62313857774, -0.351992441373, 0.688193887613, 0.133183758779],
    [0.755426486345, 1.31156928887, 0.351992441373, 1.37638777523, 0.190262512542],
  ],
]

const expectAll = (found: readonly number[], expected: readonly number[], digits: number): void => {
  expect(found.length).toBe(expected.length)
  found.forEach((entry, i) => {
    expect(entry).toBeCloseTo(expected[i], digits)
  })
}

const exact = (loss: string): string =>
  loss.startsWith('smoothi') ? `loss:${loss}[stop-gradient=false]` : `loss:${loss}`
/** NeuralNDCG scales its matrix until sums are 1 to a tolerance; the golden number is that of the limit. */
const digitsOf = (loss: string): number => (loss === 'neural-ndcg' ? 4 : 9)

describe.each(golden)('the second derivative of weighted %s', (loss, product, diagonal) => {
  test('along a direction is that of the formula', () => {
    const found = hessianVectorProduct(exact(loss), x, 1, v, { labels, weights })
    expectAll(found.product, product, digitsOf(loss))
    expect(found.error).toBeLessThan(1e-8)
  })
  test('in each score alone is that of the formula, or refused where there is none', () => {
    const hessian = () => rankingLossWithHessian(loss, x, labels, { weights }).hessian
    if (operators.get(`loss:${loss}`)!.plan({ offsets: Uint32Array.of(0, 5) }, {}, 'f64').diagonal) {
      expectAll(hessian(), diagonal, 10)
    } else expect(hessian).toThrow(/has no Hessian diagonal by formula/)
  })
})

describe('the Hessian diagonal of a loss', () => {
  test('leaves ignored labels out as a mask does, and so does the Hessian along a direction', () => {
    const [given, grades] = [
      [0, 0, 3],
      [1, 0, -1],
    ]
    const { hessian } = rankingLossWithHessian('ranknet', given, grades, { ignore: -1 })
    expectAll(hessian, [0.25, 0.25, 0], 14)
    const along = hessianVectorProduct('loss:ranknet[ignore=-1]', given, 1, [1, 0, 5], grades)
    expectAll(along.product, [0.25, -0.25, 0], 14)
    expect(along.by).toBe('formula')
  })
  test('is there for pairs, points and softmaxes', () => {
    const have = golden
      .map(([loss]) => loss)
      .filter((loss) => {
        const plan = operators.get(`loss:${loss}`)!.plan({ offsets: Uint32Array.of(0, 2) }, {}, 'f64')
        return plan.diagonal !== undefined
      })
    expect(have.sort()).toEqual(
      [
        ...['kendall', 'lambdaloss', 'lambdarank', 'listmle', 'listnet', 'ordinal', 'pairwise-hinge'],
        ...['pairwise-logistic', 'pointwise-bce', 'pointwise-mse', 'ranknet', 'softmax'],
      ].sort(),
    )
  })
  test('takes masks, list weights, axes and reductions as the gradient does', () => {
    const rows = [
      [0, 0, Number.NaN],
      [1, 0],
    ]
    const grades = [
      [1, 0, 7],
      [1, 0],
    ]
    const mask = [
      [true, true, false],
      [true, true],
    ]
    const options = { mask, listWeights: [2, 4], reduction: 'none' } as const
    const { hessian } = rankingLossWithHessian('ranknet', rows, grades, options)
    const p = 1 / (1 + Math.exp(-1))
    expectAll(hessian.flat(), [0.5, 0.5, 0, 4 * p * (1 - p), 4 * p * (1 - p)], 14)
    const { hessian: down } = rankingLossWithHessian('ranknet', [[0], [0]], [[1], [0]], { axis: 0, reduction: 'sum' })
    expect(down).toEqual([[0.25], [0.25]])
  })
  test('scales with the cotangent of apply', () => {
    const of = (cotangent: number) => apply('loss:softmax', x, { labels, cotangent, hessian: 'diagonal' }).hessian
    expectAll(
      of(-2) as number[],
      (of(1) as number[]).map((each) => -2 * each),
      14,
    )
  })
})

/** One selector an operator of values, at points where it bends. */
const bending = [...operators.keys()]
  .filter((name) => !name.startsWith('loss:'))
  .flatMap((name) => {
    const params = [
      ...(name.startsWith('topk:') ? ['k=2'] : []),
      ...(name.endsWith('smoothi') ? ['stop-gradient=false'] : []),
    ]
    const { params: space } = operators.get(name)!
    const more = [[], ...(space.power ? [['power=2']] : []), ...(space.regularization ? [['regularization=kl']] : [])]
    const ways = space.direction ? ['direction=ascending', 'direction=descending'] : []
    return more
      .flatMap((each) => (ways.length > 0 ? ways.map((way) => [...params, ...each, way]) : [[...params, ...each]]))
      .map((all) => (all.length > 0 ? `${name}[${all.join(',')}]` : name))
  })

const cotangentOf = (selector: string): Numbers => {
  if (selector.startsWith('quantile:')) return 1
  if (!selector.startsWith('matrix:')) return [1, -2, 0.5, 1, 0.3]
  return Array.from({ length: 5 }, (_, i) => Array.from({ length: 5 }, (__, j) => Math.sin(5 * i + j)))
}

describe.each(bending)('the second derivative of %s', (selector) => {
  const cotangent = cotangentOf(selector)
  test('is the slope of the gradient along the direction', () => {
    const { product, error } = hessianVectorProduct(selector, x, cotangent, v)
    const gradientAt = (t: number) =>
      apply(
        selector,
        x.map((value, i) => value + t * v[i]),
        { cotangent, engine: 'reference' },
      ).gradient as number[]
    const h = 1e-4
    const [a, b, c, d] = [2 * h, h, -h, -2 * h].map(gradientAt)
    const slopes = product.map((_, i) => (8 * (b[i] - c[i]) - (a[i] - d[i])) / (12 * h))
    const size = Math.max(...product.map(Math.abs), 1e-2)
    product.forEach((entry, i) => {
      expect(Math.abs(entry - slopes[i]) / size).toBeLessThan(2e-6)
    })
    expect(error).toBeLessThan(1e-6)
  })
  test('does not feel an offset, nor a far row of the batch', () => {
    const near = hessianVectorProduct(
      selector,
      x.map((value) => value * 1024),
      cotangent,
      v,
    )
    const moved = hessianVectorProduct(
      selector,
      x.map((value) => value * 1024 + 2 ** 20),
      cotangent,
      v,
    )
    const size = Math.max(...near.product.map(Math.abs), 1e-9)
    moved.product.forEach((entry, i) => {
      expect(Math.abs(entry - near.product[i])).toBeLessThan(1e-5 * size + 1e-12)
    })
    const far = [1e6, -3e6, 2e6, 7e6, 4e6]
    const both = selector.startsWith('quantile:') ? [1, 1] : [cotangent, cotangent]
    const batch = hessianVectorProduct(selector, [x, far], both as Numbers, [v, v])
    expectAll(batch.product.slice(0, 5), hessianVectorProduct(selector, x, cotangent, v).product, 9)
  })
})

describe('a Hessian-vector product', () => {
  test('is right far from 0, where differences with a step of the size of the values were not', () => {
    const { product, by } = hessianVectorProduct('rank:sigmoid', [1000001, 1000002, 1000003.5], [1, 0, 0], [1, 0, 0])
    // sum over j of sigma''(d_j), d = -1 and -2.5: mpmath.
    expect(product[0]).toBeCloseTo(0.1503255835183825, 12)
    expect(by).toBe('formula')
  })
  test('is right beside one far item, by differences too', () => {
    const near = hessianVectorProduct('topk:sigmoid[k=1]', [1, 2, 3.5], [1, 0, 0], [1, 0, 0])
    const far = hessianVectorProduct('topk:sigmoid[k=1]', [1, 2, 3.5, -1e9], [1, 0, 0, 0], [1, 0, 0, 0])
    expect(near.by).toBe('differences')
    expectAll(far.product, [...near.product, 0], 10)
  })
  test('is symmetric: w.(H v) = v.(H w)', () => {
    const [a, b] = [
      [1, 2, -1, 0.5],
      [0.2, -1, 1, 3],
    ]
    for (const selector of ['rank:sigmoid', 'rank:lapsum', 'sort:softsort[power=2]', 'topk:soft[k=2,epsilon=1]']) {
      const along = (d: number[]) => hessianVectorProduct(selector, [0.3, -1.1, 0.8, 2], [1, -2, 0.5, 1], d).product
      const dot = (p: readonly number[], q: readonly number[]) => p.reduce((sum, each, i) => sum + each * q[i], 0)
      expect(dot(along(a), b)).toBeCloseTo(dot(along(b), a), 8)
    }
  })
  test('of losses over another soft rank or permutation goes through it', () => {
    for (const selector of [
      'loss:spearman[rank=sigmoid[strength=0.5]]',
      'loss:spearman[rank=permutahedron[regularization=kl]]',
      'loss:permutation-cross-entropy[matrix=neuralsort[tau=2]]',
      'loss:topk-cross-entropy[p_k=0.5x0x0.5]',
    ]) {
      const { product, by } = hessianVectorProduct(selector, x, 1, v, { labels, weights })
      const at = (t: number) => {
        const moved = x.map((value, i) => value + t * v[i])
        return apply(selector, moved, { labels, weights, cotangent: 1, engine: 'reference' }).gradient as number[]
      }
      const [ahead, behind] = [at(1e-5), at(-1e-5)]
      expectAll(
        product,
        ahead.map((g, i) => (g - behind[i]) / 2e-5),
        7,
      )
      expect(by).toBe('formula')
    }
  })
  test('takes labels, weights, list weights and masks, and the cotangents of apply', () => {
    const options = { labels: [1, Number.NaN, 0], mask: [true, false, true], weights: [2, 1, 1], listWeights: [3] }
    const { product } = hessianVectorProduct('loss:ranknet', [1, Number.NaN, 2], 1, [1, 0, 0], options)
    const p = 1 / (1 + Math.exp(1))
    expectAll(product, [6 * p * (1 - p), 0, -6 * p * (1 - p)], 14)
    const rows = hessianVectorProduct(
      'loss:ranknet[reduction=none]',
      [[1, 2], [], [0, 0]],
      [1, 5, 2],
      [[1, 0], [], [0, 1]],
      {
        labels: [[1, 0], [], [0, 1]],
      },
    )
    expectAll(rows.product, [p * (1 - p), -p * (1 - p), -0.5, 0.5], 14)
    expect(hessianVectorProduct('loss:ranknet', [1, 2], [1], [1, 0], [1, 0]).product[0]).toBeCloseTo(p * (1 - p), 14)
  })
  test('refuses labels that are missing, short, too many, or belong nowhere, and cotangents of another shape', () => {
    const of =
      (options?: unknown, cotangent: Numbers = 1, selector = 'loss:ranknet') =>
      () =>
        hessianVectorProduct(selector, [1, 2], cotangent, [1, 0], options as number[])
    expect(of()).toThrow('loss:ranknet needs labels, one a value')
    expect(of([1])).toThrow('labels: row 0 has 1 entries; expected 2')
    expect(of([1, 0, 1])).toThrow('labels: row 0 has 3 entries; expected 2')
    expect(of([1, Number.NaN])).toThrow('labels: row 0, index 1 is NaN')
    expect(of([1, 0], [1, 0], 'rank:sigmoid')).toThrow('rank:sigmoid takes no labels')
    expect(of([1, 0], [1, 2])).toThrow('cotangent: expected one number')
    expect(of({ labels: [1, 0], weight: [1, 1] })).toThrow('hessianVectorProduct has no option "weight"')
    expect(of({ labels: [1, 0], weights: [1, -1] })).toThrow('weights: row 0, index 1 is -1')
    expect(() => hessianVectorProduct('rank:sigmoid', [1, 2], [1, 0], [1])).toThrow('direction: row 0 has 1 entries')
  })
  test.each([
    ['rank:permutahedron[regularization=kl]', [0, Math.log(2), 3], 'blocks of the projection are about to merge'],
    ['rank:permutahedron', [1, 2, 3], 'gaps are the strength'],
    ['rank:hard', [1, 1, 3], 'tied ranks jump'],
    ['sort:hard', [1, 1, 3], 'tied values change places'],
    ['rank:lapsum', [1, 1, 3], 'the slope of the Laplace density turns round at a tie'],
  ])('of %s at %j is refused: %s', (selector, values) => {
    expect(() => hessianVectorProduct(selector, values, [1, 2, 3], [1, -1, 0])).toThrow(
      /no second derivative to be had/,
    )
  })
  test('is refused at the kink of a hinge, where differences on either side agree on 0', () => {
    expect(() => hessianVectorProduct('loss:pairwise-hinge', [1, 0], 1, [1, 0], [1, 0])).toThrow(
      /a kink at these values/,
    )
    expect(hessianVectorProduct('loss:pairwise-hinge', [1.5, 0], 1, [1, 0], [1, 0]).product).toEqual([0, 0])
  })
  test.each([
    'rank:sigmoid[straight-through=true]',
    'quantile:softsort[straight-through=true]',
    'loss:smoothi-ndcg',
    'loss:spearman[rank=sigmoid[straight-through=true]]',
    'loss:permutation-cross-entropy[matrix=smoothi]',
    'loss:topk-cross-entropy[operator=softsort[straight-through=true]]',
  ])('of %s is refused: its gradient is a surrogate', (selector) => {
    expect(() => hessianVectorProduct(selector, [1, 2], 1, [1, 0], [1, 0])).toThrow(/surrogate/)
  })
})
