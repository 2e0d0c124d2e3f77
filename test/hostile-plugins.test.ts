/** Plug-ins that misbehave while they are measured: each cell ends as exactly one row, and the run goes on. */

import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { binary, cleanEnvironment, rankBench, temporaryFolder } from './harness.ts'

/** An experiment `hostile` whose cells do what the parameter `does` says. */
const source = `
const deeds = {
  well: () => [{ metric: 'm', unit: '1', better: 'higher', value: 1 }],
  nan: () => [{ metric: 'm', unit: '1', better: 'higher', value: NaN }],
  infinite: () => [{ metric: 'm', unit: '1', better: 'higher', value: Infinity, samples: [NaN, 1] }],
  twice: () => [{ metric: 'm', unit: '1', better: 'higher', value: 1 }, { metric: 'm', unit: '1', better: 'higher', value: 2 }],
  nothing: () => undefined,
  none: () => [],
  exit: () => process.exit(0),
  throw: () => { throw 'a text' },
  send: () => { process.send({ status: 'measured' }); process.send('x'); return deeds.well() },
  memory: () => { const kept = []; for (;;) kept.push(new Uint8Array(2 ** 24).fill(1)) },
  hang: () => { for (;;); },
  flood: () => { process.stderr.write('x'.repeat(2 ** 22)); return deeds.well() },
}
export default {
  experiments: [{
    name: 'hostile', version: 1, question: 'what does it do?', timed: false,
    params: { does: { kind: 'choice', choices: Object.keys(deeds), default: 'well', meaning: 'its deed' } },
    takes: { methods: 'rank:sigmoid', datasets: 'sorting' },
    measures: { m: { unit: '1', better: 'higher', meaning: 'nothing' } },
    plan: (scope) => scope.methods.flatMap((method) => scope.datasets.map((dataset) => (
      { system: 'rank-bench', method, dataset, split: '', seed: 1, precision: 'f64' }))),
    run: async (cell) => deeds[cell.experiment.params.does](),
  }],
}`

function folderWithPlugin(): string {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'hostile.mjs'), source)
  return folder
}

const runArgs = (deeds: string, ...more: string[]) => [
  'run',
  ...['-e', `hostile[does=${deeds}]`, '-m', 'rank:sigmoid', '-d', 'sorting[n=8]', '--plugin', './hostile.mjs'],
  ...['--out', 'out', '--no-progress', ...more],
]

interface Line {
  readonly outcome: { readonly status: string; readonly error?: { readonly message: string } }
}
const outcomes = (folder: string): Line['outcome'][] =>
  readFileSync(join(folder, 'out/journal.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as Line).outcome)

describe('an experiment of a plug-in', () => {
  test.each([
    ['nan', /answered NaN as the value of m/],
    ['twice', /answered m twice/],
    ['nothing', /answered undefined; expected a list/],
    ['none', /answered no observation/],
    ['exit', /exited with code 0 before it answered/],
    ['throw', /a text/],
  ])('that does "%s" is a failed row that says so', (deed, message) => {
    const folder = folderWithPlugin()
    const { code, out } = rankBench(runArgs(deed), { cwd: folder })
    expect(outcomes(folder)).toEqual([
      { status: 'failed', error: expect.objectContaining({ message: expect.any(String) }) },
    ])
    expect(outcomes(folder)[0].error!.message).toMatch(message)
    expect(out).toMatch(/run: 0 measured, 1 failed/)
    expect(code).toBe(3)
  })

  test.each(['infinite', 'send', 'flood'])('that does "%s" is measured, and its run can be read again', (deed) => {
    const folder = folderWithPlugin()
    const { code, out } = rankBench(runArgs(deed), { cwd: folder })
    expect(out).toMatch(/run: 1 measured, 0 failed/)
    expect(code).toBe(0)
    expect(rankBench(runArgs(deed), { cwd: folder }).err).toContain('1 visits kept, 0 to go')
    expect(rankBench(['report', 'out'], { cwd: folder }).code).toBe(0)
  })

  test('that takes more memory than a cell may is a row, and the machine lives', () => {
    const folder = folderWithPlugin()
    const { code } = rankBench(runArgs('memory|well', '--memory', '0.5'), { cwd: folder })
    const messages = outcomes(folder).map((outcome) => outcome.error?.message ?? outcome.status)
    expect(messages.sort()).toEqual(['measured', 'the cell took more than 0.500 GiB of memory'])
    expect(code).toBe(3)
  })

  test('that never returns ends with its run, however that is killed', async () => {
    const folder = folderWithPlugin()
    const child = spawn(process.execPath, [binary, ...runArgs('hang')], {
      cwd: folder,
      env: cleanEnvironment(join(folder, 'cache')),
      stdio: 'ignore',
    })
    const workers = (): number[] => childrenOf(child.pid!)
    while (workers().length === 0) await pause()
    const [worker] = workers()
    // Long enough for the plug-in to be loaded and hang.
    await pause(1500)
    child.kill('SIGKILL')
    while (isAlive(worker)) await pause()
  })
})

const pause = (ms = 50): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

function childrenOf(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`
  return existsSync(path) ? readFileSync(path, 'utf8').split(' ').filter(Boolean).map(Number) : []
}

function isAlive(pid: number): boolean {
  // Not signal 0: it succeeds for a zombie that nobody has waited for.
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
