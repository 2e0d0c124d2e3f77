import { describe, expect, test } from 'vitest'
import { apply } from '../../api/apply.ts'
import { slopeAtZero } from '../../check/slope.ts'
import { randomStream } from '../../core/random.ts'

const x = [-5, -2, 3, 1]

const run = (selector: string, values: readonly number[]): number[] => apply(selector, values).output as number[]
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

const draw = (n: number, seed: number) => {
  const random = randomStream(seed, 'sparse')
  return Array.from({ length: n }, () => random.normal())
}

/** The mask by bisection for theta, O(n) a step. */
function oracle(values: readonly number[], k: number, lambda: number, p: string): number[] {
  const e = p === '2' ? 1 : 3
  const at = (theta: number) => values.map((v) => Math.min(1, Math.max(0, (v - theta) / lambda)) ** e)
  let [low, high] = [Math.min(...values) - lambda, Math.max(...values)]
  for (let step = 0; step < 200; step++) {
    const theta = (low + high) / 2
    if (sum(at(theta)) > k) low = theta
    else high = theta
  }
  return at((low + high) / 2)
}

/**
 * Pool adjacent violators for the isotonic dual min over decreasing v of sum |s_i - v_i|^(e+1) / (e+1) + lambda^e w v, the
 * textbook way: blocks are lists of positions, and the value of a block is found by bisection.
 */
function pav(values: readonly number[], k: number, lambda: number, p: string): number[] {
  const e = p === '2' ? 1 : 3
  const s = values.toSorted((a, b) => b - a)
  const value = (block: readonly number[]) => {
    const mass = block.filter((i) => i < k).length
    let [low, high] = [Math.min(...block.map((i) => s[i])) - lambda, s[block[0]]]
    for (let step = 0; step < 200; step++) {
      const v = (low + high) / 2
      if (sum(block.map((i) => ((s[i] - v) / lambda) ** e)) > mass) low = v
      else high = v
    }
    return (low + high) / 2
  }
  const blocks: number[][] = []
  for (let i = 0; i < s.length; i++) {
    blocks.push([i])
    while (blocks.length > 1 && value(blocks.at(-2)!) <= value(blocks.at(-1)!))
      blocks.push([...blocks.splice(-2).flat()])
  }
  const mask = blocks.flatMap((block) => block.map((i) => ((s[i] - value(block)) / lambda) ** e))
  return values.map((v) => mask[s.indexOf(v)])
}

describe('on (-5, -2, 3, 1) with k 2 and lambda 1e-2', () => {
  test.each(['2', '4/3'])('p %s selects exactly', (p) => {
    expect(run(`topk:sparse[k=2,p=${p}]`, x)).toEqual([0, 0, 1, 1])
    expect(run(`topk:sparse[k=2,p=${p},form=values]`, x)).toEqual([-0, -0, 3, 1])
    expect(run(`topk:sparse[k=2,p=${p},form=magnitude]`, x)).toEqual([-5, -0, 3, 0])
    expect(run(`topk:sparse[k=2,p=${p},direction=ascending]`, x)).toEqual([1, 1, 0, 0])
  })
  test('the released values are those of p 4/3 and of p 2 with the threshold rounded to f32', () => {
    const base = (3 - Math.fround(3 - 0.01)) / 0.01
    expect(base ** 3).toBeCloseTo(0.99999714, 8)
    expect(base).toBeCloseTo(0.99999905, 8)
  })
})

describe.each(['2', '4/3'])('p %s', (p) => {
  test('the mask is that of bisection for the threshold', () => {
    const values = draw(15, 1)
    for (const lambda of [0.05, 0.6, 4, 50]) {
      for (const k of [0.3, 1, 4, 7.5, 14, 14.9]) {
        const expected = oracle(values, k, lambda, p)
        run(`topk:sparse[k=${k},lambda=${lambda},p=${p}]`, values).forEach((m, i) => {
          expect(m).toBeCloseTo(expected[i], 10)
        })
      }
    }
  })

  test('the mask is that of pool adjacent violators on the isotonic dual', () => {
    const values = draw(9, 2)
    for (const lambda of [0.3, 2, 9]) {
      for (const k of [1, 4, 8]) {
        const expected = pav(values, k, lambda, p)
        run(`topk:sparse[k=${k},lambda=${lambda},p=${p}]`, values).forEach((m, i) => {
          expect(m).toBeCloseTo(expected[i], 9)
        })
      }
    }
  })

  test('the mask sums to k and stays in [0, 1], also with ties', () => {
    const random = randomStream(8, 'tied')
    const values = Array.from({ length: 200 }, () => random.integer(30) / 7)
    for (const lambda of [0, 1e-3, 0.5, 30]) {
      for (const k of [0.7, 50, 133.3]) {
        const mask = run(`topk:sparse[k=${k},lambda=${lambda},p=${p}]`, values)
        expect(Math.abs(sum(mask) - k)).toBeLessThan(1e-11)
        expect(mask.every((m) => m >= 0 && m <= 1)).toBe(true)
      }
    }
  })

  test.each(['mask', 'values', 'magnitude'])(
    'gradients of form %s are finite differences where many items pool',
    (form) => {
      const [values, u] = [draw(10, 5), draw(10, 6)]
      for (const k of [3, 4.5]) {
        const selector = `topk:sparse[k=${k},lambda=2,p=${p},form=${form}]`
        const gradient = apply(selector, values, { cotangent: u }).gradient as number[]
        values.forEach((value, i) => {
          const scalar = (t: number) => sum(run(selector, values.with(i, value + t)).map((m, j) => m * u[j]))
          const slope = slopeAtZero(scalar, 1e-4, 1e-7)
          if (slope.kind === 'smooth') expect(Math.abs(gradient[i] - slope.value)).toBeLessThan(1e-6 + 3 * slope.error)
        })
      }
    },
  )
})

describe('edges', () => {
  test('k of 0, and of n or more, give constant masks without gradient', () => {
    for (const [k, value] of [
      [0, 0],
      [4, 1],
      [9, 1],
    ]) {
      const { output, gradient } = apply(`topk:sparse[k=${k}]`, x, { cotangent: [1, 2, 3, 4] })
      expect(output).toEqual([value, value, value, value])
      expect((gradient as number[]).every((g) => Math.abs(g) === 0)).toBe(true)
    }
    expect(run('topk:sparse', [7])).toEqual([1])
  })
  test('all items tied share alike at any lambda', () => {
    for (const lambda of [0, 1e-2, 1e10]) {
      for (const m of run(`topk:sparse[k=1,lambda=${lambda}]`, [2, 2, 2])) expect(m).toBeCloseTo(1 / 3, 14)
    }
  })
  test('a huge lambda spreads k evenly', () => {
    for (const m of run('topk:sparse[k=1,lambda=1e12]', x)) expect(m).toBeCloseTo(1 / 4, 10)
  })
  test('the gap of lambda is the last one at which the mask is hard', () => {
    expect(run('topk:sparse[k=2,lambda=3]', x)).toEqual([0, 0, 1, 1])
    expect(run('topk:sparse[k=2,lambda=3.01,p=2]', x)[3]).toBeLessThan(1)
  })
})
