import { describe, expect, test } from 'vitest'
import { apply } from '../../api/apply.ts'
import { randomStream } from '../../core/random.ts'

const run = (selector: string, x: readonly number[]): number[] => apply(selector, x).output as number[]
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

const draw = (n: number, seed: number) => {
  const random = randomStream(seed, 'soft')
  return Array.from({ length: n }, () => random.normal())
}

/** Sinkhorn iterations on the n x 2 transport problem, as published: cost (x_i - y_j)^2, y = (0, 1). */
function sinkhorn(x: readonly number[], k: number, epsilon: number, iterations: number): number[] {
  const n = x.length
  const kernel = x.map((v) => [Math.exp(-(v ** 2) / epsilon), Math.exp(-((v - 1) ** 2) / epsilon)])
  const mass = [(n - k) / n, k / n]
  let v = [1, 1]
  let u = x.map(() => 1)
  for (let t = 0; t < iterations; t++) {
    u = kernel.map((row) => 1 / n / (row[0] * v[0] + row[1] * v[1]))
    v = mass.map((m, j) => m / sum(kernel.map((row, i) => row[j] * u[i])))
  }
  return x.map((_, i) => n * u[i] * kernel[i][1] * v[1])
}

describe('the mask', () => {
  test('is what Sinkhorn iterations tend to', () => {
    const x = draw(8, 1).map((v) => v / 2)
    for (const [k, epsilon] of [
      [1, 1],
      [3, 0.5],
      [2.5, 2],
    ]) {
      const expected = sinkhorn(x, k, epsilon, 20_000)
      run(`topk:soft[k=${k},epsilon=${epsilon}]`, x).forEach((m, i) => {
        expect(m).toBeCloseTo(expected[i], 11)
      })
    }
  })

  test('of two items and k 1 is the sigmoid of their difference over epsilon', () => {
    for (const difference of [0.01, 0.3, 2]) {
      const expected = 1 / (1 + Math.exp(-difference / 0.1))
      expect(run('topk:soft', [5 + difference, 5])[0]).toBeCloseTo(expected, 14)
    }
  })

  test('sums to k for long rows at any epsilon, with ties', () => {
    const random = randomStream(8, 'tied')
    const x = Array.from({ length: 300 }, () => random.integer(100) / 7)
    for (const epsilon of [0, 1e-6, 0.01, 1, 1e3]) {
      for (const k of [1e-3, 0.5, 37, 299.9]) {
        expect(Math.abs(sum(run(`topk:soft[k=${k},epsilon=${epsilon}]`, x)) - k)).toBeLessThan(1e-11)
      }
    }
  })

  test('of the largest k and of the smallest n - k sum to 1', () => {
    const x = draw(9, 3)
    const rest = run('topk:soft[k=5.5,epsilon=0.7,direction=ascending]', x)
    run('topk:soft[k=3.5,epsilon=0.7]', x).forEach((m, i) => {
      expect(m + rest[i]).toBeCloseTo(1, 13)
    })
  })

  test('of a whole k has a threshold half way between items however far apart', () => {
    const { output, gradient } = apply('topk:soft[k=1,epsilon=1e-3]', [1e6, -1e6, -3e6], { cotangent: [1, -1, 2] })
    expect(output).toEqual([1, 0, 0])
    expect((gradient as number[]).every((g) => Math.abs(g) === 0)).toBe(true)
  })

  test('keeps its smallest entries to full relative precision', () => {
    // Two items 80 epsilon apart: b is in the middle, the tail e^-80.
    const [, tail] = run('topk:soft[k=1,epsilon=0.1]', [8, 0])
    expect(tail / Math.exp(-80)).toBeCloseTo(1, 12)
  })
})

test('gradients are those of finite differences', () => {
  const [x, u] = [draw(7, 21), draw(7, 22)]
  const h = 1e-5
  for (const selector of ['topk:soft[k=2,epsilon=1]', 'topk:soft[k=4.3,epsilon=0.5]', 'topk:soft[k=1,epsilon=6]']) {
    const gradient = apply(selector, x, { cotangent: u }).gradient as number[]
    const scalar = (values: readonly number[]) => sum(run(selector, values).map((m, i) => m * u[i]))
    x.forEach((value, i) => {
      const [up, down] = [h, -h].map((step) => scalar(x.with(i, value + step)))
      expect(gradient[i]).toBeCloseTo((up - down) / (2 * h), 7)
    })
  }
})

describe('edges', () => {
  test('k of 0, and of n or more, give constant masks without gradient', () => {
    for (const [k, value] of [
      [0, 0],
      [3, 1],
      [9, 1],
    ]) {
      const { output, gradient } = apply(`topk:soft[k=${k}]`, [3, 1, 2], { cotangent: [1, 2, 3] })
      expect(output).toEqual([value, value, value])
      expect(gradient).toEqual([0, 0, 0])
    }
    expect(run('topk:soft', [7])).toEqual([1])
    expect(run('topk:soft[k=0.25]', [7])).toEqual([0.25])
  })
  test('epsilon 0 is the hard operator, and ties at the threshold share', () => {
    expect(run('topk:soft[k=2,epsilon=0]', [3, 1, 2])).toEqual([1, 0, 1])
    for (const m of run('topk:soft[k=2,epsilon=0]', [3, 1, 1]).slice(1)) expect(m).toBeCloseTo(0.5, 14)
  })
})
