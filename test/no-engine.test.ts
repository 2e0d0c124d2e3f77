/** A machine that refuses the engine: batch schedulers limit the address space, bundlers lose the file. */

import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const limited = process.platform === 'linux' ? describe : describe.skip
if (process.platform !== 'linux') console.log('skipped: address space is limited by ulimit -v, on Linux')

/** 8 GB of address space, as a scheduler may set it; WebAssembly wants more at once. */
function inLimits(args: readonly string[], environment: Record<string, string> = {}) {
  const run = spawnSync('sh', ['-c', 'ulimit -v 8000000; exec node "$@"', 'sh', ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  })
  return { status: run.status, stdout: run.stdout.trim(), stderr: run.stderr }
}

const plans = (options: string): string[] => [
  '--input-type=module',
  '-e',
  `import { plan, regularShape } from './dist/index.js'
   try {
     const [a, b] = [1, 2].map((rows) => plan('rank:permutahedron', regularShape(rows, 3), ${options}))
     a.values.set([5, 1, 2])
     a.forward()
     console.log(a.engine, b.engine, ...a.output)
   } catch (error) {
     console.log(error.kind, error.message, '|', error.hint)
   }`,
]

const warnings = (stderr: string): number => stderr.split('RANK_BENCH_NO_ENGINE').length - 1

limited('with 8 GB of address space', () => {
  test('plans run on the reference, say so, and one warning gives the reason and the cure', () => {
    const { stdout, stderr } = inLimits(plans('{}'))
    expect(stdout).toBe('reference reference 3 1 2')
    expect(warnings(stderr)).toBe(1)
    expect(stderr).toContain('could not allocate memory')
    expect(stderr).toContain('--disable-wasm-trap-handler')
  })
  test('the cure that the warning names works', () => {
    const { stdout, stderr } = inLimits(plans("{ engine: 'fast' }"), { NODE_OPTIONS: '--disable-wasm-trap-handler' })
    expect(stdout).toBe('fast fast 3 1 2')
    expect(warnings(stderr)).toBe(0)
  })
  test('the fast engine asked for by name is an error of use', () => {
    const { stdout } = inLimits(plans("{ engine: 'fast' }"))
    expect(stdout).toMatch(/^usage the fast engine cannot be had here: .*memory.* \| .*ulimit/)
  })
  test('the reference asked for by name is no reason to warn', () => {
    const { stdout, stderr } = inLimits(plans("{ engine: 'reference' }"))
    expect(stdout).toBe('reference reference 3 1 2')
    expect(stderr).toBe('')
  })
  test('on the command line it is exit 2', () => {
    const asked = ['bin/rank-bench.js', 'apply', 'rank:permutahedron', '--values', '[5,1,2]', '--engine', 'fast']
    const { status, stderr } = inLimits(asked)
    expect(status).toBe(2)
    expect(stderr).toContain('the fast engine cannot be had here')
    expect(inLimits(asked.slice(0, -2)).status).toBe(0)
  })
})

limited('a run with 8 GB of address space', () => {
  const arguments_ = ['-m', 'rank:permutahedron', '-d', 'sorting[n=20]', '--precision', 'f32', '--profile', 'quick']
  const run = (experiment: string, out: string) =>
    inLimits(['bin/rank-bench.js', 'run', '-e', experiment, ...arguments_, '--out', out])
  test('warns once, prints who computed, and its cells are others than those of the engine', () => {
    const folder = mkdtempSync(join(tmpdir(), 'no-engine-'))
    const { status, stdout, stderr } = run('latency', join(folder, 'without'))
    expect(status).toBe(0)
    expect(stderr.split('no engine here').length - 1).toBe(1)
    expect(stderr).toContain('--disable-wasm-trap-handler')
    expect(stdout).toContain('computed by plain TypeScript')
    expect(stdout).toMatch(/^fastest: .*plain TypeScript\)$/m)
    expect(stdout).not.toContain('kernels in WebAssembly')
    const withEngine = ['run', '-e', 'latency', ...arguments_, '--out', join(folder, 'with')]
    expect(spawnSync('node', ['bin/rank-bench.js', ...withEngine], { encoding: 'utf8' }).stdout).toContain(
      'computed by kernels in WebAssembly',
    )
    const stored = (name: string) => JSON.parse(readFileSync(join(folder, name, 'run.json'), 'utf8'))
    expect(stored('without').environment.engine).toMatch(/^reference .*memory/)
    expect(stored('with').environment.engine).toMatch(/^fast/)
    expect(stored('without').cells[0].key).not.toBe(stored('with').cells[0].key)
  }, 120_000)
  test('by an engine that was named is exit 2', () => {
    const { status, stderr } = run('latency[engine=fast]', mkdtempSync(join(tmpdir(), 'no-engine-')))
    expect(status).toBe(2)
    expect(stderr).toContain('the fast engine cannot be had here')
  })
})

describe('without kernels.wasm', () => {
  test('the warning says what a bundler must do', () => {
    const folder = mkdtempSync(join(tmpdir(), 'no-engine-'))
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
    for (const part of ['package.json', 'dist']) cpSync(part, join(folder, part), { recursive: true })
    rmSync(join(folder, 'dist/engine/kernels.wasm'))
    const run = () => spawnSync('node', plans('{}'), { encoding: 'utf8', cwd: folder })
    const lost = run()
    expect(lost.stdout.trim()).toBe('reference reference 3 1 2')
    expect(lost.stderr).toContain('kernels.wasm')
    expect(lost.stderr).toContain('bundler')
    copyFileSync(resolve('dist/engine/kernels.wasm'), join(folder, 'dist/engine/kernels.wasm'))
    expect(run().stdout.trim()).toBe('fast fast 3 1 2')
  })
  test('a module of another version is not run', () => {
    const folder = mkdtempSync(join(tmpdir(), 'no-engine-'))
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
    for (const part of ['package.json', 'dist']) cpSync(part, join(folder, part), { recursive: true })
    const table = join(folder, 'dist/engine/kernel-table.js')
    writeFileSync(table, readFileSync(table, 'utf8').replace(/layoutVersion = \d+/, 'layoutVersion = 1'))
    const { stdout, stderr } = spawnSync('node', plans('{}'), { encoding: 'utf8', cwd: folder })
    expect(stdout.trim()).toBe('reference reference 3 1 2')
    expect(stderr).toContain('they are of another version than this package')
  })
})
