import { describe, expect, test } from 'vitest'
import { apply } from '../../api/apply.ts'
import { plan, resolveOperator } from '../../api/plan.ts'
import { slopeAtZero } from '../../check/slope.ts'
import { promisesOf } from '../../core/method.ts'
import { randomStream } from '../../core/random.ts'
import { regularShape } from '../../core/shape.ts'

interface Run {
  readonly output: number[]
  readonly gradient: number[]
  readonly residual: number
}

function run(selector: string, x: readonly number[], weights?: readonly number[], cotangent?: readonly number[]): Run {
  const soft = plan(selector, regularShape(1, x.length), { precision: 'f64' })
  soft.values.set(x)
  if (weights) soft.weights!.set(weights)
  if (cotangent) soft.cotangent.set(cotangent)
  soft.forward()
  soft.backward()
  return { output: [...soft.output], gradient: [...soft.gradient], residual: soft.diagnostics!.residual[0] }
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
const six = (values: readonly number[]) => values.map((value) => Number(value.toFixed(6)))

const draw = (n: number, seed: number) => {
  const random = randomStream(seed, 'sinkhorn')
  return Array.from({ length: n }, () => random.normal())
}

function expectClose(found: readonly number[], expected: readonly number[], digits: number): void {
  expect(found).toHaveLength(expected.length)
  found.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], digits)
  })
}

/** Plain Sinkhorn scaling of the kernel, rows = items; nothing in logarithms. */
function scaling(x: readonly number[], a: readonly number[], epsilon: number, cost: string): number[][] {
  const n = x.length
  const K = x.map((value) =>
    x.map((_, j) => {
      const distance = Math.abs(j / (n - 1) - value)
      return Math.exp(-(cost === 'square' ? distance ** 2 : distance) / epsilon)
    }),
  )
  let v = x.map(() => 1)
  let u = v
  for (let t = 0; t < 20_000; t++) {
    u = K.map((row, i) => a[i] / sum(row.map((k, j) => k * v[j])))
    v = v.map((_, j) => 1 / n / sum(K.map((row, i) => row[j] * u[i])))
  }
  return K.map((row, i) => row.map((k, j) => u[i] * k * v[j]))
}

describe('on (.9, .1, .5)', () => {
  const x = [0.9, 0.1, 0.5]
  test('epsilon .1', () => {
    expect(six(run('rank:sinkhorn[epsilon=0.1]', x).output)).toEqual([2.887136, 1.112864, 2])
    expect(six(run('sort:sinkhorn[epsilon=0.1]', x).output)).toEqual([0.145146, 0.5, 0.854854])
  })
  test('epsilon .01', () => {
    expectClose(run('rank:sinkhorn', x).output, [3, 1, 2], 5)
    expectClose(run('sort:sinkhorn', x).output, [0.1, 0.5, 0.9], 5)
  })
})

describe.each(['square', 'absolute'])('%s cost', (cost) => {
  const x = [0.7, -0.2, 0.4, 0.45, 1.1]
  const weights = [1, 3, 0.5, 2, 1.5]
  const a = weights.map((w) => w / sum(weights))
  const options = `[epsilon=0.1,cost=${cost},direction=ascending]`

  test('all operators are those of the plan that plain scaling tends to, weights included', () => {
    const P = scaling(x, a, 0.1, cost)
    const ranks = P.map((row, i) => sum(row.map((p, j) => (p * (j + 1)) / a[i])))
    const sorted = x.map((_, j) => 5 * sum(P.map((row, i) => row[j] * x[i])))
    const matrix = x.flatMap((_, j) => P.map((row) => 5 * row[j]))
    expectClose(run(`rank:sinkhorn${options}`, x, weights).output, ranks, 11)
    expectClose(run(`sort:sinkhorn${options}`, x, weights).output, sorted, 11)
    expectClose(run(`matrix:sinkhorn${options}`, x, weights).output, matrix, 11)
  })

  test.each(['sort', 'rank', 'matrix'])('gradients of %s with weights are finite differences', (operator) => {
    for (const squash of ['none', 'sigmoid']) {
      const selector = `${operator}:sinkhorn[epsilon=0.05,cost=${cost},squash=${squash}]`
      const u = draw(operator === 'matrix' ? 25 : 5, 3)
      const { gradient } = run(selector, x, weights, u)
      x.forEach((value, i) => {
        const scalar = (t: number) => sum(run(selector, x.with(i, value + t), weights).output.map((y, j) => y * u[j]))
        const slope = slopeAtZero(scalar, 1e-4, 1e-6)
        expect(slope.kind).toBe('smooth')
        if (slope.kind === 'smooth') expect(Math.abs(gradient[i] - slope.value)).toBeLessThan(1e-6 + 3 * slope.error)
      })
    }
  })
})

