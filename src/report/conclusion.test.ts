import { expect, test } from 'vitest'
import { fakeCell, fakeEntry, fakeRun } from '../../test/fakes.ts'
import type { Cell } from '../core/cell.ts'
import type { Family, JudgedNumber, Verdict } from '../core/claim.ts'
import { subjectRef } from '../core/method-ref.ts'
import type { Entry, RunData } from '../core/report.ts'
import { absencesTable } from './absences.ts'
import { conclude, conclusionText } from './conclusion.ts'

function entry(method: string, outcome: object, change: Partial<Cell> = {}): Entry {
  const cell = fakeCell({
    experiment: { name: 'latency', params: {} },
    method: subjectRef({ name: method, params: {} }),
    dataset: { name: 'sorting', params: { n: 100 } },
    split: '',
    precision: 'f32',
    ...change,
  })
  return { ...fakeEntry(cell, outcome), key: method }
}

const took = (ns: number) => ({
  status: 'measured',
  observations: [{ metric: 'time.forward+backward', unit: 'ns', better: 'lower', value: ns }],
  warnings: [],
})

const runOf = (entries: Entry[]): RunData => fakeRun(entries, { directory: 'runs/test', machine: '' })

const family = (verdict: Verdict): Family => ({
  paper: 'p',
  method: 'ListNet',
  dataset: 'OHSUMED',
  ours: 'loss:listnet',
  primary: { judgement: { verdict, evidence: 'fold' } } as JudgedNumber,
  numbers: [],
  differences: [],
})

const paper = (verdicts: Verdict[]) => ({
  key: 'p',
  title: 'P',
  citation: 'P 2020',
  margin: { share: 0.02, because: '' },
  families: verdicts.map(family),
})

const topics = ['fastest', 'not told apart from the best', 'reproduced', 'not measured', 'files']
const lineOf = (topic: string, run: RunData, verdicts: Verdict[] = []) =>
  conclude(run, [paper(verdicts)]).find((line) => line.topic === topic)!.text

test('a conclusion has its five lines, also of a run that measured nothing', () => {
  expect(conclude(runOf([]), []).map(({ topic }) => topic)).toEqual(topics)
  expect(conclusionText(conclude(runOf([]), [])).split('\n')).toHaveLength(5)
})

test('fastest and slowest are told operator by operator, on the data that most methods were timed on', () => {
  const run = runOf([
    entry('rank:a', took(2000)),
    entry('rank:b', took(1000)),
    entry('rank:c', took(3000)),
    entry('loss:d', took(10)),
    entry('rank:e', took(1), { dataset: { name: 'sorting', params: { n: 2 } } }),
    entry('rank:f', took(1), { system: 'torchsort' }),
  ])
  expect(lineOf('fastest', run)).toBe(
    'rank b 1.00 µs, slowest c 3.00 µs; loss d 10.0 ns (forward + backward, sorting[n=100], f32)',
  )
})

test('families count as judged when something of ours was compared', () => {
  expect(lineOf('reproduced', runOf([]), ['reproduced', 'differs', 'not run', 'holds'])).toMatch(
    /^2 of 3 families that were judged \(1 holds, 1 reproduced, 1 differs, 1 not run\)$/,
  )
})

test('a failed cell that is not timed is told with its reason, before what was skipped', () => {
  const run = runOf([
    entry('loss:a', { status: 'skipped', reason: 'data absent', detail: 'letor:x is not on this machine' }),
    entry('loss:b', { status: 'failed', error: { message: 'the curve is not finite' } }),
    entry('loss:c', { status: 'failed', error: { message: 'the curve is not finite' } }),
    entry('loss:d', { status: 'timeout', limitMs: 600_000 }),
  ])
  const [failed, late, skipped] = absencesTable(run)!.rows.map((row) => row.map(({ text }) => text))
  expect(failed.slice(0, 2)).toEqual(['failed', '2'])
  expect(failed[3]).toBe('the curve is not finite')
  expect(late[4]).toBe('rank-bench run --timeout 1200')
  expect(skipped[4]).toBe('rank-bench data add sorting <archive>')
  expect(lineOf('not measured', run)).toMatch(/^2 failed: the curve is not finite -> rank-bench run\. 1 timed out/)
})

test('the remedy is the command that the reason names', () => {
  const run = runOf([
    entry('rank:a', { status: 'skipped', reason: 'peer not installed', detail: 'with: rank-bench peers install' }),
    entry('rank:b', {
      status: 'skipped',
      reason: 'data absent',
      detail: 'not here (get it, then rank-bench data add letor:x <folder or archive>, or else)',
    }),
  ])
  expect(lineOf('not measured', run)).toBe(
    '1 skipped: peer not installed -> rank-bench peers install. ' +
      '1 skipped: sorting[n=100] absent -> rank-bench data add letor:x <folder or archive>',
  )
})

test('on a terminal lines are as wide as it is', () => {
  const text = conclusionText(conclude(runOf([entry('rank:a', took(5))]), []), 60)
  expect(text.split('\n').every((line) => line.length <= 60 || !line.includes(' ', 4))).toBe(true)
})
