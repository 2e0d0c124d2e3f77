import { describe, expect, test } from 'vitest'
import { raggedShape, regularShape } from '../core/shape.ts'
import { planKernels } from './kernel-plan.ts'
import { engineKernels } from './kernels.ts'

const hardSort = { forward: 'hardSort', backward: 'pullHardSort', fields: { sign: 1 } }
const sort = (lengths: readonly number[], precision: 'f32' | 'f64' = 'f64') =>
  planKernels(raggedShape(lengths), precision, hardSort)!

describe('a kernel plan', () => {
  test('sorts every row by itself and hands gradients back', () => {
    const plan = sort([3, 0, 2])
    plan.values.set([3, 1, 2, 0, -1])
    plan.forward()
    expect([...plan.output]).toEqual([1, 2, 3, -1, 0])
    plan.cotangent.set([1, 2, 3, 4, 5])
    plan.backward()
    expect([...plan.gradient]).toEqual([3, 1, 2, 5, 4])
  })
  test.each(['f32', 'f64'] as const)('sorts stably, and as sort() does, rows of every length in %s', (precision) => {
    for (const n of [0, 1, 2, 31, 32, 33, 100, 2047, 2048, 5000]) {
      const plan = sort([n], precision)
      const values = Array.from({ length: n }, (_, i) => Math.fround(Math.sin(i * 12.9898) * 1e3))
      plan.values.set(values)
      plan.forward()
      expect([...plan.output]).toEqual([...values].sort((a, b) => a - b))
      plan.values.set(values.map((value) => Math.round(value / 400)))
      plan.forward()
      const order = [...plan.order]
      for (let i = 1; i < n; i++) {
        expect(plan.values[order[i - 1]]).toBeLessThanOrEqual(plan.values[order[i]])
        if (plan.values[order[i - 1]] === plan.values[order[i]]) expect(order[i - 1]).toBeLessThan(order[i])
      }
      plan.dispose()
    }
  })
  test('numbers that agree in their leading half are told apart by the rest', () => {
    for (const n of [10, 40, 3000]) {
      const plan = sort([n])
      const values = Array.from({ length: n }, (_, i) => 1e6 + ((i * 7919) % n) * 2 ** -30)
      plan.values.set(values)
      plan.forward()
      expect([...plan.output]).toEqual([...values].sort((a, b) => a - b))
    }
  })
  test('puts -0 beside 0, infinities at the ends and NaN last', () => {
    for (const precision of ['f32', 'f64'] as const) {
      const plan = sort([7], precision)
      plan.values.set([Number.NaN, 0, Number.POSITIVE_INFINITY, -0, Number.NEGATIVE_INFINITY, 1, -1])
      plan.forward()
      expect([...plan.order]).toEqual([4, 6, 1, 3, 5, 2, 0])
    }
  })
  test('gives its memory back', () => {
    const { memory } = engineKernels()!
    sort([100]).dispose()
    const before = memory.inUse()
    for (let i = 0; i < 100; i++) sort([100]).dispose()
    expect(memory.inUse()).toBe(before)
  })
  test('plans do not see each other', () => {
    const [a, b] = [sort([3]), sort([3])]
    a.values.set([3, 2, 1])
    b.values.set([6, 5, 4])
    a.forward()
    b.forward()
    expect([...a.output]).toEqual([1, 2, 3])
    expect([...b.output]).toEqual([4, 5, 6])
  })
  test('an unknown kernel is an error of ours, named', () => {
    expect(() => planKernels(regularShape(1, 1), 'f64', { ...hardSort, forward: 'nothing' })).toThrow(/nothing/)
  })
})

describe('a plan that starts from its last order', () => {
  test('sorts whatever comes next, near or far, stably', () => {
    const plan = planKernels(raggedShape([200, 50]), 'f64', hardSort, { reuseOrder: true })!
    let values = Float64Array.from({ length: 250 }, (_, i) => Math.sin(i * 12.9898))
    for (let step = 0; step < 60; step++) {
      const size = step % 10 === 9 ? 5 : 1e-3
      values = values.map((value, i) => value + size * Math.sin(i * 78.233 + step))
      if (step % 7 === 3) values = values.map((value) => Math.round(value * 4) / 4)
      plan.values.set(values)
      plan.forward()
      for (const [from, to] of [
        [0, 200],
        [200, 250],
      ]) {
        const expected = Array.from({ length: to - from }, (_, i) => i).sort(
          (a, b) => values[from + a] - values[from + b] || a - b,
        )
        expect([...plan.order.subarray(from, to)]).toEqual(expected)
      }
    }
  })
})
