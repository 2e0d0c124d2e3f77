import { describe, expect, test } from 'vitest'
import { hessianVectorProduct } from './second-derivative.ts'

describe('a Hessian-vector product', () => {
  test('is that of the formula: squared error has the Hessian 2', () => {
    const { product, error } = hessianVectorProduct('loss:pointwise-mse', [1, -2, 3], [1], [1, 0.5, -1], [0, 1, 2])
    product.forEach((entry, i) => void expect(entry).toBeCloseTo([2, 1, -2][i], 8))
    expect(error).toBeLessThan(1e-6)
  })
  test('of RankNet on one pair is sigma(d) sigma(-d) times the Laplacian of the pair', () => {
    const sigma = (v: number) => 1 / (1 + Math.exp(-v))
    const h = sigma(0.7) * sigma(-0.7)
    const { product } = hessianVectorProduct('loss:ranknet', [0.7, 0], [1], [1, 0], [1, 0])
    expect(product[0]).toBeCloseTo(h, 9)
    expect(product[1]).toBeCloseTo(-h, 9)
  })
  test('is symmetric: w.(H v) = v.(H w)', () => {
    const x = [0.3, -1.1, 0.8, 2]
    const [v, w] = [
      [1, 2, -1, 0.5],
      [0.2, -1, 1, 3],
    ]
    for (const selector of ['rank:sigmoid', 'rank:lapsum', 'sort:softsort[power=2]', 'topk:soft[k=2,epsilon=1]']) {
      const along = (d: number[]) => hessianVectorProduct(selector, x, [1, -2, 0.5, 1], d).product
      const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, each, i) => sum + each * b[i], 0)
      expect(dot(along(v), w)).toBeCloseTo(dot(along(w), v), 6)
    }
  })
  test('is refused where it would be wrong: at a kink, and for a gradient that is none', () => {
    // Gaps equal to the strength: the blocks of the projection are about to merge.
    expect(() =>
      hessianVectorProduct('rank:permutahedron[regularization=kl]', [0, Math.log(2), 3], [1, 2, 3], [1, -1, 0]),
    ).toThrow(/differences of the gradient disagree/)
    expect(() => hessianVectorProduct('rank:sigmoid[straight-through=true]', [1, 2], [1, 0], [1, 0])).toThrow(
      /surrogate/,
    )
  })
})
