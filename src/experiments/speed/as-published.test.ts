import { describe, expect, test } from 'vitest'
import { fakeCell, fakeEntry, fakeRun, measured } from '../../../test/fakes.ts'
import type { Cell } from '../../core/cell.ts'
import type { Bench } from '../../core/experiment.ts'
import type { OperatorSpec, Plan } from '../../core/method.ts'
import { methodRef } from '../../core/method-ref.ts'
import { resolveParams } from '../../core/params.ts'
import type { Visit } from '../../core/result.ts'
import { regularShape } from '../../core/shape.ts'
import { datasets, operators } from '../../registry.ts'
import { asPublished } from './as-published.ts'
import { asPublishedTables } from './as-published-table.ts'
import { trainingStep } from './script-training.ts'
import { scriptNames } from './scripts.ts'

const data = (params: object) => ({
  name: 'sorting',
  params: resolveParams(datasets.get('sorting')!.params, { ...params }, 'sorting'),
})

const cellOf = (protocol: string, name: string, params: object = {}, size: object = { n: 6 }): Cell =>
  fakeCell({
    experiment: { name: asPublished.name, params: { protocol, threads: 1 } },
    method: methodRef({ name, params: resolveParams(operators.get(name)!.params, { ...params }, name) }),
    dataset: data(size),
    split: '',
  })

/** An operator of ours that writes down what is called of it, on a clock that says 1 ms of every piece of work. */
function watched(cell: Cell) {
  const calls: string[] = []
  const spec = operators.get(cell.method.name)!
  const watchedSpec: OperatorSpec = {
    ...spec,
    plan(shape, params, precision): Plan {
      const plan = spec.plan(shape, params, precision)
      const n = plan.values.length
      const forward = () => {
        calls.push(`forward ${n}`)
        plan.forward()
      }
      const backward = () => {
        calls.push(`backward ${n} of ${Math.max(...plan.cotangent)}`)
        plan.backward()
      }
      return { ...plan, forward, backward }
    },
  }
  const bench = {
    operator: () => watchedSpec,
    dataset: () => datasets.get('sorting')!,
    elapsed(work: () => void) {
      work()
      return 1e6
    },
  } as unknown as Bench
  return { calls, bench }
}

const count = (calls: readonly string[], text: string): number => calls.filter((call) => call.startsWith(text)).length

describe('a published script, on ours', () => {
  test('of torchsort: one pass of ten items, then a hundred calls of each pass, with the gradient of the sum', async () => {
    const cell = cellOf('torchsort', 'sort:permutahedron')
    const { calls, bench } = watched(cell)
    const found = await asPublished.run(cell, bench)
    expect(found.map(({ metric, value }) => [metric, value])).toEqual([
      ['script.forward', 1e4],
      ['script.forward+backward', 1e4],
    ])
    expect(calls.slice(0, 2)).toEqual(['forward 10', 'backward 10 of 1'])
    expect([count(calls, 'forward 6'), count(calls, 'backward 6 of 1')]).toEqual([200, 100])
  })
  test('of a sort without softness times the forward pass alone', async () => {
    const cell = cellOf('torchsort', 'sort:hard')
    const found = await asPublished.run(cell, watched(cell).bench)
    expect(found.map(({ metric }) => metric)).toEqual(['script.forward'])
  })
  test('of softjax: three trials of four batches that last 400 ms, three calls before each', async () => {
    const cell = cellOf('softjax', 'sort:permutahedron')
    const { calls, bench } = watched(cell)
    await asPublished.run(cell, bench)
    // A first call of 1 ms, so 400 calls a batch.
    expect(count(calls, 'backward 6')).toBe(3 * (1 + 4 * (3 + 400)))
  })
  test('of LapSum: each pass once on each of three inputs, at a random cotangent', async () => {
    const cell = cellOf('lapsum', 'topk:lapsum', { k: 2 })
    const { calls, bench } = watched(cell)
    await asPublished.run(cell, bench)
    expect(calls.map((call) => call.split(' ')[0])).toEqual(Array(3).fill(['forward', 'backward']).flat())
    expect(calls).not.toContain('backward 6 of 1')
  })
  test('of SoftSort: a hundred steps after one', async () => {
    const cell = cellOf('softsort', 'matrix:softsort', { power: 2, tau: 0.1, direction: 'descending' })
    const { calls, bench } = watched(cell)
    const [step] = await asPublished.run(cell, bench)
    expect(step).toMatchObject({ metric: 'script.step', value: 1e4 })
    expect(count(calls, 'forward')).toBe(101)
  })
})

