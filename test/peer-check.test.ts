/** The law suite over an operator of ten lines of PyTorch, where there is PyTorch. */

import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findGroup } from '../src/systems/python/found.ts'
import { cleanEnvironment, rankBench, temporaryFolder } from './harness.ts'

const python = process.env.RANK_BENCH_PYTHON
const found = python ? (await findGroup('torch', { python })).peers.get('torch') : undefined
const hasTorch = found?.status === 'found'
if (!hasTorch)
  console.log(
    `skipped: certificates of a peer, because ${python ? `${python} has no PyTorch` : 'RANK_BENCH_PYTHON is not set'}`,
  )

const example = resolve('examples/peer_torch.py')
const check = (...words: string[]) =>
  rankBench(['check', '--peer', example, ...words, '--rows', '6', '--no-progress'], {
    env: { ...cleanEnvironment(temporaryFolder()), RANK_BENCH_PYTHON: python },
  })

describe.skipIf(!hasTorch)('check --peer, with PyTorch', () => {
  test('an operator that nobody else has keeps what its page promises of it', () => {
    const { code, out, err } = check('rank:arctangent')
    expect(out).toMatch(/my-peer rank:arctangent +holds/)
    expect(err).toMatch(/my-peer: torch/)
    expect(code).toBe(0)
  })
  test('one of ours is compared with ours', () => {
    expect(check('rank:sigmoid', '--precision', 'f64').out).toMatch(/my-peer rank:sigmoid +holds/)
  })
})

describe('check --peer', () => {
  test('names the peers where one is unknown, and what is missing where one is not installed', () => {
    const absent = ['--python', '/nonexistent/python', '--no-progress']
    const unknown = rankBench(['check', '--peer', 'torchsrt', ...absent])
    expect(unknown.err).toMatch(/no peer is called "torchsrt"(.|\n)*did you mean torchsort/)
    const missing = rankBench(['check', '--peer', 'torchsort', ...absent])
    expect(missing.err).toMatch(/torchsort: install it with: rank-bench peers install torch/)
    expect(missing.code).toBe(2)
  })
})