describe('weights', () => {
  test('count by their share: all alike are none', () => {
    const x = draw(6, 4)
    const weighted = run('rank:sinkhorn', x, [7, 7, 7, 7, 7, 7]).output
    expectClose(weighted, run('rank:sinkhorn', x).output, 11)
    expectClose(run('rank:sinkhorn', x, [0, 0, 0, 0, 0, 0]).output, weighted, 11)
  })
  test('a weightless item has a rank and moves nothing', () => {
    const weights = [1, 0, 2, 1]
    for (const squash of ['none', 'sigmoid']) {
      const selector = `rank:sinkhorn[epsilon=0.1,squash=${squash}]`
      const [low, high] = [-9, 0.3].map((value) => run(selector, [0.2, value, 0.6, 0.9], weights, [1, 0, -1, 2]))
      for (const i of [0, 2, 3]) expect(high.output[i]).toBeCloseTo(low.output[i], 11)
      expect(high.output[1]).toBeGreaterThan(low.output[1])
      expect(high.gradient[1]).toBe(0)
    }
    const P = run('matrix:sinkhorn', [0.2, 5, 0.6, 0.9], weights).output
    expect([0, 1, 2, 3].map((j) => P[j * 4 + 1])).toEqual([0, 0, 0, 0])
  })
  // Its rank hangs on the dual, which hangs on all other values: a gradient that is easily left out.
  test.each([
    ['absolute', 'none'],
    ['square', 'none'],
    ['absolute', 'sigmoid'],
  ])('of 0 leave the gradient of a rank what it is, cost %s, squash %s', (cost, squash) => {
    const values = [0.88, -0.99, 0.06, 1.46, 0.08, -0.12]
    const weights = [2.4, 0.5, 0, 4.3, 0, 2.1]
    const u = [0.3, -1.2, 0.8, 0.1, -2, 0.6]
    const selector = `rank:sinkhorn[epsilon=0.1,cost=${cost},squash=${squash}]`
    for (const engine of ['fast', 'reference'] as const) {
      const at = (row: number[]) =>
        (apply(selector, row, { weights, engine }).output as number[]).reduce((sum, y, i) => sum + y * u[i], 0)
      const gradient = apply(selector, values, { weights, cotangent: u, engine }).gradient as number[]
      for (const [i, g] of gradient.entries()) {
        const moved = (h: number) => at(values.map((x, j) => (j === i ? x + h : x)))
        expect(g).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 6)
      }
    }
  })
  test('columns of the matrix hold n times the shares of the items', () => {
    const P = run('matrix:sinkhorn[epsilon=0.1]', draw(4, 6), [1, 2, 3, 4]).output
    const columns = [0, 1, 2, 3].map((i) => sum([0, 1, 2, 3].map((j) => P[j * 4 + i])))
    expectClose(columns, [0.4, 0.8, 1.2, 1.6], 12)
  })
})

describe('the iteration', () => {
  test('arrives for values of any size, tied or mixed, at any epsilon', () => {
    const random = randomStream(9, 'sizes')
    const size: (() => number)[] = [
      () => random.normal(),
      () => 1000 * random.integer(4),
      () => random.normal() * 10 ** (6 * random.normal()),
    ]
    for (const value of size) {
      for (const epsilon of [1e-4, 1e-2, 1]) {
        for (const cost of ['square', 'absolute']) {
          const x = Array.from({ length: 12 }, value)
          expect(run(`sort:sinkhorn[epsilon=${epsilon},cost=${cost}]`, x).residual).toBeLessThan(1e-9)
        }
      }
    }
  })
  test('tells by the residual how far the marginals are off when it may not go on', () => {
    const n = 60
    const x = draw(n, 5)
    const { output, residual } = run('matrix:sinkhorn[iterations=0,epsilon=1e-5,cost=absolute]', x)
    const shares = x.map((_, i) => sum(x.map((_, j) => output[j * n + i])) / n)
    expect(residual).toBeGreaterThan(1e-6)
    expect(sum(shares.map((share) => Math.abs(share - 1 / n)))).toBeCloseTo(residual, 12)
  })
})

