import { describe, expect, test } from 'vitest'
import type { Cell } from '../../core/cell.ts'
import type { GatePlan } from '../../core/gate.ts'
import { methodRef } from '../../core/method-ref.ts'
import { randomStream } from '../../core/random.ts'
import type { Entry, RunData } from '../../core/report.ts'
import { usualPolicy } from './policy.ts'
import { storedRows } from './stored.ts'

const plan: GatePlan = { looks: [24], alarm: 0.01, pass: 0.05, spending: 'pocock', confirm: 24 }

const cell = (method: string): Cell => ({
  experiment: { name: 'timed', params: {} },
  version: 1,
  system: 'rank-bench',
  method: methodRef({ name: method, params: {} }),
  dataset: { name: 'sorting', params: { n: 10 } },
  dataDigest: '',
  split: '',
  seed: 1,
  precision: 'f64',
  protocol: '',
})

/** A run of so many processes of one cell, each about `ns`. */
function run(ns: number, processes: number, method = 'rank:a'): RunData {
  const random = randomStream(6, `${ns} ${processes}`)
  const visits = Array.from({ length: processes }, (_, round) => ({
    key: method,
    round,
    startedAt: '',
    elapsedMs: 1,
    outcome: {
      status: 'measured' as const,
      warnings: [],
      observations: [
        {
          metric: 'time.forward',
          unit: 'ns' as const,
          better: 'lower' as const,
          value: ns,
          samples: [ns * Math.exp(0.005 * random.normal())],
        },
      ],
    },
  }))
  const entry: Entry = {
    key: method,
    cell: cell(method),
    visits,
    result: { key: method, cell: cell(method), ...visits[0].outcome },
  }
  return { entries: [entry], spaces: new Map() } as unknown as RunData
}

const judged = (before: RunData, after: RunData, different: readonly string[] = []) =>
  storedRows(before, after, usualPolicy, plan, different)

describe('two stored runs', () => {
  test('of the same times are equivalent, of slower ones regressed, of faster ones improved', () => {
    const verdictOf = (ns: number) => judged(run(100, 8), run(ns, 9))[0].verdict
    expect([verdictOf(100), verdictOf(110), verdictOf(90)]).toEqual(['equivalent', 'regressed', 'improved'])
  })
  test('of few processes are inconclusive, however large the difference', () => {
    expect(judged(run(100, 3), run(200, 3))[0]).toMatchObject({ verdict: 'inconclusive', evidence: 'runs' })
  })
  test('of two machines are never compared by their times', () => {
    const [row] = judged(run(100, 9), run(200, 9), ['cpu a, now b'])
    expect(row.verdict).toBe('inconclusive')
    expect(row.reason).toMatch(/another machine \(cpu a, now b\)/)
  })
  test('a cell that the earlier one does not have is no pass', () => {
    expect(judged(run(100, 9, 'rank:b'), run(100, 9))).toMatchObject([{ verdict: 'inconclusive', evidence: 'none' }])
  })
})
