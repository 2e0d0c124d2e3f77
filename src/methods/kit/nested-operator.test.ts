import { describe, expect, test } from 'vitest'
import { apply } from '../../api/apply.ts'
import { plan } from '../../api/plan.ts'
import { hessianVectorProduct } from '../../api/second-derivative.ts'
import { visitedPoints } from '../../check/points.ts'
import { gradientKind, promisesOf } from '../../core/method.ts'
import { resolveParams } from '../../core/params.ts'
import { regularShape } from '../../core/shape.ts'
import { operators } from '../registry.ts'
import { ifHonoured } from './honoured.ts'

const [scores, labels] = [
  [0.3, -1, 2, 0.7],
  [1, 0, 3, 2],
]

describe('kernels', () => {
  const space = resolveSpace('sort:softsort')
  test("take over only what they read: any other parameter away from its default is the reference's", () => {
    const describeTau = (params: Record<string, unknown>) => params.tau
    const at = (given: Record<string, unknown>) => resolveParams(space, given, 'sort:softsort')
    expect(ifHonoured(space, at({ tau: 2 }), describeTau)).toBe(2)
    expect(ifHonoured(space, at({ tau: 2, 'straight-through': true }), describeTau)).toBeUndefined()
    expect(ifHonoured(space, at({ power: 2 }), describeTau)).toBeUndefined()
    expect(ifHonoured(space, at({ power: 2 }), (params) => [params.tau, params.power, params.direction])).toEqual([
      1,
      2,
      'ascending',
    ])
  })
  test('cannot claim all parameters by spreading them', () => {
    expect(() => ifHonoured(space, resolveParams(space, {}, ''), (params) => ({ ...params }))).toThrow(/one by one/)
  })
})

function resolveSpace(name: string) {
  return operators.get(name)!.params
}

describe('a loss over another operator', () => {
  // The hard permutation of these scores is that of the labels: -log 1 four times, and the gradient that of SoftSort.
  test('keeps straight-through on both engines: value 0, and the tangent is the gradient along the direction', () => {
    const selector = 'loss:permutation-cross-entropy[matrix=softsort[straight-through=true]]'
    const direction = [1, 0.5, -1, 2]
    const [fast, reference] = (['fast', 'reference'] as const).map((engine) =>
      apply(selector, scores, { labels, cotangent: 1, tangent: direction, engine }),
    )
    expect([fast.output, reference.output]).toEqual([0, 0])
    for (const [i, g] of (reference.gradient as number[]).entries()) {
      expect((fast.gradient as number[])[i]).toBeCloseTo(g, 14)
    }
    const along = (fast.gradient as number[]).reduce((sum, g, i) => sum + g * direction[i], 0)
    expect(fast.tangent).toBeCloseTo(along, 14)
  })

  const catalogue = new Map([...operators].map(([name, { params }]) => [name, params]))
  const nested = visitedPoints(
    {
      matrix: { kind: 'text', default: 'softsort', selects: 'matrix', except: ['direction'], meaning: '' },
      rank: { kind: 'text', default: 'permutahedron', selects: 'rank', meaning: '' },
    },
    catalogue,
  )
  const selectors = [
    ...new Set([
      ...nested.map(({ matrix }) => `loss:permutation-cross-entropy[matrix=${matrix}]`),
      ...nested.map(({ matrix }) => `loss:topk-cross-entropy[operator=${matrix},p_k=0.5x0.5]`),
      ...nested.map(({ rank }) => `loss:spearman[rank=${rank}]`),
      ...nested.map(({ rank }) => `loss:spearman[rank=${rank},target=hard]`),
    ]),
  ]
  test('hears every parameter of every operator it may name, on both engines', () => {
    expect(selectors.length).toBeGreaterThan(190)
    const differing = selectors.filter((selector) => {
      const [fast, reference] = (['fast', 'reference'] as const).map((engine) =>
        apply(selector, scores, { labels: [2, 0, 1, 3], cotangent: 1, engine }),
      )
      const close = (a: number, b: number) => Math.abs(a - b) <= 1e-8 * Math.max(1, Math.abs(a))
      const gradients = fast.gradient as number[]
      return (
        !close(fast.output as number, reference.output as number) ||
        gradients.some((g, i) => !close(g, (reference.gradient as number[])[i]))
      )
    })
    expect(differing).toEqual([])
  })
  test('has the kind of gradient of its operator, and no second derivative where that is a surrogate', () => {
    const kinds = (name: string, params: Record<string, string>) => {
      const spec = operators.get(name)!
      return gradientKind(spec, resolveParams(spec.params, params, name))
    }
    expect(kinds('loss:permutation-cross-entropy', { matrix: 'smoothi' })).toBe('surrogate')
    expect(kinds('loss:permutation-cross-entropy', { matrix: 'smoothi[stop-gradient=false]' })).toBe('exact')
    expect(kinds('loss:topk-cross-entropy', { operator: 'softsort[straight-through=true]' })).toBe('surrogate')
    expect(kinds('loss:spearman', { rank: 'sigmoid[straight-through=true]' })).toBe('surrogate')
    expect(kinds('loss:spearman', { rank: 'sigmoid' })).toBe('exact')
    expect(kinds('quantile:softsort', { 'straight-through': 'true' })).toBe('surrogate')
    for (const selector of [
      'loss:permutation-cross-entropy[matrix=smoothi]',
      'loss:topk-cross-entropy[operator=neuralsort[straight-through=true]]',
      'loss:spearman[rank=sigmoid[straight-through=true]]',
    ]) {
      expect(() => hessianVectorProduct(selector, scores, [1], [1, 0, 0, 0], labels)).toThrow(/surrogate gradient/)
    }
  })
  test('promises no more than its operator keeps', () => {
    const promises = (rank: string) =>
      promisesOf(operators.get('loss:spearman')!, { rank, target: 'soft', reduction: 'mean' })
    expect(promises('permutahedron').shift).toBe('stays')
    expect(promises('sinkhorn[cost=absolute]').shift).toBeUndefined()
    expect(promises('neuralsort[samples=3]').symmetric).toBe(false)
  })
  test('refuses a direction that it would have to turn round', () => {
    expect(() =>
      plan('loss:permutation-cross-entropy[matrix=softsort[direction=ascending]]', regularShape(1, 3)),
    ).toThrow(/smallest value up/)
  })
})
