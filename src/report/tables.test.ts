import { describe, expect, test } from 'vitest'
import { fakeCell, fakeEntry, fakeRun, measured } from '../../test/fakes.ts'
import type { Cell } from '../core/cell.ts'
import type { Family, JudgedNumber } from '../core/claim.ts'
import { subjectRef } from '../core/method-ref.ts'
import type { Observation, Visit } from '../core/result.ts'
import { operatorsTables } from '../experiments/latency/table.ts'
import { conventionTables } from '../experiments/letor/conventions-table.ts'
import { letorTables } from '../experiments/letor/table.ts'
import { torchsortTables } from '../experiments/speed/torchsort-table.ts'
import type { Entry, RunData } from '../results/view.ts'
import { countsTable, familiesTable, numbersTable, type PaperVerdicts, powerTable } from './verdicts.ts'

const cell = (change: Partial<Cell>): Cell => fakeCell({ dataset: { name: 'letor:ohsumed', params: {} }, ...change })

const entry = (change: Partial<Cell>, outcome: object, visits: Visit[] = []): Entry =>
  fakeEntry(cell(change), outcome, visits)

const score = (metric: string, value: number): Observation => ({ metric, unit: '1', better: 'higher', value })

const run = (entries: Entry[]): RunData =>
  fakeRun(entries, {
    peers: { torchsort: 'torchsort 0.1.10' },
    facts: new Map([['letor:ohsumed', { script: 'letor3' }]]),
  })

const claim = (verdict: 'reproduced' | 'not run', value = 0.441, split = 'mean'): JudgedNumber => ({
  claim: {
    id: 'p#1',
    paper: 'LETOR 3.0 (Qin)',
    method: 'ListNet',
    dataset: 'OHSUMED',
    metric: 'NDCG',
    at: '10',
    value,
    verified: 'seen',
    unit: 'fraction',
    source: '',
  },
  ref: {
    experiment: 'letor[scorer=linear]',
    method: 'loss:listnet',
    dataset: 'letor:ohsumed',
    metric: 'ndcg@10:letor3',
    split,
  },
  judgement: {
    verdict,
    ...(verdict === 'reproduced' && {
      evidence: 'fold',
      ours: 0.45,
      difference: 0.009,
      interval: { low: 0.001, high: 0.017 },
      margin: 0.02,
      detectable: 0.012,
      power: 0.9,
      pairs: 5,
    }),
  },
  specificity: { same: 2, lossless: 1, others: 47, named: ['bm25', 'loss:softmax'] },
  command: 'rank-bench reproduce --claim p#1',
})

