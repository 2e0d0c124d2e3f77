import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomStream } from '../../core/random.ts'
import { argsort, argsortWork } from './argsort.ts'

function sortedPositions(x: Float64Array, descending = false): number[] {
  const order = new Uint32Array(x.length)
  argsort(x, order, descending, argsortWork(x.length))
  return [...order]
}

/** Array.prototype.sort is stable and knows nothing of runs, bits or merging. */
function expectedPositions(x: Float64Array, descending = false): number[] {
  const sign = descending ? -1 : 1
  return [...x.keys()].sort((i, j) => sign * (x[i] - x[j]))
}

const inputs: Record<string, (n: number) => Float64Array> = {
  'normal numbers': (n) => fill(n, (random) => random.normal()),
  'few distinct numbers': (n) => fill(n, (random) => random.integer(5) - 2),
  'numbers that differ after their leading 32 bits': (n) => fill(n, (random) => 1e6 + random.integer(50) * 1e-9),
  'numbers of all magnitudes': (n) => fill(n, (random) => random.normal() * 10 ** (random.integer(600) - 300)),
  'zeros of both signs': (n) => fill(n, (random) => [0, -0, 1, -1][random.integer(4)]),
}

function fill(n: number, draw: (random: ReturnType<typeof randomStream>) => number): Float64Array {
  const random = randomStream(n, 'argsort')
  return Float64Array.from({ length: n }, () => draw(random))
}

for (const [name, make] of Object.entries(inputs)) {
  test(`argsort orders ${name} stably at every length around its thresholds`, () => {
    for (const n of [0, 1, 2, 7, 8, 9, 16, 17, 47, 48, 49, 100, 257, 1000, 5001]) {
      const x = make(n)
      expect(sortedPositions(x)).toEqual(expectedPositions(x))
      expect(sortedPositions(x, true)).toEqual(expectedPositions(x, true))
    }
  })
}

test('argsort agrees with a stable comparison sort on any finite numbers', () => {
  const numbers = fc.float64Array({ noNaN: true, min: -1e300, max: 1e300, maxLength: 200 })
  fc.assert(
    fc.property(numbers, fc.boolean(), (x, descending) => {
      expect(sortedPositions(x, descending)).toEqual(expectedPositions(x, descending))
    }),
  )
})

test('argsort does not change its input', () => {
  const x = Float64Array.of(3, -0, 1)
  sortedPositions(x)
  expect([...x]).toEqual([3, -0, 1])
})
