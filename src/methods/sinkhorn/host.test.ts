import { describe, expect, test } from 'vitest'
import { plan } from '../../api/plan.ts'
import { regularShape } from '../../core/shape.ts'

const sinkhorn = (operator: string, epsilon: number, n: number) =>
  plan(`${operator}:sinkhorn[cost=absolute,epsilon=${epsilon}]`, regularShape(1, n), { precision: 'f64' })

describe('Sinkhorn on the line', () => {
  test.each([1e-3, 1e-2, 0.1, 1])('meets its marginals on long rows at epsilon %d', (epsilon) => {
    const n = 3000
    const rank = sinkhorn('rank', epsilon, n)
    expect(rank.engine).toBe('fast')
    for (let i = 0; i < n; i++) rank.values[i] = 0.5 + 0.5 * Math.sin(i * 12.9898)
    rank.forward()
    expect(rank.diagnostics!.residual[0]).toBeLessThan(1e-9)
    const sum = Array.from(rank.output).reduce((total, each) => total + each, 0)
    expect(sum / ((n * (n + 1)) / 2)).toBeCloseTo(1, 9)
  })
  test('has the gradient of differences on a row that no matrix was made for', () => {
    const n = 60
    const [rank, moved] = [sinkhorn('rank', 0.05, n), sinkhorn('rank', 0.05, n)]
    const u = Float64Array.from({ length: n }, (_, i) => Math.cos(i))
    for (let i = 0; i < n; i++) rank.values[i] = 0.5 + 0.5 * Math.sin(i * 12.9898)
    rank.cotangent.set(u)
    rank.forward()
    rank.backward()
    const along = (t: number) => {
      for (let i = 0; i < n; i++) moved.values[i] = rank.values[i] + t * Math.sin(3 * i)
      moved.forward()
      return Array.from(moved.output).reduce((sum, y, i) => sum + u[i] * y, 0)
    }
    const expected = (along(1e-7) - along(-1e-7)) / 2e-7
    const found = Array.from(rank.gradient).reduce((sum, g, i) => sum + g * Math.sin(3 * i), 0)
    expect(Math.abs(found - expected)).toBeLessThan(1e-4 * Math.abs(expected))
  })
  test('takes item weights: an item without weight changes nothing for the others', () => {
    const [three, two] = [sinkhorn('sort', 0.1, 3), sinkhorn('sort', 0.1, 3)]
    three.values.set([0.2, 0.9, 0.4])
    two.values.set([0.2, 0.1, 0.4])
    for (const one of [three, two]) {
      one.weights!.set([1, 0, 1])
      one.forward()
    }
    for (let j = 0; j < 3; j++) expect(three.output[j]).toBeCloseTo(two.output[j], 12)
  })
})
