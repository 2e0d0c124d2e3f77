/** What a program hands to `run`, and what a selection asks of an experiment: honoured, or refused with a sentence. */

import { expect, test } from 'vitest'
import { loadRun, type RunConfig, type RunOptions, report, run } from '../src/index.ts'
import { rankBench, temporaryFolder } from './harness.ts'

const suite = { experiment: 'example', methods: ['rank:sigmoid'], datasets: ['given'] }
const config = (change: object = {}, of: object = {}) =>
  ({ name: 'x', ...change, suites: [{ ...suite, ...of }] }) as RunConfig

test.each([
  [{ jobs: 0 }, 'jobs is 0'],
  [{ jobs: 1.5 }, 'jobs is 1.5'],
  [{ jobs: 100_000 }, 'jobs is 100000'],
  [{ jobs: '2' }, 'jobs is "2"'],
  [{ timeout: 0 }, 'timeout is 0'],
  [{ timeout: 3_000_000 }, 'timeout is 3000000'],
  [{ timeout: Number.NaN }, 'timeout is'],
  [{ memory: 0 }, 'memory is 0'],
  [{ memory: -1 }, 'memory is -1'],
  [{ memory: Number.POSITIVE_INFINITY }, 'memory is'],
  [{ out: '' }, 'out is ""'],
  [{ out: 5 }, 'out is 5'],
  [{ data: ' ' }, 'data is " "'],
  [{ peer: './mine.py' }, 'peer is "./mine.py"'],
  [{ fresh: 'yes' }, 'fresh is "yes"'],
  [{ events: 1 }, 'events is 1'],
  [{ job: 2 }, 'run has no option "job"'],
])('run refuses the options %j', async (options, message) => {
  await expect(run(config(), options as RunOptions)).rejects.toThrow(message)
})

test.each([
  [config({ seed: 2 ** 53 }), 'seed'],
  [config({ seed: -1 }), 'seed'],
  [config({ seed: 0.5 }), 'seed'],
  [config({ papers: ['nosuch'] }), 'no paper is called "nosuch"'],
  [config({ papers: ['fast-soft-sort', 'fast-soft-sort'] }), 'expected each paper once'],
  [config({ profile: 'slow' }), 'profile'],
  [config({ sedes: 1 }), 'sedes'],
  [config({ everyQuery: ['banana:letor4'] }), 'banana'],
  [config({ name: '../x' }), 'name'],
  [config({}, { precisions: ['f64', 'f64'] }), 'expected each precision once'],
  [config({}, { precisions: ['f16'] }), 'precisions'],
  [config({}, { precisions: [] }), 'precisions'],
  [config({}, { seeds: [2 ** 53] }), 'seeds'],
  [config({}, { seeds: [1, 1] }), 'expected each seed once'],
  [config({}, { folds: ['fold1', 'fold1'] }), 'expected each fold once'],
  [config({}, { methods: [' '] }), 'methods'],
  [config({}, { experiment: '' }), 'experiment'],
  [null, 'config'],
  [[], 'config'],
])('run refuses the config %j', async (wrong, message) => {
  await expect(run(wrong as RunConfig, { out: '/nonexistent/never' })).rejects.toThrow(message)
})

test.each([
  ['stability', { datasets: ['sorting[n=5]'] }, 'stability draws its own values'],
  ['fidelity', { datasets: ['sorting[n=5]'] }, 'fidelity draws its own values'],
  ['fidelity', { precisions: ['f32'], datasets: ['sorting'] }, 'fidelity has no cell in f32'],
  [
    'fidelity',
    { methods: ['rank:sigmoid', 'loss:listnet'], datasets: ['sorting'] },
    'nothing to measure for loss:listnet',
  ],
  ['latency', { datasets: ['sorting', 'synthetic-letor'] }, 'nothing to measure on synthetic-letor'],
  ['latency', { datasets: ['sorting'], folds: ['fold1'] }, 'no cell of fold1'],
  ['latency[threads=10000]', { datasets: ['sorting'] }, 'threads is "10000"'],
  ['latency[threads=64]', { datasets: ['sorting'] }, 'asks for 64 threads; this machine gives'],
  ['baseline', { datasets: ['synthetic-letor'] }, 'brings operators of its own'],
  ['dataset-facts', { methods: undefined, datasets: ['synthetic-letor'], seeds: [4, 5] }, 'seeds'],
  ['latency', { methods: ['rank:*[strenght=1]'], datasets: ['sorting'] }, 'none of the'],
])('%s refuses %j, which would change nothing', async (experiment, of, message) => {
  const { methods, ...rest } = { methods: ['rank:sigmoid'], ...of } as { methods?: string[] }
  const asked = config({}, { experiment, ...rest, methods })
  await expect(run(asked, { out: '/nonexistent/never' })).rejects.toThrow(message)
})

test('an exclusion names a value however it is written', () => {
  const { out } = rankBench([
    'run',
    '-m',
    'rank:sigmoid[strength=0.1|1],!rank:sigmoid[strength=1e-1]',
    '-d',
    'sorting[n=8]',
    '--dry-run',
  ])
  expect(out).toContain('plan: 1 cells')
})

test('report gives back what the run said, its papers included', async () => {
  const cwd = temporaryFolder()
  const measured = rankBench(['reproduce', '--paper', 'fast-soft-sort', '--out', 'r'], { cwd })
  const reported = rankBench(['report', 'r'], { cwd })
  const tableRows = (text: string) => text.split('\n').filter((line) => / holds /.test(line))
  expect(tableRows(measured.out).length).toBeGreaterThan(6)
  for (const row of tableRows(measured.out)) expect(reported.out).toContain(row.trim().split(/ {2,}/)[0])
  const summary = rankBench(['report', 'r', '--summary'], { cwd })
  expect(summary.out).toMatch(/^reproduced +6 of 6 families/m)
  const tables = await report(await loadRun(`${cwd}/r`))
  expect(tables.map(({ id }) => id)).toContain('conclusion')
  expect(JSON.stringify(tables)).toContain('fast-soft-sort#3')
})

test('a summary says what was not measured and how to get it', () => {
  const cwd = temporaryFolder()
  rankBench(['reproduce', '--paper', 'letor3-ohsumed', '--out', 'r'], { cwd })
  const { out } = rankBench(['report', 'r', '--summary'], { cwd })
  expect(out).toMatch(/What was not measured(.|\n)*rank-bench data add letor:ohsumed/)
})
