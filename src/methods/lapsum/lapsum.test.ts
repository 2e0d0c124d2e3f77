import { describe, expect, test } from 'vitest'
import { apply } from '../../api/apply.ts'
import { plan } from '../../api/plan.ts'
import { randomStream } from '../../core/random.ts'
import { regularShape } from '../../core/shape.ts'
import { lapsumTopKGradients } from './method.ts'

const r = [0, 1, 3]

const run = (selector: string, x: readonly number[]): number[] => apply(selector, x).output as number[]
const runMatrix = (selector: string, x: readonly number[]): number[][] => apply(selector, x).output as number[][]
const six = (values: readonly number[]) => values.map((value) => Number(value.toFixed(6)))
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

const laplace = (v: number) => (v <= 0 ? Math.exp(v) / 2 : 1 - Math.exp(-v) / 2)
const fSum = (b: number, x: readonly number[], alpha: number) => sum(x.map((value) => laplace((b - value) / alpha)))

/** F-Sum^-1 by bisection, O(n) a step: nothing of the closed form. */
function inverse(level: number, x: readonly number[], alpha: number): number {
  let [low, high] = [Math.min(...x) - 100 * alpha, Math.max(...x) + 100 * alpha]
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2
    if (fSum(middle, x, alpha) < level) low = middle
    else high = middle
  }
  return (low + high) / 2
}

const draw = (n: number, seed: number) => {
  const random = randomStream(seed, 'lapsum')
  return Array.from({ length: n }, () => 3 * random.normal())
}

describe('LapSum on (0, 1, 3) with alpha 1', () => {
  test('selects the smallest item softly', () => {
    expect(six(run('topk:lapsum[direction=ascending]', r))).toEqual([0.676864, 0.284617, 0.038519])
  })
  test('sorts', () => {
    expect(six(run('sort:lapsum', r))).toEqual([-0.349012, 1.165154, 3.169846])
  })
  test('ranks', () => {
    expect(six(run('rank:lapsum', r))).toEqual([1.208833, 1.883728, 2.907439])
  })
  test('permutes', () => {
    expect(runMatrix('matrix:lapsum[direction=ascending]', r).map(six)).toEqual([
      [0.676864, 0.284617, 0.038519],
      [0.265278, 0.558111, 0.176611],
      [0.057857, 0.157272, 0.784871],
    ])
  })
})

describe('the closed form agrees with bisection of F-Sum', () => {
  test.each([0.05, 0.7, 4, 60])('at alpha %d', (alpha) => {
    const x = draw(12, 3)
    const sorted = run(`sort:lapsum[alpha=${alpha}]`, x)
    sorted.forEach((value, l) => {
      expect(Math.abs(value - inverse(l + 0.5, x, alpha))).toBeLessThan(1e-12 * (1 + alpha))
    })
    run(`rank:lapsum[alpha=${alpha}]`, x).forEach((rank, i) => {
      expect(rank).toBeCloseTo(fSum(x[i], x, alpha) + 0.5, 12)
    })
    for (const k of [0.2, 1, 3.7, 11.5]) {
      const b = inverse(k, x, alpha)
      run(`topk:lapsum[alpha=${alpha},k=${k},direction=ascending]`, x).forEach((p, i) => {
        expect(p).toBeCloseTo(laplace((b - x[i]) / alpha), 11)
      })
    }
  })
})

test('the mask sums to k, and rows and columns of the matrix to 1, for long rows at any alpha', () => {
  const x = draw(300, 9)
  for (const alpha of [1e-6, 0.01, 1, 100]) {
    for (const k of [0.5, 37, 299.9]) {
      expect(Math.abs(sum(run(`topk:lapsum[alpha=${alpha},k=${k}]`, x)) - k)).toBeLessThan(1e-11)
    }
    const P = runMatrix(`matrix:lapsum[alpha=${alpha}]`, x)
    for (const row of P) expect(Math.abs(sum(row) - 1)).toBeLessThan(1e-11)
    for (let j = 0; j < x.length; j++) expect(Math.abs(sum(P.map((row) => row[j])) - 1)).toBeLessThan(1e-11)
  }
})

test('an offset of a million changes no mask, not even between items a millionth apart', () => {
  const x = [0, 2 ** -20, 2 ** -19, 5 * 2 ** -20]
  const moved = x.map((value) => value + 2 ** 20)
  expect(run(`topk:lapsum[k=2,alpha=${2 ** -20}]`, moved)).toEqual(run(`topk:lapsum[k=2,alpha=${2 ** -20}]`, x))
})