describe('the ranking table', () => {
  const folds = (scorer: string) =>
    [0.4, 0.5].map((value, i) =>
      entry(
        { experiment: { name: 'letor', params: { scorer } }, split: `fold${i + 1}` },
        measured([score('ndcg@10:letor3', value), score('ndcg@10:letor4', value)]),
      ),
    )
  test('shows means over folds with intervals, under the convention of the data set, published rows with verdicts beneath', () => {
    const [table] = letorTables(run(folds('linear')), [claim('reproduced')])
    expect(table.columns.map((column) => column.title)).toEqual(['loss', 'ndcg@10:letor3'])
    expect(table.rows.map((row) => row.map((value) => value.text))).toEqual([
      ['loss:listnet', '0.4500 ±0.6353'],
      ['published: ListNet, LETOR 3.0', '0.4410 reproduced'],
    ])
    expect(table.about[0]).toMatch(/2 folds x 1 seed/)
  })
  test('shows published means under the mean over folds, never the number of a fold', () => {
    const [table] = letorTables(run(folds('linear')), [claim('reproduced'), claim('reproduced', 0.9, 'fold5')])
    expect(table.rows.slice(1).map((row) => row.map((value) => value.text))).toEqual([
      ['published: ListNet, LETOR 3.0', '0.4410 reproduced'],
    ])
  })
  test('gives a verdict only under the cells that were judged', () => {
    const [, mlp] = letorTables(run([...folds('linear'), ...folds('mlp')]), [claim('reproduced')])
    expect(mlp.title).toMatch(/scorer=mlp/)
    expect(mlp.rows[1][1].text).toBe('0.4410')
  })
  test('keeps the published rows, and says why ours is missing, when the data is absent', () => {
    const skipped = entry({}, { status: 'skipped', reason: 'data absent', detail: 'add it' })
    const [table] = letorTables(run([skipped]), [claim('not run')])
    expect(table.rows.map((row) => row.map((value) => value.text))).toEqual([
      ['loss:listnet', 'skipped'],
      ['published: ListNet, LETOR 3.0', '0.4410'],
    ])
    expect(table.notes).toEqual(['loss:listnet: skipped: data absent: add it'])
  })
  test('leaves a fold out of the mean unless all its seeds are there', () => {
    const half = [
      entry({ split: 'fold1', seed: 1 }, measured([score('ndcg@10:letor3', 0.4)])),
      entry({ split: 'fold2', seed: 1 }, measured([score('ndcg@10:letor3', 0.6)])),
      entry({ split: 'fold2', seed: 2 }, { status: 'failed', error: { message: 'the loss is NaN' } }),
    ]
    const [table] = letorTables(run(half), [])
    expect(table.rows[0][1].data).toBe(0.4)
    expect(table.notes[0]).toMatch(/failed: the loss is NaN/)
  })
  test('shows one ranking under every convention', () => {
    const [table] = conventionTables(
      run(folds('linear')),
      new Map([
        ['letor3', 'gain=exp2'],
        ['rax', 'gain=exp2'],
      ]),
    )
    expect(table.rows.map((row) => row[4].text)).toEqual(['0.4500 ±0.6353', '–'])
  })
})

describe('the timing tables', () => {
  const timed = (value: number, samples: number[][]): { observation: Observation; visits: Visit[] } => {
    const observation: Observation = {
      metric: 'time.forward',
      unit: 'ns',
      better: 'lower',
      value,
      interval: { level: 0.95, low: value, high: value, by: 'student' },
    }
    const visits = samples.map(
      (each, round): Visit => ({
        key: 'k',
        round,
        startedAt: '',
        elapsedMs: 1,
        outcome: { status: 'measured', observations: [{ ...observation, samples: each }], warnings: [] },
      }),
    )
    return { observation, visits }
  }
  const ofExperiment = (name: string, change: Partial<Cell> = {}): Partial<Cell> => ({
    experiment: { name, params: name === 'torchsort' ? { threads: 1 } : {} },
    method: subjectRef({ name: 'rank:permutahedron', params: {} }),
    dataset: { name: 'sorting', params: { batch: 1, n: 100 } },
    ...change,
  })

  test('always show the sizes of the data', () => {
    const { observation, visits } = timed(2000, [[2000], [2000]])
    const [table] = operatorsTables(run([entry(ofExperiment('latency'), measured([observation]), visits)]))
    expect(table.rows[0].map((value) => value.text)).toEqual([
      'rank:permutahedron',
      'sorting[batch=1,n=100]',
      'f64',
      '2.00 µs ±1%',
      '–',
      '–',
    ])
  })
  test('pair ours with torchsort and give the ratio with its interval', () => {
    const [ours, theirs] = [timed(2000, [[2000], [2000]]), timed(16_000, [[16_000], [16_000]])]
    const agreement = [score('agreement.values', 1e-7), score('agreement.gradients', 2e-8)]
    const [table] = torchsortTables(
      run([
        entry(ofExperiment('torchsort'), measured([ours.observation]), ours.visits),
        entry(
          ofExperiment('torchsort', { system: 'torchsort' }),
          measured([theirs.observation, ...agreement]),
          theirs.visits,
        ),
      ]),
    )
    expect(table.rows[0].map((value) => value.text).slice(2)).toEqual([
      'forward',
      '2.00 µs ±1%',
      '16.0 µs ±1%',
      '8.00x [8.00, 8.00]',
      '1e-7 / 2e-8',
    ])
    expect(table.about.join()).toMatch(/1 thread on either side.*torchsort 0\.1\.10.*test machine/)
  })
  test('show no ratio, but the way to install, without the peer', () => {
    const { observation, visits } = timed(2000, [[2000], [2000]])
    const absent = {
      status: 'skipped',
      reason: 'peer not installed',
      detail: 'install it with: rank-bench peers install',
    }
    const [table] = torchsortTables(
      run([
        entry(ofExperiment('torchsort'), measured([observation]), visits),
        entry(ofExperiment('torchsort', { system: 'torchsort' }), absent),
      ]),
    )
    expect(table.rows[0].map((value) => value.text).slice(3, 6)).toEqual(['2.00 µs ±1%', 'skipped', 'skipped'])
    expect(table.notes.join()).toMatch(/rank-bench peers install/)
  })
})

