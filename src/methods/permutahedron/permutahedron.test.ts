import { describe, expect, test } from 'vitest'
import { apply } from '../../api/apply.ts'
import { softRank, softSort } from '../../api/convenience.ts'
import { plan } from '../../api/plan.ts'
import { randomStream } from '../../core/random.ts'
import { regularShape } from '../../core/shape.ts'

const close = (found: unknown, expected: readonly number[]) => {
  expected.forEach((value, i) => {
    expect((found as number[])[i]).toBeCloseTo(value, 12)
  })
}

describe('the examples of the fast-soft-sort README', () => {
  const theta = [5, 1, 2]
  test('soft sort', () => {
    close(softSort(theta, { strength: 1 }), [5 / 3, 8 / 3, 11 / 3])
    expect(softSort(theta, { strength: 0.1 })).toEqual([1, 2, 5])
  })
  test('soft rank', () => {
    expect(softRank(theta, { strength: 2 })).toEqual([3, 1.25, 1.75])
    expect(softRank(theta, { strength: 1 })).toEqual([3, 1, 2])
  })
})

test('descending reverses sorted values and ranks', () => {
  const theta = [0.3, -1, 2, 0.5]
  for (const regularization of ['l2', 'kl']) {
    const [up, down] = [
      softSort(theta, { regularization }),
      softSort(theta, { regularization, direction: 'descending' }),
    ]
    expect(
      softSort(
        theta.map((x) => -x),
        { regularization, direction: 'descending' },
      ),
    ).toEqual(up.map((x) => -x))
    expect(down[0]).toBeGreaterThan(down[3])
    expect(softRank(theta, { regularization, direction: 'descending' })).toEqual(
      softRank(
        theta.map((x) => -x),
        { regularization },
      ),
    )
  }
})

/** x, strength 2, cotangent from a float64 automatic differentiation of the definition; fast-soft-sort differs. */
test('the gradient of the entropic soft sort is the one of the definition', () => {
  const { gradient } = apply('sort:permutahedron[regularization=kl,strength=2]', [0.5, -1, 2, 0.25], {
    cotangent: [1, -2, 3, 0.5],
  })
  const expected = [0.35771, 1.60316, 0.07982, 0.45931]
  expected.forEach((value, i) => {
    expect((gradient as number[])[i]).toBeCloseTo(value, 5)
  })
})

test('very soft ranks are all the mean rank and very soft sorted values all the mean value', () => {
  close(softRank([5, 1, 2], { strength: 1e15 }), [2, 2, 2])
  close(softSort([5, 1, 3], { strength: 1e15 }), [3, 3, 3])
})

test('ranks stay exact in f32 at a tiny strength', () => {
  const n = 1000
  const random = randomStream(3, 'tiny')
  const soft = plan('rank:permutahedron[strength=1e-8]', regularShape(1, n), { precision: 'f32' })
  soft.values.set(Float64Array.from({ length: n }, () => random.uniform()))
  soft.forward()
  const order = [...soft.values.keys()].sort((i, j) => soft.values[i] - soft.values[j])
  const wrong = order.filter((item, position) => Math.abs(soft.output[item] - (position + 1)) > 1e-3)
  expect(wrong).toEqual([])
})

test('an offset common to all values costs no accuracy', () => {
  const x = [0.25, -1.5, 2, 0.5, 0.5]
  for (const regularization of ['l2', 'kl']) {
    const near = softRank(x, { regularization, strength: 0.5 })
    expect(
      softRank(
        x.map((value) => value + 2 ** 40),
        { regularization, strength: 0.5 },
      ),
    ).toEqual(near)
  }
})

test('entropic ranks and sorted values stay finite far beyond the range of exp', () => {
  for (const operator of ['rank', 'sort']) {
    for (const scale of [1e3, 1e30]) {
      for (const strength of [1e-6, 1, 1e6]) {
        const x = [0.1, -3, 2, 2, 0.5].map((value) => value * scale)
        const { output, gradient } = apply(`${operator}:permutahedron[regularization=kl,strength=${strength}]`, x, {
          cotangent: [1, -2, 0.5, 3, -1],
        })
        expect([output, gradient].flat().every(Number.isFinite)).toBe(true)
      }
    }
  }
})

test('at strength 0 ties share their mean rank and both regularisations agree', () => {
  for (const regularization of ['l2', 'kl']) {
    const options = { regularization, strength: 0 }
    expect(softRank([2, 1, 2, 7], options)).toEqual([2.5, 1, 2.5, 4])
    expect(softSort([2, 1, 2, 7], options)).toEqual([1, 2, 2, 7])
    const { gradient } = apply(`rank:permutahedron[strength=0,regularization=${regularization}]`, [2, 1, 2, 7], {
      cotangent: [1, 2, 3, 4],
    })
    expect(gradient).toEqual([0, 0, 0, 0])
  }
})
