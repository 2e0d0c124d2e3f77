import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findGroup } from './found.ts'
import { openPeer, type PeerOperation, type PeerSession } from './session.ts'

const python = process.env.RANK_BENCH_PYTHON
const search = python ? (await findGroup('torch', { python })).peers.get('torchsort') : undefined
if (search?.status !== 'found') {
  const why = search ? `${python} lacks it: ${search.lacks}` : 'RANK_BENCH_PYTHON is not set'
  console.log(`skipped: live torchsort tests, because ${why}`)
}

const operation: PeerOperation = {
  operator: 'rank',
  method: 'permutahedron',
  params: { regularization: 'l2', strength: 2, direction: 'ascending' },
  precision: 'f64',
  batch: 1,
  n: 3,
}
const theta = Float64Array.of(5, 1, 2)
const cotangent = Float64Array.of(1, -2, 0.5)

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length)
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 12)
}

describe.skipIf(search?.status !== 'found')('torchsort, live', () => {
  let session: PeerSession
  beforeAll(async () => {
    session = await openPeer({
      python: search!.status === 'found' ? search!.python : '',
      adapter: 'src/systems/python/adapters/torchsort.py',
      threads: 1,
      timeoutMs: 60_000,
    })
  })
  afterAll(() => session.close())

  test('ranks and sorts the worked example', async () => {
    expectClose((await session.evaluate(operation, theta, cotangent)).output, [3, 1.25, 1.75])
    const sort = { ...operation, operator: 'sort', params: { ...operation.params, strength: 1 } } as const
    expectClose((await session.evaluate(sort, theta, cotangent)).output, [5 / 3, 8 / 3, 11 / 3])
  })
  test('answers the gradient for the cotangent given', async () => {
    // Items 1 and 2 share a block: its members get half the difference of their cotangents over the strength.
    expectClose((await session.evaluate(operation, theta, cotangent)).gradient!, [0, -0.625, 0.625])
  })
  test('sorts plainly as a floor', async () => {
    const torch = await openPeer({
      python: search!.status === 'found' ? search!.python : '',
      adapter: 'src/systems/python/adapters/plain_torch.py',
      threads: 1,
      timeoutMs: 60_000,
    })
    const plain = await torch.evaluate({ ...operation, operator: 'sort', method: 'hard' }, theta, cotangent)
    await torch.close()
    expectClose(plain.output, [1, 2, 5])
    expectClose(plain.gradient!, [0.5, 1, -2])
  })
  test('treats the rows of a batch apart, in single precision too', async () => {
    const two = { ...operation, precision: 'f32', batch: 2 } as const
    const rows = await session.evaluate(two, Float32Array.of(5, 1, 2, 1, 2, 5), new Float32Array(6))
    expectClose(rows.output, [3, 1.25, 1.75, 1.25, 1.75, 3])
  })
  test('reports strength 0 as the error it is there, and lives on', async () => {
    await expect(
      session.evaluate({ ...operation, params: { ...operation.params, strength: 0 } }, theta, cotangent),
    ).rejects.toThrow(/ZeroDivisionError/)
    expect((await session.evaluate(operation, theta, cotangent)).output.length).toBe(3)
  })
  test.each(['forward', 'backward', 'both'] as const)('takes as many samples of %s as asked for', async (metric) => {
    const inputs = [theta, Float64Array.of(3, 1, 2), Float64Array.of(0, 1, -1)]
    const { samples } = await session.time(operation, metric, { samples: 5, minBatchNs: 100_000 }, inputs, cotangent)
    expect(samples.length).toBe(5)
    expect(samples.every((ns) => ns > 0)).toBe(true)
  })
})
