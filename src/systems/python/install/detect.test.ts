import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findPeer, peerCandidates } from './detect.ts'
import { type Machine, managedVenv, venvPython } from './managed-venv.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rank-bench-detect-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function interpreter(path: string, body: string): string {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 })
  return file
}

const says = (answer: object): string => `echo '${JSON.stringify(answer)}'`
const whole = { python: '3.11.7', torch: '2.13.0+cpu', torchsort: '0.1.10', numpy: '2.4.6' }

const machine = (env: Record<string, string> = {}): Machine => ({
  env: { PATH: join(folder, 'bin'), XDG_CACHE_HOME: join(folder, 'cache'), ...env },
  platform: 'linux',
  home: folder,
})

describe('finding a peer', () => {
  test('reads the versions of an interpreter that has everything, past what its packages print', async () => {
    const python = interpreter('own/python', `echo a warning\n${says(whole)}`)
    expect(await findPeer({ python, machine: machine() })).toEqual({
      status: 'found',
      origin: '--python',
      python,
      pythonVersion: '3.11.7',
      torch: '2.13.0+cpu',
      torchsort: '0.1.10',
      numpy: '2.4.6',
      tried: [],
    })
  })
  test('goes from the environment variable over the managed environment to PATH', async () => {
    const named = interpreter('named/python', says({ ...whole, torchsort: null }))
    interpreter('cache/rank-bench/peers/venv/bin/python', 'exit 3')
    interpreter('bin/python3', says(whole))
    const search = await findPeer({ machine: machine({ RANK_BENCH_PYTHON: named }) })
    expect(search).toMatchObject({ status: 'found', origin: 'PATH', python: 'python3' })
    expect(search.tried).toMatchObject([
      { origin: 'RANK_BENCH_PYTHON', lacks: 'has no torchsort (Python 3.11.7, torch 2.13.0+cpu)' },
      { origin: 'rank-bench peers install', lacks: 'failed with code 3' },
    ])
  })
  test('never replaces an interpreter named on the command line', async () => {
    interpreter('bin/python3', says(whole))
    const search = await findPeer({ python: join(folder, 'absent'), machine: machine() })
    expect(search).toMatchObject({ status: 'missing', tried: [{ origin: '--python', lacks: 'is not there' }] })
  })
  test('says what each candidate lacks and what installs a peer', async () => {
    interpreter('bin/python3', says({ python: '3.12.1', torch: null, torchsort: null, numpy: '2.0' }))
    expect(await findPeer({ machine: machine() })).toEqual({
      status: 'missing',
      hint: 'rank-bench peers install',
      tried: [
        {
          origin: 'rank-bench peers install',
          python: join(folder, 'cache/rank-bench/peers/venv/bin/python'),
          lacks: 'is not there',
        },
        { origin: 'PATH', python: 'python3', lacks: 'has no torch, torchsort (Python 3.12.1)' },
      ],
    })
  })
  test.each([
    [
      'a broken extension',
      says({ ...whole, error: 'ImportError: undefined symbol: x' }),
      /cannot import torchsort.*symbol/,
    ],
    ['another program', 'echo hello', /does not answer like Python/],
    ['a program that fails', 'echo reason >&2; exit 1', /failed: reason/],
    ['a program that hangs', 'exec /bin/sleep 30', /did not answer within 0.5 s/],
  ])('does not take %s for a peer', async (_, body, lacks) => {
    const python = interpreter('own/python', body)
    const timeoutMs = body.includes('sleep') ? 500 : 20_000
    const search = await findPeer({ python, machine: machine(), timeoutMs })
    expect(search.status).toBe('missing')
    expect(search.tried[0].lacks).toMatch(lacks)
  })
  test('does not run what is not a program', async () => {
    const python = interpreter('own/python', '')
    rmSync(python)
    writeFileSync(python, '', { mode: 0o644 })
    const search = await findPeer({ python, machine: machine() })
    expect(search.tried[0].lacks).toBe('is not a program that may be run')
  })
})

describe('the managed environment', () => {
  const at = (platform: NodeJS.Platform, env: Record<string, string>) =>
    managedVenv({ env, platform, home: '/somewhere/u' })
  test('lies in the cache folder of the machine', () => {
    expect(at('linux', {})).toBe('/somewhere/u/.cache/rank-bench/peers/venv')
    expect(at('linux', { XDG_CACHE_HOME: '/c' })).toBe('/c/rank-bench/peers/venv')
    expect(at('linux', { XDG_CACHE_HOME: 'relative' })).toBe('/somewhere/u/.cache/rank-bench/peers/venv')
    expect(at('darwin', {})).toBe('/somewhere/u/Library/Caches/rank-bench/peers/venv')
  })
  test('has its interpreter where the platform puts it', () => {
    expect(venvPython('/v', 'linux')).toBe('/v/bin/python')
    expect(venvPython('/v', 'win32')).toBe('/v/Scripts/python.exe')
    expect(peerCandidates(undefined, { env: {}, platform: 'win32', home: '/h' }).at(-1)?.python).toBe('python')
  })
})
