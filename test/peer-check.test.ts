/** An operator of ten lines of PyTorch gets what ours have: laws, a stability map, a fidelity curve, a place in the table of times. */

import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
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

describe.skipIf(!hasTorch)('run --peer, with PyTorch, of an operator that nobody else has', () => {
  const folder = temporaryFolder()
  const env = { ...cleanEnvironment(folder), RANK_BENCH_PYTHON: python }
  const asked = ['-m', 'rank:arctangent', '-m', 'rank:sigmoid', '--peer', example, '--no-progress']
  const run = (out: string, ...words: string[]) =>
    rankBench(['run', ...words, ...asked, '--out', out], { cwd: folder, env })

  test('draws its stability map and its curves beside those of ours', () => {
    const { code, err } = run('maps', '-e', 'stability[n=12]', '-e', 'fidelity[n=12]')
    expect(err).not.toMatch(/failed/)
    expect(code).toBe(0)
    const { out } = rankBench(['report', 'maps', '--format', 'markdown', '--figures', 'pictures'], { cwd: folder, env })
    // Softness from 0.003 to some units is safe for either: both are sums of steps over pairs.
    expect(out).toMatch(/\| rank:arctangent\[strength=1\] \| 12 \| .* \| [\d.]+ … [\d.]+ \|/)
    const pictures = readdirSync(join(folder, 'pictures')).sort()
    expect(pictures).toContain('rank-arctangent-strength-1.svg')
    expect(readFileSync(join(folder, 'pictures', 'fidelity-signal-rank.svg'), 'utf8')).toContain('arctangent')
  }, 120_000)

  test('times it beside ours of its kind', () => {
    const { code, out } = run(
      'times',
      '-e',
      'speed[beside=nothing]',
      '-d',
      'sorting[n=20]',
      '--profile',
      'quick',
      '--full',
    )
    expect(out).toContain('Operators that only a peer has')
    expect(out).toMatch(/rank:arctangent\[strength=1\] +my-peer .* rank:sigmoid +[\d.]+x \[/)
    expect(code).toBe(0)
  }, 120_000)

  test('is refused, with who has it, where an experiment asks no peer', () => {
    const { code, err } = run('refused', '-e', 'latency')
    expect(err).toMatch(/latency looks at operators of ours; rank:arctangent is one that my-peer brings/)
    expect(code).toBe(2)
  })
})

const torchsort = python ? (await findGroup('torch', { python })).peers.get('torchsort') : undefined
const hasTorchsort = torchsort?.status === 'found'
if (!hasTorchsort) console.log('skipped: a published benchmark script, because there is no torchsort')

describe.skipIf(!hasTorchsort)('run -e speed-as-published, with torchsort', () => {
  test('repeats its script on theirs and on ours, beside our protocol', () => {
    const cwd = temporaryFolder()
    const words = ['-e', 'speed-as-published', '-e', 'speed[beside=torchsort]', '-m', 'sort:permutahedron']
    const { code, out } = rankBench(
      ['run', ...words, '-d', 'sorting[n=20]', '--profile', 'quick', '--full', '--no-progress', '--out', 'run'],
      { cwd, env: { ...cleanEnvironment(cwd), RANK_BENCH_PYTHON: python } },
    )
    expect(code).toBe(0)
    expect(out).toContain('By the script of torchsort')
    for (const pass of ['forward', 'forward\\+backward'])
      expect(out).toMatch(new RegExp(`torchsort .* ${pass} .*x \\[.*x \\[.* [\\d.]+x`))
  }, 120_000)
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
