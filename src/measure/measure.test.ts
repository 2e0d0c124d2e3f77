import { describe, expect, test } from 'vitest'
import type { Cell } from '../core/cell.ts'
import type { OperatorSpec } from '../core/method.ts'
import { profiles } from '../core/protocol.ts'
import type { Visit, VisitOutcome } from '../core/result.ts'
import { regularShape } from '../core/shape.ts'
import { ours, reference } from '../core/system.ts'
import { resultOf } from '../results/result-of.ts'
import { createBench } from './bench.ts'
import { execute } from './execute.ts'
import { guardSamples } from './guards.ts'
import { schedule } from './schedule.ts'
import { runBatches } from './tinybench.ts'

const cell = {} as Cell
const measured = (samples: number[], warnings: { code: string; message: string }[] = []): VisitOutcome => ({
  status: 'measured',
  observations: [{ metric: 'time.forward', unit: 'ns', better: 'lower', value: samples[0], samples }],
  warnings,
})
const visit = (round: number, outcome: VisitOutcome): Visit => ({
  key: 'k',
  round,
  startedAt: '',
  elapsedMs: 1,
  outcome,
})

describe('schedule', () => {
  const cells = ['a', 'b', 'c', 'd'].map((key) => ({ key, timed: true }))
  test('visits every timed cell once a round, rounds one after another, in a seeded order that changes', () => {
    const slots = schedule(cells, 5, 1)
    expect(slots.map((slot) => slot.round)).toEqual([0, 1, 2, 3, 4].flatMap((round) => [round, round, round, round]))
    const orders = [0, 1, 2, 3, 4].map((round) =>
      slots
        .filter((slot) => slot.round === round)
        .map((slot) => slot.key)
        .join(''),
    )
    for (const order of orders) expect([...order].sort().join('')).toBe('abcd')
    expect(new Set(orders).size).toBeGreaterThan(1)
    expect(schedule(cells, 5, 1)).toEqual(slots)
    expect(schedule(cells, 5, 2)).not.toEqual(slots)
  })
  test('puts untimed cells first, once each', () => {
    const slots = schedule([{ key: 'u', timed: false }, ...cells], 2, 1)
    expect(slots.filter((slot) => slot.key === 'u')).toEqual([{ key: 'u', round: 0, timed: false }])
    expect(slots[0].key).toBe('u')
  })
})

describe('resultOf', () => {
  test('takes the median over rounds with an interval of the rounds', () => {
    const result = resultOf(
      'k',
      cell,
      [visit(0, measured([1, 1])), visit(1, measured([2, 2])), visit(2, measured([3, 3]))],
      3,
    )
    if (result.status !== 'measured') throw new Error(result.status)
    expect(result.observations[0].value).toBe(2)
    expect(result.observations[0].samples).toEqual([1, 1, 2, 2, 3, 3])
    expect(result.observations[0].interval!.low).toBeLessThan(2)
  })
  test('does not depend on the order in which rounds were journalled', () => {
    const visits = [visit(0, measured([1, 5])), visit(1, measured([2, 2])), visit(2, measured([3, 3]))]
    expect(resultOf('k', cell, [...visits].reverse(), 3)).toEqual(resultOf('k', cell, visits, 3))
  })
  test('is incomplete while rounds are missing and bad as soon as one visit is', () => {
    expect(resultOf('k', cell, [visit(0, measured([1]))], 3).status).toBe('incomplete')
    const failed = visit(1, { status: 'failed', error: { message: 'boom' } })
    expect(resultOf('k', cell, [visit(0, measured([1])), failed], 3)).toMatchObject({
      status: 'failed',
      error: { message: 'boom' },
    })
  })
  test('keeps a warning that most rounds gave and drops one that a single round gave', () => {
    const drift = { code: 'drift', message: 'time.forward: drifted' }
    const seen = (times: number) =>
      resultOf(
        'k',
        cell,
        [0, 1, 2].map((round) => visit(round, measured([1], round < times ? [drift] : []))),
        3,
      )
    expect(seen(1)).toMatchObject({ warnings: [] })
    expect(seen(2)).toMatchObject({ warnings: [drift] })
  })
})

