/** What every way into the library refuses, and what it takes together. */

import { describe, expect, test } from 'vitest'
import * as api from '../index.ts'

const { apply, plan, regularShape, raggedShape } = api
const labels = [1, 0, 1]

describe('options', () => {
  const doors: Record<string, (options: never) => unknown> = {
    apply: (options) => apply('rank:sigmoid', [1, 2], options),
    applyOperator: (options) => api.applyOperator({ name: 'rank:sigmoid', params: {} }, [1, 2], options),
    plan: (options) => plan('rank:sigmoid', regularShape(1, 2), options),
    softSort: (options) => api.softSort([1, 2], options),
    softRank: (options) => api.softRank([1, 2], options),
    softTopK: (options) => api.softTopK([1, 2], options),
    softQuantile: (options) => api.softQuantile([1, 2], options),
    softPermutation: (options) => api.softPermutation([1, 2], options),
    softSortWithGradient: (options) => api.softSortWithGradient([1, 2], [1, 0], options),
    softRankWithGradient: (options) => api.softRankWithGradient([1, 2], [1, 0], options),
    softTopKWithGradient: (options) => api.softTopKWithGradient([1, 2], [1, 0], options),
    softQuantileWithGradient: (options) => api.softQuantileWithGradient([1, 2], 1, options),
    spearmanLoss: (options) => api.spearmanLoss([1, 2], [0, 1], options),
    spearmanLossWithGradient: (options) => api.spearmanLossWithGradient([1, 2], [0, 1], options),
    rankingLoss: (options) => api.rankingLoss('listnet', [1, 2], [0, 1], options),
    rankingLossWithGradient: (options) => api.rankingLossWithGradient('listnet', [1, 2], [0, 1], options),
    rankingLossWithHessian: (options) => api.rankingLossWithHessian('listnet', [1, 2], [0, 1], options),
  }
  const names = Object.keys(doors)
  const refused = (name: string, options: unknown) => expect(() => doors[name](options as never))

  test.each(names)('of %s: unknown names are refused', (name) => {
    refused(name, { wieghts: [1, 1] }).toThrow(/has no (option|parameter) "wieghts"/)
    refused(name, { precison: 'f32' }).toThrow(/has no (option|parameter) "precison"/)
    refused(name, { constructor: 1 }).toThrow(/has no (option|parameter) "constructor"/)
  })
  test.each(names)('of %s: values that are none are refused', (name) => {
    refused(name, { precision: 'f16' }).toThrow(/precision is "f16"; expected f32 or f64/)
    refused(name, { engine: 'gpu' }).toThrow(/engine is "gpu"; expected fast or reference/)
    for (const threads of [-1, 0, 1.5, Number.NaN, '2', 65, 2 ** 32]) {
      refused(name, { threads }).toThrow(/threads is .*; expected a whole number from 1 to 64/)
    }
    refused(name, { reuseOrder: 1 }).toThrow(/reuseOrder is 1; expected true or false/)
    for (const options of [null, [], 'f32', 3, Float64Array.of(1)]) refused(name, options).toThrow(/options are/)
  })
  test.each(names)('of %s: undefined is not given', (name) => {
    const all = { precision: undefined, engine: undefined, threads: undefined, mask: undefined }
    expect(() => doors[name](all as never)).not.toThrow()
  })
  test('of one door are not those of another', () => {
    expect(() => plan('loss:ranknet', regularShape(1, 2), { labels: [1, 0] } as never)).toThrow(/no option "labels"/)
    expect(() => api.rankingLoss('ranknet', [1, 2], [0, 1], { labels: [0, 1] })).toThrow(/no parameter "labels"/)
    expect(() => api.rankingLoss('ranknet', [1, 2], [0, 1], { method: 'listnet' })).toThrow(/no option "method"/)
    expect(() => api.softRank([1, 2], { axis: 0.5 })).toThrow(/axis is 0.5; expected a whole number/)
    expect(() => apply('rank:sigmoid', [1, 2], { onWarning: true as never })).toThrow(/onWarning is true/)
  })
})