describe('the tables of published numbers', () => {
  const paper = (change: Partial<Family> = {}): PaperVerdicts => ({
    key: 'p',
    title: 'a paper',
    citation: 'somebody, somewhere',
    margin: { share: 0.02, because: '2 %' },
    families: [
      {
        paper: 'p',
        method: 'ListNet',
        dataset: 'OHSUMED',
        ours: 'loss:listnet',
        primary: claim('reproduced'),
        numbers: [claim('reproduced'), claim('not run')],
        differences: ['25 features there'],
        ...change,
      },
    ],
  })
  test('count families, each with evidence, interval, margin, what was detectable, and who else got the verdict', () => {
    const [table] = familiesTable([
      paper({
        certificate: { holds: 80, of: 80, setAside: 16, failing: [] },
        identification: { rank: 1, of: 48, nearest: 'loss:listnet', queries: 784 },
      }),
    ])
    expect(table.title).toBe('Published results: 1 reproduced')
    expect(table.rows[0].map((value) => value.text)).toEqual([
      'p',
      'ListNet on OHSUMED',
      'loss:listnet',
      'reproduced',
      'fold',
      'ndcg@10:letor3',
      '+0.00900 [+0.00100, +0.0170]',
      '0.02',
      '0.012',
      '2 of 47: bm25; loss:softmax',
      '1 of 48, nearest loss:listnet',
      '80 of 80',
    ])
    expect(table.notes.join()).toContain('25 features there')
    expect(table.notes.join()).toContain('16 printed numbers are set aside')
  })
  test('say why a source is not counted', () => {
    const [table] = familiesTable([paper({ invalid: 'one network for every fold' })])
    expect(table.notes[0]).toBe('ListNet on OHSUMED is not counted: one network for every fold')
  })
  test('count numbers second', () => {
    const [table] = countsTable([paper()])
    expect(table.columns.map(({ title }) => title)).toEqual(['paper', 'published for', 'ours', 'reproduced', 'not run'])
    expect(table.rows[0].slice(3).map((value) => value.text)).toEqual(['1', '1'])
  })
  test('say what each family could have detected', () => {
    const [table] = powerTable([paper()])
    expect(table.rows[0].map((value) => value.text)).toEqual([
      'p',
      'ListNet on OHSUMED',
      'fold',
      '5',
      '0.008 (1.8 %)',
      '0.02 (4.5 %)',
      '0.012 (2.7 %)',
      '90 %',
    ])
  })
  test('show every number with its command', () => {
    const [table] = numbersTable(paper(), true)
    expect(table.rows[0].map((value) => value.text).join(' | ')).toBe(
      'p#1 | ListNet on OHSUMED | ndcg@10:letor3 | 0.441 | 0.4500 | +0.00900 [+0.00100, +0.0170] | 0.02 | 0.012 | fold | reproduced | 2 of 47 | rank-bench reproduce --claim p#1',
    )
    expect(numbersTable({ ...paper(), families: [] }, false)).toEqual([])
  })
})
