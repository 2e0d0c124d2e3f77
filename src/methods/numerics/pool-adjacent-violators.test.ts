import { expect, test } from 'vitest'
import { type Random, randomStream } from '../../core/random.ts'
import { type Blocks, emptyBlocks, poolKl, poolL2 } from './pool-adjacent-violators.ts'

type BlockValue = (start: number, end: number) => number

/**
 * Decreasing isotonic regression without pooling anything: v_i = max over k >= i of min over j <= i of the value of the
 * block j..k, the min-max formula. O(n^3) with the block values.
 */
function minMax(n: number, value: BlockValue): number[] {
  return Array.from({ length: n }, (_, i) => {
    let best = Number.NEGATIVE_INFINITY
    for (let k = i; k < n; k++) {
      let least = Number.POSITIVE_INFINITY
      for (let j = 0; j <= i; j++) least = Math.min(least, value(j, k + 1))
      best = Math.max(best, least)
    }
    return best
  })
}

function valuesOfBlocks(n: number, blocks: Blocks, value: BlockValue): number[] {
  const v: number[] = []
  for (let k = 0; k < blocks.count; k++) {
    const [start, end] = [blocks.starts[k], blocks.starts[k + 1]]
    for (let i = start; i < end; i++) v.push(value(start, end))
  }
  expect(v).toHaveLength(n)
  return v
}

const mean = (x: Float64Array, start: number, end: number): number =>
  x.subarray(start, end).reduce((sum, value) => sum + value, 0) / (end - start)

const logSumExp = (x: Float64Array, scale: number, start: number, end: number): number => {
  const max = x[start] / scale
  return max + Math.log(x.subarray(start, end).reduce((sum, value) => sum + Math.exp(value / scale - max), 0))
}

function descending(n: number, draw: () => number): Float64Array {
  return Float64Array.from({ length: n }, draw).sort().reverse()
}

const draws: Record<string, (random: Random) => number> = {
  normal: (random) => random.normal(),
  tied: (random) => random.integer(4),
  wide: (random) => 30 * random.normal(),
}

for (const [name, draw] of Object.entries(draws)) {
  test(`blocks of the Euclidean projection have the min-max values on ${name} input`, () => {
    const random = randomStream(1, name)
    for (let n = 0; n <= 14; n++) {
      for (const eps of [0.1, 0.7, 3]) {
        const [a, b] = [descending(n, () => draw(random)), descending(n, () => random.normal())]
        const value: BlockValue = (start, end) => mean(a, start, end) / eps - mean(b, start, end)
        const blocks = emptyBlocks(n)
        poolL2(a, b, eps, blocks)
        expectClose(valuesOfBlocks(n, blocks, value), minMax(n, value))
      }
    }
  })

  test(`blocks of the entropic projection have the min-max values on ${name} input`, () => {
    const random = randomStream(2, name)
    for (let n = 0; n <= 14; n++) {
      for (const eps of [0.1, 0.7, 3]) {
        const [a, b] = [descending(n, () => draw(random)), descending(n, () => random.normal())]
        const value: BlockValue = (start, end) => logSumExp(a, eps, start, end) - logSumExp(b, 1, start, end)
        const blocks = emptyBlocks(n)
        poolKl(a, b, eps, blocks)
        expectClose(valuesOfBlocks(n, blocks, value), minMax(n, value))
      }
    }
  })
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  found.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(1e-10 * Math.max(1, Math.abs(expected[i])))
  })
}

test('at eps 0 exactly the ties of a are pooled', () => {
  const blocks = emptyBlocks(5)
  poolL2(Float64Array.of(3, 3, 1 + 2 ** -52, 1, 1), Float64Array.of(5, 4, 3, 2, 1), 0, blocks)
  expect([...blocks.starts.subarray(0, blocks.count + 1)]).toEqual([0, 2, 3, 5])
})
