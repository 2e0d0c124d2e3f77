import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type PageState, probePython } from './probe.ts'

const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) console.log('skipped: looking at pages with a real Python, because there is no python3 on PATH')

const folder = mkdtempSync(join(tmpdir(), 'rank-bench-probe-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function page(name: string, ...lines: string[]): string {
  const file = join(folder, `${name}.py`)
  writeFileSync(
    file,
    [`name = "${name}"`, 'def offers(operation): return True', 'def build(operation): pass', ...lines].join('\n'),
  )
  return file
}

function program(name: string, body: string): string {
  const file = join(folder, name)
  writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 })
  return file
}

describe.skipIf(!hasPython)('pages in an interpreter', () => {
  const states = async (...pages: string[]): Promise<PageState[]> => {
    const probe = await probePython('python3', pages, 60_000, { ...process.env, PYTHONPATH: join(folder, 'packages') })
    if (probe.status !== 'answered') throw new Error(probe.lacks)
    return pages.map((each) => probe.pages.get(each)!)
  }
  const lacks = (...lines: string[]) => states(page('one', ...lines)).then(([state]) => state)

  test('are ready with the versions of what they need, whatever they print', async () => {
    expect(await lacks('print("hello")', 'needs = []')).toEqual({
      status: 'ready',
      versions: { Python: expect.stringMatching(/^3\.\d+\.\d+$/) },
    })
  })
  test('lack a package that is not installed, and another Python, and say so', async () => {
    expect(await lacks('needs = ["no-such-package-at-all"]')).toEqual({
      status: 'lacking',
      lacks: 'has no no-such-package-at-all',
    })
    expect(await lacks('python = "3.99"')).toMatchObject({
      lacks: expect.stringMatching(/^Python 3.99 or later wanted, found 3/),
    })
  })
  test('are not taken where what they import does not load', async () => {
    mkdirSync(join(folder, 'packages'), { recursive: true })
    writeFileSync(join(folder, 'packages/broken_extension.py'), 'raise ImportError("undefined symbol: x")')
    expect(await lacks('imports = ["broken_extension"]')).toEqual({
      status: 'lacking',
      lacks: 'cannot be imported: ImportError: undefined symbol: x',
    })
    expect(await lacks('raise SystemError("no")')).toMatchObject({ lacks: 'cannot be loaded: SystemError: no' })
  })
  test('one that ends the process is named, and the others are asked all the same', async () => {
    mkdirSync(join(folder, 'packages'), { recursive: true })
    writeFileSync(join(folder, 'packages/falls_over.py'), 'import os; os.kill(os.getpid(), 11)')
    const [first, culprit, last] = await states(page('a'), page('b', 'imports = ["falls_over"]'), page('c'))
    expect([first.status, last.status]).toEqual(['ready', 'ready'])
    expect(culprit).toMatchObject({ lacks: expect.stringMatching(/cannot be imported: Python was ended by SIGSEGV/) })
  })
})

describe('an interpreter that is none', () => {
  test.each([
    ['another program', 'echo hello', /does not answer like Python/],
    ['a program that fails', 'echo reason >&2; exit 1', /failed: reason/],
    ['a program that hangs', 'exec /bin/sleep 30', /did not answer within 0.5 s/],
  ])('%s is told apart', async (_, body, expected) => {
    const probe = await probePython(program('python', body), ['/page.py'], body.includes('sleep') ? 500 : 20_000, {})
    expect(probe).toMatchObject({ status: 'lacking', lacks: expect.stringMatching(expected) })
  })
  test('nor is a file that is not there or may not be run', async () => {
    expect(await probePython(join(folder, 'absent'), [], 5000, {})).toMatchObject({ lacks: 'is not there' })
    writeFileSync(join(folder, 'text'), '', { mode: 0o644 })
    expect(await probePython(join(folder, 'text'), [], 5000, {})).toMatchObject({
      lacks: 'is not a program that may be run',
    })
  })
})