describe('a mask with weights', () => {
  test('leaves an item out of labels, weights, gradients and directions, in apply', () => {
    const mask = [true, true, false]
    expect(apply('loss:softmax', [1, 2, 3], { labels, mask }).output).toBeCloseTo(1.3132617, 7)
    const holes = {
      labels: [1, 0, Number.NaN],
      weights: [2, 1, Number.NaN],
      mask,
      cotangent: 1,
      tangent: [1, 0, Number.NaN],
    }
    const masked = apply('loss:softmax', [1, 2, Number.NaN], holes)
    const dense = apply('loss:softmax', [1, 2], { labels: [1, 0], weights: [2, 1], cotangent: 1, tangent: [1, 0] })
    expect(masked).toEqual({ ...dense, gradient: [...(dense.gradient as number[]), 0] })
  })
  test('is the same in functions, along an axis, and in plans', () => {
    const rows = [
      [1, 2, 3],
      [4, 4, 0],
    ]
    const grades = [labels, [0, 1, 2]]
    const mask = [
      [true, false, true],
      [true, true, true],
    ]
    const weights = [
      [2, 9, 1],
      [1, 3, 1],
    ]
    const given = { mask, weights, listWeights: [1, 4], reduction: 'sum' } as const
    const { value, gradient } = api.rankingLossWithGradient('ranknet', rows, grades, given)
    const turned = (of: readonly (readonly unknown[])[]) => of[0].map((_, j) => of.map((row) => row[j])) as never
    const down = api.rankingLossWithGradient('ranknet', turned(rows), turned(grades), {
      ...given,
      mask: turned(mask),
      weights: turned(weights),
      axis: 0,
    })
    expect(down).toEqual({ value, gradient: turned(gradient) })
    for (const engine of ['fast', 'reference'] as const) {
      const planned = plan('loss:ranknet[reduction=sum]', regularShape(2, 3), {
        precision: 'f64',
        mask: mask.flat(),
        engine,
      })
      planned.values.set(rows.flat())
      planned.values[1] = Number.NaN
      planned.labels!.set(grades.flat())
      planned.labels![1] = Number.NaN
      planned.weights!.set(weights.flat())
      planned.listWeights!.set([1, 4])
      planned.cotangent.fill(1)
      planned.forward()
      planned.backward()
      expect(planned.output[0]).toBeCloseTo(value, 12)
      planned.gradient.forEach((g, i) => {
        expect(g).toBeCloseTo(gradient.flat()[i], 12)
      })
    }
  })
  test.each(['sort:permutahedron', 'rank:sigmoid', 'topk:lapsum[k=2]', 'matrix:softsort', 'quantile:permutahedron'])(
    'of a plan of %s gives what apply gives',
    (selector) => {
      const rows = [[5, Number.NaN, 2, 4], [Number.NaN], [1, 3]]
      const mask = [[true, false, true, true], [true], [true, false]]
      rows[1][0] = 7
      rows[2][1] = Number.NaN
      const masked = plan(selector, raggedShape([4, 1, 2]), { precision: 'f64', mask: mask.flat() })
      masked.values.set(rows.flat())
      masked.cotangent.forEach((_, i) => {
        masked.cotangent[i] = Math.cos(i)
      })
      masked.forward()
      masked.backward()
      const { output } = apply(selector, rows, { mask })
      expect([...masked.output]).toEqual([output].flat(4))
      expect([masked.gradient[1], masked.gradient[6]]).toEqual([0, 0])
    },
  )
  test('of another length, or with entries that are not booleans, is refused', () => {
    const masked = (mask: unknown) => () => plan('rank:sigmoid', regularShape(1, 2), { mask: mask as boolean[] })
    expect(masked([true])).toThrow('mask: 1 entries; expected 2')
    expect(masked([true, 1])).toThrow('mask: row 0, index 1 is 1')
    expect(() => apply('rank:sigmoid', [[1, 2]], { mask: [[true]] })).toThrow('mask: row 0 has 1 entries; expected 2')
  })
  test('weights of another shape, or that are no weights, are refused by row and index', () => {
    const weighed = (weights: unknown) => () =>
      apply('loss:ranknet', [[1, 2], [3]], { labels: [[1, 0], [0]], weights: weights as number[] })
    expect(weighed([[1, 1]])).toThrow('weights: 1 rows; expected 2')
    expect(weighed([[1, 1], []])).toThrow('weights: row 1 has 0 entries; expected 1')
    expect(weighed([[1, -1], [1]])).toThrow('weights: row 0, index 1 is -1; expected a finite number >= 0')
    expect(weighed([[1, 1], [Number.NaN]])).toThrow('weights: row 1, index 0 is NaN')
    expect(() => apply('rank:sinkhorn', [1, 2], { weights: [1, -1] })).toThrow('weights: row 0, index 1 is -1')
  })
})

describe('a plan after dispose', () => {
  test.each(['rank:permutahedron', 'matrix:softsort', 'quantile:softsort', 'loss:softmax', 'loss:spearman'])(
    'of %s throws from every pass and buffer, and may be disposed of again',
    (selector) => {
      for (const engine of ['fast', 'reference'] as const) {
        for (const mask of [undefined, [true, false, true]]) {
          const gone = plan(selector, regularShape(1, 3), { engine, mask })
          gone.values.set([1, 2, 3])
          gone.forward()
          const tangents = gone.tangents?.()
          gone.dispose()
          gone.dispose()
          const uses = [
            () => gone.forward(),
            () => gone.backward(),
            () => gone.values.fill(0),
            () => gone.output[0],
            () => gone.cotangent.fill(1),
            () => gone.gradient[0],
            () => gone.tangents?.() ?? gone.forward(),
            () => tangents?.run() ?? gone.forward(),
          ]
          for (const use of uses) expect(use).toThrow(/was used after dispose\(\)/)
        }
      }
    },
  )
  test('by the operators of the registry throws as well', () => {
    const gone = api.operators.get('rank:sigmoid')!.plan(regularShape(1, 3), {}, 'f64')
    gone.dispose()
    expect(() => gone.forward()).toThrow(/used after dispose/)
  })
})