describe('edges', () => {
  test('one item is sorted to itself, ranks first and is selected', () => {
    expect(run('sort:lapsum', [7])).toEqual([7])
    expect(run('rank:lapsum', [7])).toEqual([1])
    expect(run('topk:lapsum', [7])).toEqual([1])
    expect(run('topk:lapsum[k=0.25]', [7])).toEqual([0.25])
    expect(runMatrix('matrix:lapsum', [7])).toEqual([[1]])
  })
  test('k of 0, and of n or more, give constant masks without gradient', () => {
    for (const [k, value] of [
      [0, 0],
      [3, 1],
      [9, 1],
    ]) {
      const { output, gradient } = apply(`topk:lapsum[k=${k}]`, r, { cotangent: [1, 2, 3] })
      expect(output).toEqual([value, value, value])
      expect(gradient).toEqual([0, 0, 0])
    }
  })
  test('all items tied share everything', () => {
    expect(run('rank:lapsum', [2, 2, 2])).toEqual([2, 2, 2])
    for (const alpha of [0, 1]) {
      for (const p of run(`topk:lapsum[alpha=${alpha},k=2]`, [5, 5, 5])) expect(p).toBeCloseTo(2 / 3, 14)
      for (const p of runMatrix(`matrix:lapsum[alpha=${alpha}]`, [5, 5]).flat()) expect(p).toBeCloseTo(0.5, 14)
    }
  })
  test('alpha 0 is the hard operator', () => {
    expect(run('sort:lapsum[alpha=0]', [3, 1, 2])).toEqual([1, 2, 3])
    expect(run('rank:lapsum[alpha=0]', [3, 1, 1])).toEqual([3, 1.5, 1.5])
    expect(run('topk:lapsum[alpha=0,k=2]', [3, 1, 2])).toEqual([1, 0, 1])
    expect(runMatrix('matrix:lapsum[alpha=0]', [3, 1, 2])).toEqual([
      [1, 0, 0],
      [0, 0, 1],
      [0, 1, 0],
    ])
  })
  test('a gap over which every exponential underflows leaves a hard mask and finite gradients', () => {
    const { output, gradient } = apply('topk:lapsum[k=1,alpha=1e-3]', [1e6, -1e6], { cotangent: [1, -1] })
    expect(output).toEqual([1, 0])
    for (const value of gradient as number[]) expect(Math.abs(value)).toBe(0)
  })
})

test('gradients in values, k and alpha are those of finite differences', () => {
  const [x, u] = [draw(7, 21), draw(7, 22)]
  const scalar = (values: readonly number[], k: number, alpha: number) =>
    run(`topk:lapsum[k=${k},alpha=${alpha}]`, values).reduce((total, p, i) => total + u[i] * p, 0)
  const h = 1e-5
  for (const [k, alpha] of [
    [2, 0.8],
    [2.5, 3],
    [6.3, 0.2],
  ]) {
    const found = lapsumTopKGradients(x, k, alpha, u)
    expect(found.k).toBeCloseTo((scalar(x, k + h, alpha) - scalar(x, k - h, alpha)) / (2 * h), 7)
    expect(found.alpha).toBeCloseTo((scalar(x, k, alpha + h) - scalar(x, k, alpha - h)) / (2 * h), 7)
    x.forEach((value, i) => {
      const [up, down] = [h, -h].map((step) => scalar(x.with(i, value + step), k, alpha))
      expect(found.values[i]).toBeCloseTo((up - down) / (2 * h), 7)
    })
  }
  expect(lapsumTopKGradients(x, 9, 1, u)).toEqual({ values: new Float64Array(7), k: 0, alpha: 0 })
})

test('a row of 200 000 items is ranked, sorted and selected from in a moment, both passes', () => {
  const n = 200_000
  const random = randomStream(4, 'long')
  for (const selector of ['rank:lapsum', 'sort:lapsum', 'topk:lapsum[k=1000]']) {
    const soft = plan(selector, regularShape(1, n), { precision: 'f64' })
    for (let i = 0; i < n; i++) soft.values[i] = random.normal()
    for (let i = 0; i < n; i++) soft.cotangent[i] = random.normal()
    const start = performance.now()
    soft.forward()
    soft.backward()
    expect(performance.now() - start).toBeLessThan(2000)
  }
})
