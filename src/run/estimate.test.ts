import { expect, test } from 'vitest'
import { profiles } from '../core/protocol.ts'
import type { RunCell } from '../core/result.ts'
import { operators } from '../methods/registry.ts'
import { type EarlierVisit, estimateLine, estimateTime, expectations, likenessOf } from './estimate.ts'

const cell = (change: Partial<RunCell>, n = 100): RunCell =>
  ({
    key: 'k',
    timed: true,
    cell: { experiment: { name: 'latency' }, method: { name: 'rank:sigmoid' }, dataset: { params: { batch: 1, n } } },
    ...change,
  }) as unknown as RunCell

const of = (cells: readonly RunCell[], earlier: readonly EarlierVisit[] = [], jobs = 1) =>
  estimateTime(cells, profiles.standard, jobs, expectations(profiles.standard, earlier, operators))

test('a timed visit takes at least what its protocol says, and more where one call is long', () => {
  const short = of([cell({})])
  const { rounds, warmupMs, samples, batchNs } = profiles.standard
  const exact = (rounds * (500 + 3 * (warmupMs + (samples + 2) * (batchNs / 1e6)))) / 1000
  expect(short.lowSeconds).toBeCloseTo(exact / 2)
  expect(short.highSeconds).toBeCloseTo(exact * 2)
  expect(of([cell({}, 20_000)]).lowSeconds).toBeGreaterThan(5 * short.lowSeconds)
})

test('what the same cell took before counts most, then the experiment, then a guess that says so', () => {
  const untimed = cell({ timed: false })
  expect(of([untimed], [{ key: 'k', experiment: 'latency', elapsedMs: 6000 }]).highSeconds).toBeCloseTo(9)
  const similar = of([untimed], [{ key: 'other', experiment: 'latency', elapsedMs: 6000 }])
  expect(similar.by.sameExperiment).toBe(1)
  expect(estimateLine(similar)).toBe('time: 2 s to 18 s (1 visit as other cells of the experiment took here)')
  expect(estimateLine(of([untimed]))).toContain('guessed at 3 s each')
})

test('untimed visits run side by side, skipped cells take nothing', () => {
  const untimed = cell({ timed: false })
  expect(of([untimed, untimed], [], 2).highSeconds).toBeCloseTo(of([untimed]).highSeconds)
  const skipped = cell({ skip: { reason: 'data absent', detail: '' } })
  expect(of([skipped])).toMatchObject({ lowSeconds: 0, highSeconds: 0 })
})

test('cells that differ in seed and fold count as much as the cell itself, then others on the same data', () => {
  const other = { ...cell({ timed: false }), key: 'other' }
  const alike = [{ key: 'x', experiment: 'latency', likeness: likenessOf(cell({}).cell), elapsedMs: 6000 }]
  expect(of([other], alike).by.alike).toBe(1)
  expect(of([other], alike).highSeconds).toBeCloseTo(9)
  const onTheSameData = [{ ...alike[0], likeness: { ...alike[0].likeness, cell: 'another' } }]
  expect(of([other], onTheSameData).by.sameData).toBe(1)
  expect(of([other], onTheSameData).highSeconds).toBeCloseTo(12)
})