describe('exported functions check what they are given', () => {
  test('shapes are whole, not negative, and below 2^32 items', () => {
    for (const [batch, length] of [
      [-1, 2],
      [1.5, 2],
      [1, -2],
      [1, Number.NaN],
      [1, 4294967312],
      [70000, 70000],
    ]) {
      expect(() => regularShape(batch, length)).toThrow(/expected a whole number from 0 to 2\^32 - 1/)
    }
    expect(() => raggedShape([1, -1])).toThrow('length of row 1 is -1')
    expect(() => raggedShape([2 ** 31, 2 ** 31])).toThrow('items up to row 1')
    expect(() => api.maskedShape([1, 0, 1], 2, 2)).toThrow('mask: 3 entries; expected 4')
    expect(() => api.maskedShape([1, 0, 1, 'x'], 2, 2)).toThrow('mask: row 1, index 1 is x')
    expect(() => api.requireFinite([1, 2], regularShape(1, 3), 'x')).toThrow('x: 2 entries; expected 3')
    expect(() => plan('rank:sigmoid', { offsets: Uint32Array.of(0, 3, 2) })).toThrow('shape: offset 2 is 2')
    expect(() => plan('rank:sigmoid', [3] as never)).toThrow('a shape has no offsets')
  })
  test('selectors, references and precisions of the registry', () => {
    expect(() => apply(undefined as never, [1])).toThrow('the selector is undefined')
    expect(() => api.applyOperator({ name: 'rank:sigmoid', params: { strength: -1 } }, [1])).toThrow(/strength is "-1"/)
    const sigmoid = api.operators.get('rank:sigmoid')!
    expect(() => sigmoid.plan(regularShape(1, 1), {}, 'f16' as never)).toThrow('precision is "f16"')
    expect(() => sigmoid.plan(regularShape(1, 1), { strenght: 1 }, 'f64')).toThrow(/no parameter "strenght"/)
  })
  test('lapsumTopKGradients names what is wrong', () => {
    const of = api.lapsumTopKGradients as (...given: unknown[]) => unknown
    expect(() => of([1, Number.NaN], 1, 1, [1, 0])).toThrow('values: row 0, index 1 is NaN')
    expect(() => of([1, 2], 1, 1, [1])).toThrow('cotangent: row 0 has 1 entries; expected 2')
    expect(() => of([1, 2], Number.NaN, 1, [1, 0])).toThrow('k is NaN')
    expect(() => of([1, 2], -1, 1, [1, 0])).toThrow('k is -1; expected a number >= 0')
    expect(() => of([1, 2], 1, -1, [1, 0])).toThrow('alpha is -1')
    expect(() => of('12', 1, 1, [1, 0])).toThrow(/is not a list/)
    expect(of([1, 2], 1, 1, [1, 0])).toBeDefined()
  })
})

describe('several quantile levels in one call', () => {
  const values = [5, 1, 2, 4]
  const strength = 0.5
  test('are the levels one by one, with the sum of their gradients', () => {
    const q = [0.25, 0.5, 0.9]
    const one = q.map((level) => api.softQuantileWithGradient(values, 2, { q: level, strength }))
    const all = api.softQuantileWithGradient(values, [2, 2, 2], { q, strength })
    expect(all.output).toEqual(one.map(({ output }) => output))
    all.gradient.forEach((g, i) => {
      expect(g).toBeCloseTo(
        one.reduce((sum, { gradient }) => sum + gradient[i], 0),
        14,
      )
    })
    expect(apply('quantile:permutahedron[q=0.25x0.5x0.9,strength=0.5]', values).output).toEqual(all.output)
    const batch = api.softQuantile([values, [3]], { q, strength })
    expect(batch).toEqual([all.output, [3, 3, 3]])
    expect(api.softQuantile(values, { q: [0.5], strength })).toEqual([one[1].output])
    const down = api.softQuantile(
      values.map((value) => [value, value]),
      { q, strength, axis: 0 },
    )
    expect(down).toEqual([all.output, all.output])
  })
  test('out of range, or of another cotangent, are refused', () => {
    expect(() => api.softQuantile(values, { q: [0.5, 1.5] })).toThrow(/q is ".*"; expected number >= 0 and <= 1/)
    expect(() => api.softQuantile(values, { q: [] })).toThrow(/q is/)
    expect(() => api.softQuantileWithGradient(values, [1], { q: [0, 1] })).toThrow(
      'cotangent: row 0 has 1 entries; expected 2',
    )
  })
})
