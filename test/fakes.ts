/** A cell, an entry and a run of nothing in particular; a test says what it is about. */

import type { Cell } from '../src/core/cell.ts'
import { subjectRef } from '../src/core/method-ref.ts'
import type { Entry, RunData } from '../src/core/report.ts'
import type { Observation, Result, Visit } from '../src/core/result.ts'

export const fakeCell = (change: Partial<Cell> = {}): Cell => ({
  experiment: { name: 'letor', params: { scorer: 'linear' } },
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

export const measured = (observations: readonly Observation[]) =>
  ({ status: 'measured', observations, warnings: [] }) as const

/** What came out of a cell: an outcome, e.g. `measured([...])`, without its key and cell. */
export const fakeEntry = (cell: Cell, outcome: object, visits: readonly Visit[] = []): Entry => {
  const key = JSON.stringify(cell)
  return { key, cell, result: { key, cell, ...outcome } as Result, visits }
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
