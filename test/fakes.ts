/** Cells, entries and runs for tests of what is made of them: everything at its plainest, but for what a test is about. */

import type { Cell } from '../src/core/cell.ts'
import { subjectRef } from '../src/core/method-ref.ts'
import type { Entry, RunData } from '../src/core/report.ts'
import type { Observation, Result, Warning } from '../src/core/result.ts'
import type { Ref } from '../src/core/selector.ts'

export const fakeCell = (experiment: Ref, change: Partial<Cell> = {}): Cell => ({
  experiment,
  version: 1,
  system: 'rank-bench',
  method: subjectRef({ name: 'loss:listnet', params: {} }),
  dataset: { name: 'letor:mq2008', params: {} },
  dataDigest: '',
  split: 'fold1',
  seed: 1,
  precision: 'f64',
  protocol: '',
  ...change,
})

export const measured = (observations: readonly Observation[], warnings: readonly Warning[] = []) =>
  ({ status: 'measured', observations, warnings }) as const

export const fakeEntry = (cell: Cell, outcome: object, rest: Partial<Entry> = {}): Entry => {
  const key = JSON.stringify(cell)
  return { key, cell, result: { key, cell, ...outcome } as Result, turns: [], ...rest }
}

export const fakeRun = (entries: readonly Entry[], change: Partial<RunData> = {}): RunData => ({
  name: 'test',
  directory: 'out',
  command: 'rank-bench run',
  createdAt: '',
  machine: 'test machine, 2 cores',
  protocol: { rounds: 2, samples: 3 },
  seed: 1,
  peers: {},
  dataDigests: {},
  entries,
  spaces: new Map(),
  ...change,
})
