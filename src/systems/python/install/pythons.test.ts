import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { groupNames, pythonLacks } from './groups.ts'
import { type Machine, managedVenv, venvPython } from './managed-venv.ts'
import { namedPython, peerCandidates } from './pythons.ts'

const machine = (env: Record<string, string> = {}, platform: NodeJS.Platform = 'linux'): Machine => ({
  env,
  platform,
  home: '/somewhere/u',
})

describe('interpreters of a group', () => {
  test('are those of the environment variable, of earlier installations, and of PATH, in this order', () => {
    const found = peerCandidates(undefined, machine({ RANK_BENCH_PYTHON: '/own/python' }), 'torch')
    const cache = '/somewhere/u/.cache/rank-bench/peers'
    expect(found).toEqual([
      { origin: 'RANK_BENCH_PYTHON', python: '/own/python' },
      { origin: 'rank-bench peers install', python: join(cache, 'torch/bin/python') },
      { origin: 'rank-bench peers install', python: join(cache, 'venv/bin/python') },
      { origin: 'PATH', python: 'python3' },
    ])
    expect(peerCandidates(undefined, machine(), 'jax').map(({ python }) => python)).toEqual([
      join(cache, 'jax/bin/python'),
      'python3',
    ])
  })
  test('one that is named on the command line is never replaced by another', () => {
    expect(peerCandidates('/own/python', machine({ RANK_BENCH_PYTHON: '/other' }), 'jax')).toEqual([
      { origin: '--python', python: '/own/python' },
    ])
  })
  test('may be named a group each, and other groups keep their own', () => {
    const text = 'torch=/a/python,jax=/b/python'
    expect(groupNames.map((group) => namedPython(text, group))).toEqual([
      '/a/python',
      '/b/python',
      undefined,
      undefined,
    ])
    expect(peerCandidates(text, machine(), 'tfr').map(({ origin }) => origin)).toEqual([
      'rank-bench peers install',
      'PATH',
    ])
    expect(() => namedPython('torch=/a,jacks=/b', 'jax')).toThrow(/one a group: torch=<interpreter>/)
  })
  test.each([
    ['torch', '3.9.18', 'Python 3.10 or later wanted, found 3.9'],
    ['tfr', '3.12.1', 'Python 3.10 to 3.11 wanted, found 3.12'],
    ['tfr', '3.11.7', undefined],
    ['jax', '3.10.2', 'Python 3.11 or later wanted, found 3.10'],
    ['metrics', '3.14.0', undefined],
  ] as const)('%s says of Python %s: %s', (group, version, lacks) => {
    expect(pythonLacks(group, version)).toBe(lacks)
  })
})

describe('the managed environment', () => {
  const at = (platform: NodeJS.Platform, env: Record<string, string>) => managedVenv('jax', machine(env, platform))
  test('lies in the cache folder of the machine', () => {
    expect(at('linux', {})).toBe('/somewhere/u/.cache/rank-bench/peers/jax')
    expect(at('linux', { XDG_CACHE_HOME: '/c' })).toBe('/c/rank-bench/peers/jax')
    expect(at('linux', { XDG_CACHE_HOME: 'relative' })).toBe('/somewhere/u/.cache/rank-bench/peers/jax')
    expect(at('darwin', {})).toBe('/somewhere/u/Library/Caches/rank-bench/peers/jax')
  })
  test('has its interpreter where the platform puts it', () => {
    expect(venvPython('/v', 'linux')).toBe('/v/bin/python')
    expect(venvPython('/v', 'win32')).toBe('/v/Scripts/python.exe')
    expect(peerCandidates(undefined, machine({}, 'win32'), 'torch').at(-1)?.python).toBe('python')
  })
})
