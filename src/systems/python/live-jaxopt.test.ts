import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findGroup } from './found.ts'
import { openPeer, type PeerOperation, type PeerSession } from './session.ts'

const python = process.env.RANK_BENCH_PYTHON
const search = python ? (await findGroup('jax', { python })).peers.get('jaxopt') : undefined
const found = search?.status === 'found' ? search.python : ''
if (!found)
  console.log(`skipped: live jaxopt tests, because ${python ? `${python} lacks it` : 'RANK_BENCH_PYTHON is not set'}`)

const operation: PeerOperation = {
  operator: 'topk',
  method: 'sparse',
  params: { k: 1, lambda: 1, p: '2', form: 'mask', direction: 'descending', 'straight-through': false },
  precision: 'f64',
  batch: 5,
  n: 3,
}
const rows = Float64Array.from({ length: 15 }, (_, i) => [0.1, 0.5, 0.3][i % 3])
const first = Float64Array.from({ length: 15 }, (_, i) => (i % 3 === 0 ? 1 : 0))

describe.skipIf(!found)('jaxopt, live', () => {
  let session: PeerSession
  beforeAll(async () => {
    const adapter = 'src/systems/python/adapters/jaxopt.py'
    session = await openPeer({ python: found, adapter, threads: 1, timeoutMs: 60_000 })
  })
  afterAll(() => session.close())

  test('projects the rows of a batch, compiled, with the gradient of a projection onto the simplex', async () => {
    // Nothing is clipped: each value moves by 1/30, and 2/3, -1/3, -1/3 is the centring of the first unit vector.
    const { output, gradient } = await session.evaluate(operation, rows, first)
    for (let i = 0; i < 15; i++) {
      expect(output[i]).toBeCloseTo(rows[i] + 1 / 30, 5)
      expect(gradient![i]).toBeCloseTo(i % 3 === 0 ? 2 / 3 : -1 / 3, 9)
    }
  })
  test('answers with the output alone where that is asked for', async () => {
    const { output, gradient } = await session.evaluate({ ...operation, only: 'forward' }, rows, first)
    expect(output[0]).toBeCloseTo(0.1 + 1 / 30, 5)
    expect(gradient).toBeUndefined()
  })
})