describe('execute', () => {
  const slot = (key: string, timed: boolean) => ({ key, round: 0, timed })
  test('runs untimed visits side by side and timed ones alone', async () => {
    let [running, mostUntimed, mostTimed] = [0, 0, 0]
    await execute([slot('u1', false), slot('u2', false), slot('t1', true), slot('t2', true)], {
      jobs: 2,
      signal: new AbortController().signal,
      onVisit: () => {},
      visit: async ({ timed }) => {
        running++
        if (timed) mostTimed = Math.max(mostTimed, running)
        else mostUntimed = Math.max(mostUntimed, running)
        await new Promise((resolve) => setTimeout(resolve, 5))
        running--
        return measured([1])
      },
    })
    expect([mostUntimed, mostTimed]).toEqual([2, 1])
  })
  test('journals nothing of a visit that an interrupt cut short, and starts no further one', async () => {
    const controller = new AbortController()
    const finished: string[] = []
    let started = 0
    await execute([slot('a', true), slot('b', true), slot('c', true)], {
      jobs: 1,
      signal: controller.signal,
      onVisit: (each) => finished.push(each.key),
      visit: async ({ key }) => {
        started++
        if (key === 'b') controller.abort()
        return measured([1])
      },
    })
    expect(finished).toEqual(['a'])
    expect(started).toBe(2)
  })
})

describe('batches', () => {
  test('hand out as many samples as asked, in ns a call, each at least the batch long', () => {
    let sink = 0
    const { samples, callsPerBatch } = runBatches(
      'sum',
      () => {
        sink++
      },
      {
        samples: 7,
        batchNs: 20_000,
        budgetMs: 1000,
        warmupMs: 1,
      },
    )
    expect(samples).toHaveLength(7)
    expect(callsPerBatch).toBeGreaterThan(10)
    expect(Math.min(...samples)).toBeGreaterThan(0)
    expect(sink).toBeGreaterThan(7 * callsPerBatch)
  })
  test('take fewer samples, never below three, when one call eats the budget', () => {
    const slow = () => {
      const end = process.hrtime.bigint() + 2_000_000n
      while (process.hrtime.bigint() < end);
    }
    expect(runBatches('slow', slow, { samples: 50, batchNs: 1000, budgetMs: 1, warmupMs: 0 }).samples).toHaveLength(3)
  })
  test('pass on what the kernel throws', () => {
    let calls = 0
    const late = () => {
      if (++calls > 3) throw new Error('kernel broke')
    }
    expect(() => runBatches('late', late, { samples: 3, batchNs: 1, budgetMs: 10, warmupMs: 0 })).toThrow(
      'kernel broke',
    )
  })
})

describe('guards', () => {
  test('name a subject that is hardly more than an empty call', () => {
    expect(guardSamples('time.forward', [3, 3, 3], 2.9).map((warning) => warning.code)).toEqual(['near-empty'])
    expect(guardSamples('time.forward', [30, 30, 30], 2.9)).toEqual([])
  })
  test('name drift from the first third of the samples to the last', () => {
    expect(guardSamples('t', [10, 10, 12, 12, 15, 15], 1).map((warning) => warning.code)).toEqual(['drift'])
  })
})

describe('what a cell asks of its bench', () => {
  const protocol = profiles.quick
  const operator = (engine: 'fast' | 'reference') => ({ engine }) as unknown as OperatorSpec
  const registry = {
    operators: new Map([
      [
        'rank:x',
        {
          plan: () => operator('reference'),
          fast: () => operator('fast'),
        } as unknown as OperatorSpec,
      ],
    ]),
    datasets: new Map(),
  }
  const engineOf = (system: string) => {
    const bench = createBench(registry, protocol, { root: undefined, seed: 1 }, false, { system })
    const plan = bench.operator({ name: 'rank:x', params: {} }, { engine: 'fast' }).plan(regularShape(1, 2), {}, 'f64')
    return plan.engine
  }
  test('is carried out on the engine for this build, and never for a cell of the reference', () => {
    expect([engineOf(ours), engineOf(reference)]).toEqual(['fast', 'reference'])
  })
})

test('the address of faults is the one that the package names, or none', async () => {
  const { bugsAddress } = await import('./version.ts')
  expect(bugsAddress({ bugs: 'https://example.org/bugs' })).toBe('https://example.org/bugs')
  expect(bugsAddress({ bugs: { url: '', email: 'bugs@example.org' } })).toBe('bugs@example.org')
  for (const bugs of [undefined, '', { url: '' }])
    expect(bugsAddress(bugs === undefined ? {} : { bugs })).toBeUndefined()
})
