/** An experiment named alone finds its methods and its data; who computes is asked only where a cell needs it. */

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rankBench, temporaryFolder } from './harness.ts'

const examplePeer = resolve('examples/peer.py')
const noPython = ['--python', '/nonexistent/python']
const names: string[] = JSON.parse(rankBench(['list', 'experiments', '--json']).out).tables[0].rows.map(
  ({ selector }: { selector: { value: string } }) => selector.value,
)

describe('run -e, and nothing else', () => {
  test.each(names)('%s plans cells of its own choice', (name) => {
    const { code, out, err } = rankBench(['run', '-e', name, '--dry-run', ...noPython])
    expect(err).toBe('')
    expect(out).toMatch(/plan: [1-9]\d* cells/)
    expect(code).toBe(0)
  })
  test('an experiment that draws its own values needs no data named', () => {
    const { code, out } = rankBench(['run', '-e', 'fidelity[n=8]', '-m', 'rank:sigmoid', '--no-progress'])
    expect(out).toContain('1 measured, 0 failed')
    expect(code).toBe(0)
  })
})

describe('our own reference', () => {
  test('is timed without any Python', () => {
    const selected = ['-e', 'speed[beside=reference]', '-m', 'rank:sigmoid', '-d', 'sorting[n=8]', '--profile', 'quick']
    const { code, out } = rankBench(['run', ...selected, ...noPython, '--no-progress'])
    expect(out).toContain('2 measured, 0 failed, 0 timed out, 0 skipped')
    expect(out).toMatch(/rank:sigmoid +sorting\[batch=1,n=8\].* reference .*x \[/)
    expect(code).toBe(0)
  })
})

const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) console.log('skipped: the peer of the examples, because there is no python3 on PATH')

describe.skipIf(!hasPython)('a peer of the user is one file', () => {
  const selected = ['-e', 'speed[beside=pure-python]', '-m', 'rank:sigmoid|softrank', '-d', 'sorting[n=8]']
  const run = (...more: string[]) =>
    rankBench(['run', ...selected, '--profile', 'quick', '--peer', examplePeer, '--no-progress', ...more])

  test('that is timed beside ours where it offers to, in agreement, with its own times', () => {
    const { code, out } = run()
    expect(out).toContain('3 measured, 0 failed, 0 timed out, 0 skipped')
    expect(out).toMatch(/rank:sigmoid .* pure-python .*x \[.*x \[/)
    expect(out).toMatch(/rank:softrank .* nobody/)
    expect(code).toBe(0)
  })
  test('whose digits are judged as anybody else', () => {
    const accuracy = ['-e', 'accuracy', '-m', 'rank:sigmoid', '-d', 'sorting[n=8]', '--precision', 'f32']
    expect(rankBench(['run', ...accuracy, '--peer', examplePeer, '--dry-run']).out).toMatch(/plan: [12] cells/)
  })
  test('that cannot be loaded, or a name that nobody has, is a usage error', () => {
    const missing = rankBench(['run', ...selected, '--peer', './nowhere.py', '--dry-run'])
    expect(missing.err).toMatch(/peer .*nowhere.py cannot be read/)
    const unknown = rankBench(['run', '-e', 'speed[beside=pure-pyton]', '--peer', examplePeer, '--dry-run'])
    expect(unknown.err).toMatch(/no system is called so(.|\n)*did you mean pure-python/)
    expect([missing.code, unknown.code]).toEqual([2, 2])
  })
})

describe('an experiment of a plug-in', () => {
  const plugin = (systems: readonly string[]): string => {
    const cwd = temporaryFolder()
    writeFileSync(
      join(cwd, 'mine.mjs'),
      `export default { experiments: [{ name: 'mine', version: 1, question: 'who?', params: {}, timed: false,
        takes: { operators: ['rank'], data: 'lists' },
        measures: { answer: { unit: '1', better: 'neither', meaning: 'of a test' } },
        plan: ({ methods, datasets }) => ${JSON.stringify(systems)}.map((system) =>
          ({ system, method: methods[0], dataset: datasets[0], split: '', seed: 1, precision: 'f64' })),
        run: async () => [{ metric: 'answer', unit: '1', better: 'neither', value: 42 }] }] }`,
    )
    return cwd
  }
  const run = (cwd: string) =>
    rankBench(['run', '-e', 'mine', '--plugin', './mine.mjs', ...noPython, '--no-progress'], { cwd })

  test('may have peers: one that is not installed is a row that says how to get it, and who computed is a column', () => {
    const { code, out } = run(plugin(['rank-bench', 'torchsort']))
    expect(out).toMatch(/peer not installed: install it with: rank-bench peers install/)
    expect(out).toMatch(/rank-bench +42\n.*torchsort +skipped/)
    expect(code).toBe(0)
  })
  test('that measures a peer without asking it fails that cell: our numbers never stand under another name', () => {
    const cwd = plugin(['pure-python'])
    const { out } = rankBench(['run', '-e', 'mine', '--plugin', './mine.mjs', '--peer', examplePeer, '--no-progress'], {
      cwd,
    })
    expect(out).toMatch(/measured a cell of pure-python without asking/)
  })
  test('that plans a cell for nobody known is refused', () => {
    const { code, err } = run(plugin(['fast-soft-sort']))
    expect(err).toMatch(/mine plans a cell for "fast-soft-sort"/)
    expect(code).toBe(2)
  })
})
