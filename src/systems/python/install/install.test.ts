import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { installFacts, installPeers } from './install.ts'
import { formatStep, type InstallFacts, installPlan } from './install-plan.ts'
import type { Machine } from './managed-venv.ts'
import { makeShadow, nvccFolders, shadowedPath } from './nvcc.ts'

let folder: string
let machine: Machine
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rank-bench-install-'))
  mkdirSync(join(folder, 'tools'))
  machine = {
    env: { PATH: `${join(folder, 'tools')}:/usr/bin:/bin`, XDG_CACHE_HOME: join(folder, 'cache'), CUDA_HOME: '/cuda' },
    platform: 'linux',
    home: folder,
  }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const tool = (name: string, body = 'exit 0') =>
  writeFileSync(join(folder, 'tools', name), `#!/bin/sh\n${body}\n`, { mode: 0o755 })

const facts: InstallFacts = {
  basePython: 'python3',
  named: false,
  venv: '/c/venv',
  python: '/c/venv/bin/python',
  path: '/usr/local/bin:/usr/bin',
  nvccFolders: ['/usr/local/bin'],
  shadowRoot: '/c/without-nvcc',
}
const text = (changes: Partial<InstallFacts> = {}) => installPlan({ ...facts, ...changes }).map(formatStep)

describe('the install plan', () => {
  const pip = '/c/venv/bin/python -m pip install --disable-pip-version-check --progress-bar off'
  const packages = 'torch==2.13.0 numpy setuptools==84.2.1 wheel ninja'
  const build = '--no-build-isolation --no-cache-dir --no-binary torchsort torchsort==0.1.10'

  test('reads as the commands it runs', () => {
    expect(text()).toEqual([
      'python3 -m venv /c/venv',
      `${pip} ${packages}`,
      'mkdir -p /c/without-nvcc/0 && ln -s /usr/local/bin/* /c/without-nvcc/0/ && rm /c/without-nvcc/0/nvcc',
      `env -u CUDA_HOME -u CUDA_PATH PATH=/c/without-nvcc/0:/usr/bin ${pip} ${build}`,
    ])
  })
  test('leaves PATH alone where there is no nvcc', () => {
    expect(text({ nvccFolders: [] }).slice(2)).toEqual([`env -u CUDA_HOME -u CUDA_PATH ${pip} ${build}`])
  })
  test('passes the index to every installation', () => {
    const lines = text({ nvccFolders: [], indexUrl: 'https://mirror.example/simple' })
    expect(lines.filter((line) => line.includes('--index-url https://mirror.example/simple'))).toHaveLength(2)
  })
  test('makes the environment anew for a named interpreter, and quotes what a shell would split', () => {
    const [first] = text({ named: true, basePython: '/opt/my python', venv: "/it's/venv" })
    expect(first).toBe(`'/opt/my python' -m venv --clear '/it'\\''s/venv'`)
  })
  test('is made from the machine without changing it', () => {
    tool('nvcc')
    expect(installFacts({ machine })).toMatchObject({
      basePython: 'python3',
      venv: join(folder, 'cache/rank-bench/peers/venv'),
      nvccFolders: [join(folder, 'tools')],
    })
    expect(existsSync(join(folder, 'cache'))).toBe(false)
  })
})

describe('hiding nvcc', () => {
  test('keeps every other tool of its folder', () => {
    for (const name of ['nvcc', 'g++', 'ninja']) tool(name)
    const at = join(folder, 'shadow')
    makeShadow({ of: join(folder, 'tools'), at })
    expect(readdirSync(at).sort()).toEqual(['g++', 'ninja'])
    expect(nvccFolders(at)).toEqual([])
  })
  test('keeps the order of lookup and folders named twice', () => {
    tool('nvcc')
    const tools = join(folder, 'tools')
    expect(nvccFolders(`/bin:${tools}:${tools}`)).toEqual([tools])
    expect(shadowedPath(`/bin:${tools}:/usr/bin:${tools}`, [{ of: tools, at: '/s' }])).toBe('/bin:/s:/usr/bin:/s')
  })
})

/** Stands for the base interpreter and, copied, for the one in the environment. */
const fakePython = `
case "$1 $2" in
  "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  "-m pip") echo "nvcc: $(command -v nvcc || echo hidden), g++: $(g++), CUDA_HOME: \${CUDA_HOME-unset}" ;;
  *) echo '{"python":"3.11.7","torch":"2.13.0","torchsort":"0.1.10","numpy":"2.4.6"}' ;;
esac`

describe('installing', () => {
  test('tells each step, builds without nvcc, answers with the new interpreter and clears up', async () => {
    tool('python3', fakePython)
    tool('nvcc')
    tool('g++', 'echo here')
    const lines: string[] = []
    const peer = await installPeers({ machine }, (line) => lines.push(line))
    const venv = join(folder, 'cache/rank-bench/peers/venv')
    expect(peer).toMatchObject({ status: 'found', python: join(venv, 'bin/python'), torchsort: '0.1.10' })
    expect(lines).toEqual([
      `[1/4] make ${venv}`,
      '[2/4] install torch 2.13.0 and build tools',
      `  nvcc: ${join(folder, 'tools/nvcc')}, g++: here, CUDA_HOME: /cuda`,
      `[3/4] hide nvcc of ${join(folder, 'tools')}`,
      '[4/4] build torchsort 0.1.10',
      '  nvcc: hidden, g++: here, CUDA_HOME: unset',
    ])
    expect(readdirSync(join(folder, 'cache/rank-bench/peers'))).toEqual(['venv'])
  })
  test('reports the failing command, its last lines and what to try', async () => {
    tool('python3', 'for i in $(seq 40); do echo "line $i"; done; echo "No module named venv" >&2; exit 1')
    const failure = await installPeers({ machine }, () => {}).catch((error) => error)
    expect(failure).toMatchObject({ kind: 'peer', hint: expect.stringContaining('--python') })
    expect(failure.message).toMatch(/^could not make .*: it exited with code 1\n {2}\$ python3 -m venv /)
    expect(failure.message).toContain('line 40')
    expect(failure.message).toContain('No module named venv')
    expect(failure.message).not.toContain('line 20\n')
  })
  test('reports an interpreter that is not there', async () => {
    const python = join(folder, 'absent')
    await expect(installPeers({ machine, python }, () => {})).rejects.toThrow(/could not make .*ENOENT/)
  })
  test('does not call an environment installed that cannot import torchsort', async () => {
    tool('python3', fakePython.replace('"numpy"', '"error":"ImportError: undefined symbol","numpy"'))
    await expect(installPeers({ machine }, () => {})).rejects.toMatchObject({
      message: expect.stringMatching(/installed, but .* cannot import torchsort/),
      hint: expect.stringContaining('remove '),
    })
  })
})
