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
  group: 'torch',
  basePython: 'python3',
  named: false,
  venv: '/c/torch',
  python: '/c/torch/bin/python',
  platform: 'linux',
  path: '/usr/local/bin:/usr/bin',
  nvccFolders: ['/usr/local/bin'],
  shadowRoot: '/c/without-nvcc',
}
const text = (changes: Partial<InstallFacts> = {}) => installPlan({ ...facts, ...changes }).map(formatStep)

describe('the install plan', () => {
  const pip = '/c/torch/bin/python -m pip install --disable-pip-version-check --progress-bar off'
  const cpu = '--extra-index-url https://download.pytorch.org/whl/cpu --retries 1 torch==2.13.0+cpu'
  const build = '--no-build-isolation --no-cache-dir --no-binary torchsort torchsort==0.1.10'

  test('reads as the commands it runs', () => {
    const lines = text()
    expect(lines.slice(0, 2)).toEqual([
      'python3 -m venv /c/torch',
      `${pip} ${cpu} numpy setuptools==84.2.1 wheel ninja`,
    ])
    expect(lines[2]).toMatch(
      /^\/c\/torch\/bin\/python -c 'import sys, torch; sys.exit\(.* if torch.version.cuda else None\)'$/,
    )
    expect(lines.slice(3, 5)).toEqual([
      'mkdir -p /c/without-nvcc/0 && ln -s /usr/local/bin/* /c/without-nvcc/0/ && rm /c/without-nvcc/0/nvcc',
      `env -u CUDA_HOME -u CUDA_PATH PATH=/c/without-nvcc/0:/usr/bin ${pip} ${build}`,
    ])
    expect(lines[5]).toContain(`'softtorch==0.1.1 ; python_version >= "3.12"'`)
    expect(lines[6]).toBe(`${pip} --no-deps allRank==1.4.3`)
  })
  test('never takes a build of PyTorch with CUDA unless told: its version is that of the CPU build in every step', () => {
    for (const group of ['torch', 'metrics'] as const) {
      const asked = text({ group, nvccFolders: [] }).filter((line) => line.includes(' torch=='))
      expect(asked.length).toBeGreaterThan(1)
      expect(asked.every((line) => line.includes(cpu))).toBe(true)
    }
    const any = text({ torchIndex: 'any' })
    expect(any.join()).not.toMatch(/\+cpu|extra-index-url|version.cuda/)
    expect(text({ platform: 'darwin' }).join()).not.toMatch(/\+cpu/)
  })
  test('takes the CPU builds from another index where one is named', () => {
    expect(text({ torchIndex: 'https://mirror.example/cpu' })[1]).toContain(
      '--extra-index-url https://mirror.example/cpu --retries 1 torch==2.13.0+cpu',
    )
  })
  test('leaves PATH alone where there is no nvcc', () => {
    expect(text({ nvccFolders: [] })[3]).toEqual(`env -u CUDA_HOME -u CUDA_PATH ${pip} ${build}`)
  })
  test('passes the index to every installation', () => {
    const lines = text({ nvccFolders: [], indexUrl: 'https://mirror.example/simple' })
    expect(lines.filter((line) => line.includes('--index-url https://mirror.example/simple'))).toHaveLength(4)
  })
  test('makes the environment anew for a named interpreter, and quotes what a shell would split', () => {
    const [first] = text({ named: true, basePython: '/opt/my python', venv: "/it's/venv" })
    expect(first).toBe(`'/opt/my python' -m venv --clear '/it'\\''s/venv'`)
  })
  test('is made from the machine without changing it', async () => {
    tool('nvcc')
    tool('python3', 'echo 3.12.4')
    expect(await installFacts('jax', { machine })).toMatchObject({
      basePython: 'python3',
      venv: join(folder, 'cache/rank-bench/peers/jax'),
      nvccFolders: [join(folder, 'tools')],
    })
    expect(existsSync(join(folder, 'cache'))).toBe(false)
  })
  test('takes the first Python on PATH that a group can have, or says which one was wanted', async () => {
    tool('python3', 'echo 3.12.4')
    tool('python3.11', 'echo 3.11.2')
    const only = { ...machine, env: { ...machine.env, PATH: join(folder, 'tools') } }
    expect(await installFacts('tfr', { machine: only })).toMatchObject({ basePython: 'python3.11' })
    rmSync(join(folder, 'tools/python3.11'))
    const wanted = { lacks: 'Python 3.10 to 3.11 wanted, found 3.12' }
    expect(await installFacts('tfr', { machine: only })).toEqual(wanted)
    expect(await installPeers('tfr', { machine: only }, () => {})).toEqual({ status: 'refused', ...wanted })
    expect(await installFacts('tfr', { machine: only, python: 'tfr=python3' })).toEqual(wanted)
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
  "-m pip") echo "nvcc: $(command -v nvcc || echo hidden), g++: $(g++), CUDA_HOME: \${CUDA_HOME-unset}"; case "$*" in *allRank*) echo no index >&2; exit 1;; esac ;;
  *) echo 3.11.7 ;;
esac`

describe('installing', () => {
  test('tells each step, builds without nvcc, goes on where a step can be done without, and clears up', async () => {
    tool('python3', fakePython)
    tool('nvcc')
    tool('g++', 'echo here')
    const lines: string[] = []
    const done = await installPeers('torch', { machine }, (line) => lines.push(line))
    const venv = join(folder, 'cache/rank-bench/peers/torch')
    expect(done).toMatchObject({ status: 'installed', python: join(venv, 'bin/python') })
    expect(lines.slice(0, 8)).toEqual([
      `[1/7] make ${venv}`,
      '[2/7] install torch 2.13.0 and build tools',
      `  nvcc: ${join(folder, 'tools/nvcc')}, g++: here, CUDA_HOME: /cuda`,
      '[3/7] see that PyTorch is a CPU build',
      '  3.11.7',
      `[4/7] hide nvcc of ${join(folder, 'tools')}`,
      '[5/7] build torchsort 0.1.10',
      '  nvcc: hidden, g++: here, CUDA_HOME: unset',
    ])
    expect(readdirSync(join(folder, 'cache/rank-bench/peers'))).toEqual(['torch'])
    const { problems } = done as Extract<typeof done, { status: 'installed' }>
    expect(problems.map(({ message }) => message.split('\n')[0])).toEqual([
      'could not install allRank 1.4.3: it exited with code 1',
    ])
  })
  test('ends where the build of PyTorch brings CUDA', async () => {
    tool(
      'python3',
      fakePython.replace('*) echo 3.11.7', '*torch*) echo torch 2.13.0 brings CUDA >&2; exit 1 ;;\n  *) echo 3.11.7'),
    )
    await expect(installPeers('torch', { machine }, () => {})).rejects.toMatchObject({
      message: expect.stringMatching(/could not see that PyTorch is a CPU build(.|\n)*brings CUDA/),
      hint: expect.stringContaining('--torch-index any'),
    })
  })
  test('reports the failing command, its last lines and what to try', async () => {
    tool(
      'python3',
      'case "$1" in -c) echo 3.11.7; exit;; esac; for i in $(seq 40); do echo "line $i"; done; echo "No module named venv" >&2; exit 1',
    )
    const failure = await installPeers('torch', { machine }, () => {}).catch((error) => error)
    expect(failure).toMatchObject({ kind: 'peer', hint: expect.stringContaining('--python') })
    expect(failure.message).toMatch(/^could not make .*: it exited with code 1\n {2}\$ python3 -m venv /)
    expect(failure.message).toContain('line 40')
    expect(failure.message).toContain('No module named venv')
    expect(failure.message).not.toContain('line 20\n')
  })
  test('reports an interpreter that is not there', async () => {
    const python = join(folder, 'absent')
    await expect(installPeers('jax', { machine, python }, () => {})).rejects.toThrow(/could not make .*ENOENT/)
  })
})