describe('logarithms of the matrix, in a top-k cross entropy', () => {
  // 2700 digits: Newton's method on the dual from the hard one, differences of step 1e-15 (mpmath).
  test.each([
    {
      what: 'clusters that weaker flows join than run within them',
      x: [
        -2.1156396702986724, 1.3566077119431916, -0.6312789589700984, -0.6656891199331056, -1.0968180825668064,
        1.2912884140592649, 1.964797076098002,
      ],
      labels: [4, 2, 2, 1, 4, 1, 1],
      loss: 1047.1102691010954,
      gradient: [
        -183.33333262969603, 143.96673964485512, 3.0857596564138454, -36.42087805080118, -116.66488230924975,
        89.36948475712954, 99.99710893134844,
      ],
    },
    {
      what: 'flows less than any number',
      x: [15.25863263592555, -13.819231376614864, 0.7588280129416146],
      labels: [0, 3, 4],
      loss: 3636.6893707318654,
      gradient: [100, -150, 50],
    },
    {
      what: 'two items',
      x: [22.75161023336675, -0.38853863397259164],
      labels: [4, 3],
      loss: 2314.0148867339344,
      gradient: [100, -100],
    },
  ])('are exact, and so is their gradient: $what', ({ x, labels, loss, gradient }) => {
    const found = apply('loss:topk-cross-entropy[operator=sinkhorn,reduction=sum]', x, { labels, cotangent: [1] })
    expectClose([found.output].flat() as number[], [loss], 9)
    expectClose([found.gradient!].flat() as number[], gradient, 9)
  })
  test('have no gradient in items that lie beyond all targets: there their costs are alike', () => {
    const x = [-9.274379926363617, 9.493141085817706, -1.4514714215503273, 14.456736653035737, -1.067418188336362]
    const selector = 'loss:topk-cross-entropy[operator=sinkhorn[cost=absolute]]'
    const { gradient } = apply(selector, x, { labels: [3, 1, 4, 3, 2], cotangent: [1] })
    expectClose([gradient!].flat() as number[], [0, 0, 0, 0, 0], 9)
  })
})

describe('edges', () => {
  test('one item is itself', () => {
    expect(run('sort:sinkhorn', [7]).output).toEqual([7])
    expect(run('rank:sinkhorn', [7]).output).toEqual([1])
    expect(run('matrix:sinkhorn[squash=sigmoid]', [7]).output).toEqual([1])
    expect(apply('rank:sinkhorn', []).output).toEqual([])
  })
  test('tied items share', () => {
    expectClose(run('rank:sinkhorn', [2, 2, 5]).output, [1.5, 1.5, 3], 12)
    expectClose(run('rank:sinkhorn[squash=sigmoid]', [2, 2, 2]).output, [2, 2, 2], 12)
  })
  test('epsilon 0 matches in order, by weight', () => {
    expect(run('sort:sinkhorn[epsilon=0]', [3, 1, 2]).output).toEqual([1, 2, 3])
    expect(run('rank:sinkhorn[epsilon=0,direction=descending]', [3, 1, 2]).output).toEqual([1, 3, 2])
    // The first item has half of the mass: positions 1 and 2. The other three share the last two positions.
    expectClose(run('rank:sinkhorn[epsilon=0]', [1, 2, 3, 4], [4, 1, 1, 2]).output, [1.5, 3, 3, 4], 12)
    expectClose(run('rank:sinkhorn[epsilon=1e-6]', [1, 2, 3, 4], [4, 1, 1, 2]).output, [1.5, 3, 3, 4], 9)
  })
  test('squashed values know neither unit nor offset', () => {
    const x = draw(6, 8)
    const ranks = run('rank:sinkhorn[squash=sigmoid]', x).output
    const moved = x.map((value) => 1000 * value + 77)
    expectClose(run('rank:sinkhorn[squash=sigmoid]', moved).output, ranks, 9)
  })
})

test('sorted values are not monotone in the items, and not promised to be', () => {
  const { operator, ref } = resolveOperator('sort:sinkhorn')
  expect(promisesOf(operator, ref.params).monotone).toBe(false)
  const falls = Array.from({ length: 20 }, (_, seed) =>
    run('sort:sinkhorn', draw(6, seed), undefined, [1, 0, 0, 0, 0, 0]),
  )
  expect(Math.min(...falls.flatMap(({ gradient }) => gradient))).toBeLessThan(-0.01)
})