describe('the training step of SoftSort', () => {
  const params = { power: 2, tau: 0.1, direction: 'descending' }
  const planOf = () => {
    const spec = operators.get('matrix:softsort')!
    return spec.plan(regularShape(1, 3), resolveParams(spec.params, { ...params }, 'softsort'), 'f64')
  }
  const descent = { learningRate: 10, momentum: 0.5, weightDecay: 0.01 }

  test('is the one that PyTorch takes', () => {
    // Their script in float64 with SoftSort_p2(tau=0.1), scores = [[-0.5, 0.75, 0.25]], PyTorch 2.13.
    const theirs = [
      [83.31658380091181, -66.89987334622467, -15.966710454687142],
      [116.89971890963999, -93.80595066609717, -22.713768243542802],
    ]
    const { scores, step } = trainingStep(planOf(), regularShape(1, 3), Float64Array.of(-0.5, 0.75, 0.25), descent)
    for (const expected of theirs) {
      step()
      for (const [i, value] of expected.entries()) expect(scores[i] / value).toBeCloseTo(1, 12)
    }
  })
  test('ends with a rank correlation: 1 for n, ..., 1', () => {
    const of = (...first: number[]) =>
      trainingStep(planOf(), regularShape(1, 3), Float64Array.from(first), descent).correlation()
    expect([of(3, 2, 1), of(1, 2, 3), of(-0.5, 0.75, 0.25)]).toEqual([1, -1, -0.5])
  })
})

describe('the report of two protocols', () => {
  const visits = (metric: string, times: readonly number[]): Visit[] =>
    times.map((value, round) => ({
      key: '',
      round,
      startedAt: '',
      elapsedMs: 1,
      outcome: measured([{ metric, unit: 'ns', better: 'lower', value, samples: [value] }]),
    }))
  const entry = (cell: Cell, metric: string, times: readonly number[]) =>
    fakeEntry(
      cell,
      measured([{ metric, unit: 'ns', better: 'lower', value: times[0], samples: times }]),
      visits(metric, times),
    )
  const script = cellOf('lapsum', 'topk:lapsum', { k: 2 })
  const honest: Cell = { ...script, experiment: { name: 'speed', params: { beside: 'lapsum', threads: 1 } } }
  const theirs = (cell: Cell): Cell => ({ ...cell, system: 'lapsum' })
  const run = fakeRun([
    entry(script, 'script.forward', [100, 100, 100]),
    entry(theirs(script), 'script.forward', [300, 300, 300]),
    entry(honest, 'time.forward', [10, 10, 10]),
    entry(theirs(honest), 'time.forward', [120, 120, 120]),
  ])

  test('has both ratios in a line, and how many times the one is the other', () => {
    const [table] = asPublishedTables(run)
    const [forward] = table.rows
    expect(table.id).toBe('speed-as-published/lapsum')
    expect(forward.slice(5).map(({ data }) => data)).toEqual([100, 300, 3, 12, 0.25])
  })
  test('says where the same was not measured by ours', () => {
    const [table] = asPublishedTables({ ...run, entries: run.entries.slice(0, 2) })
    expect(table.rows[0].slice(-2).map(({ text }) => text)).toEqual(['not measured', '–'])
  })
  test('is of every script that there is', () => {
    expect(asPublished.params.protocol).toMatchObject({ choices: scriptNames })
  })
})
