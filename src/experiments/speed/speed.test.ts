import { describe, expect, test } from 'vitest'
import { fakeCell, fakeRun } from '../../../test/fakes.ts'
import { methodRef } from '../../core/method-ref.ts'
import type { Observation, Result, Visit, VisitOutcome } from '../../core/result.ts'
import type { Entry } from '../../results/view.ts'
import { withheld } from './pairs.ts'
import { speedTables } from './table.ts'

function entry(system: string, method: string, n: number, both: number, forward = both / 2): Entry {
  const cell = fakeCell({
    experiment: { name: 'speed', params: { beside: 'torch', threads: 1 } },
    system,
    method: methodRef({ name: method, params: method.endsWith('permutahedron') ? { regularization: 'l2' } : {} }),
    dataset: { name: 'sorting', params: { batch: 1, n } },
    split: '',
    precision: 'f32',
  })
  const observations = [
    { metric: 'time.forward', value: forward },
    { metric: 'time.forward+backward', value: both },
  ].map((each): Observation => ({ ...each, unit: 'ns', better: 'lower', samples: [each.value, each.value] }))
  const outcome: VisitOutcome = { status: 'measured', observations, warnings: [] }
  const key = `${system} ${method} ${n}`
  const visits: Visit[] = [0, 1].map((round) => ({ key, round, startedAt: '', elapsedMs: 1, outcome }))
  return { key, cell, result: { key, cell, ...outcome } as unknown as Result, visits }
}

const tableOf = (entries: Entry[], id: string) => speedTables(fakeRun(entries)).find((table) => table.id === id)
const texts = (entries: Entry[], id: string) => tableOf(entries, id)?.rows.map((row) => row.map(({ text }) => text))

describe('the speed tables', () => {
  test('put ours beside theirs, with the ratio of each pass', () => {
    const rows = texts(
      [entry('rank-bench', 'rank:sigmoid', 100, 2000), entry('torch', 'rank:sigmoid', 100, 16_000, 5000)],
      'speed',
    )!
    expect(rows).toHaveLength(1)
    expect(rows[0][4]).toBe('torch')
    expect(rows[0][6]).toBe('5.00x [5.00, 5.00]')
    expect(rows[0][8]).toBe('8.00x [8.00, 8.00]')
  })
  test('show what nobody else computes', () => {
    expect(texts([entry('rank-bench', 'sort:lapsum', 100, 2000)], 'speed')![0].slice(4)).toEqual([
      'nobody',
      '1.00 µs',
      '–',
      '2.00 µs',
      '–',
    ])
  })
  test('say of each target what was measured, whether it is met, and which cell decides', () => {
    const rows = texts(
      [
        entry('rank-bench', 'rank:permutahedron', 100, 1000),
        entry('torchsort', 'rank:permutahedron', 100, 20_000),
        entry('rank-bench', 'rank:permutahedron', 1000, 10_000),
        entry('torchsort', 'rank:permutahedron', 1000, 20_000),
        entry('rank-bench', 'sort:hard', 1000, 9000, 8000),
      ],
      'speed/targets',
    )!
    const [every, mean, floor] = rows
    expect(every.slice(1)).toEqual([
      'at least 2.5x',
      '2.00x [2.00, 2.00]',
      '4',
      'missed',
      'rank:permutahedron l2 1 x 1000 f32, 1 thread(s), forward',
    ])
    expect(mean.slice(1, 5)).toEqual(['at least 8x', '6.32x', '4', 'missed'])
    // 10,000 ns forward and backward over 8,000 ns of plain sorting.
    expect(floor.slice(1, 5)).toEqual(['at most 1.5x', '1.25x', '1', 'met'])
  })
  test('fit the growth of single rows', () => {
    const rows = texts(
      [entry('rank-bench', 'sort:lapsum', 1000, 1e4), entry('rank-bench', 'sort:lapsum', 100_000, 1e6)],
      'speed/growth',
    )
    expect(rows).toEqual([['sort:lapsum', '10.0 µs', '1.00 ms', '1.00']])
  })
  test('a run without the experiment has none', () => {
    expect(speedTables(fakeRun([]))).toEqual([])
  })
})

describe('a time of theirs that is not shown', () => {
  const entry = (...codes: string[]) =>
    ({
      result: { status: 'measured', observations: [], warnings: codes.map((code) => ({ code, message: '' })) },
    }) as unknown as Entry
  test('was withheld by what the run was warned of, or is a pass that they do not have', () => {
    expect(withheld(entry('disagreement', 'known defect'))).toBe('disagrees')
    expect(withheld(entry('known defect'))).toBe('known defect')
    expect(withheld(entry('drift'))).toBeUndefined()
  })
})
