import { beforeAll, describe, expect, test } from 'vitest'
import type { Cell } from '../../core/cell.ts'
import type { Bench, Experiment } from '../../core/experiment.ts'
import { measureOf } from '../../core/measure.ts'
import { methodRef } from '../../core/method-ref.ts'
import { resolveParams } from '../../core/params.ts'
import type { RunData } from '../../core/report.ts'
import type { Observation } from '../../core/result.ts'
import { softnessOf } from '../../core/softness.ts'
import { datasets, operators } from '../../registry.ts'
import { accuracyObservations } from '../sequence-sorting/accuracy.ts'
import { fields } from './contest.ts'
import { sortingContest } from './experiment.ts'
import { rankedSorters } from './mean-ranks.ts'
import { parseSettings } from './settings.ts'
import { sortingStep, stepMetrics } from './step.ts'
import { summaryTable } from './table.ts'

const bench = {
  data: { root: undefined, seed: 1 },
  everyQuery: false,
  operator: ({ name }: { name: string }) => operators.get(name)!,
  dataset: ({ name }: { name: string }) => datasets.get(name)!,
  time: (metric: string, call: () => void): Observation => {
    call()
    return { metric, unit: 'ns', better: 'lower', value: 1, samples: [1] }
  },
} as unknown as Bench

const refOf = (name: string) => methodRef({ name, params: resolveParams(operators.get(name)!.params, {}, name) })

const cellOf = (experiment: Experiment, name: string, given: object, n = 3, seed = 1): Cell => ({
  experiment: { name: experiment.name, params: resolveParams(experiment.params, { ...given }, experiment.name) },
  version: experiment.version,
  system: 'rank-bench',
  method: refOf(name),
  dataset: {
    name: 'sequences',
    params: resolveParams(datasets.get('sequences')!.params, { digits: 1, n }, 'sequences'),
  },
  dataDigest: '',
  split: '',
  seed,
  precision: 'f64',
  protocol: '',
})

const small = { filters: '3', hidden: 8, trials: 4, steps: 40, check: 10, validation: 40, test: 60 }

describe('a cell of the contest', () => {
  let found: readonly Observation[]
  const value = (metric: string) => found.find((each) => each.metric === metric)!
  beforeAll(async () => {
    found = await sortingContest.run(cellOf(sortingContest, 'matrix:softsort', small), bench)
  }, 120_000)

  test('answers with measures that it declares', () => {
    expect(found.filter(({ metric }) => measureOf(sortingContest.measures, metric) === undefined)).toEqual([])
  })
  test('tells every trial, and keeps the one that validation prefers of those that came to the end', () => {
    const steps = value('trial:steps').samples!
    const reached = value('trial:validation').samples!
    expect(steps).toHaveLength(4)
    const last = reached.filter((_, t) => steps[t] === small.steps)
    expect(value('curve:validation').value).toBe(Math.max(...last))
  })
  test('gives up the worse half of the trials on the way', () => {
    expect([...value('trial:steps').samples!].sort((a, b) => a - b)).toEqual([20, 20, 40, 40])
  })
  test('says rate and softness of the one that is kept, both of what was offered', () => {
    const { choices } = parseSettings(cellOf(sortingContest, 'matrix:softsort', small).experiment.params)
    expect(choices.learningRate).toContain(value('learning-rate').value)
    expect(choices.softness).toContain(value('softness-factor').value)
  })
})

test('every operator that has a softness has as many trials as any other', () => {
  const { trials, choices } = parseSettings(resolveParams(sortingContest.params, {}, 'sorting-contest'))
  expect(choices.learningRate.length * choices.softness.length).toBeGreaterThanOrEqual(trials)
  const soft = ['matrix:neuralsort', 'matrix:network', 'matrix:smoothi', 'rank:permutahedron', 'rank:softrank']
  expect(soft.filter((name) => softnessOf(operators.get(name)!, refOf(name).params) === undefined)).toEqual([])
})

test('rates that are no numbers are refused', () => {
  const given = resolveParams(sortingContest.params, { 'learning-rates': '0.1x0' }, 'sorting-contest')
  expect(() => parseSettings(given)).toThrow('learning-rates is "0.1x0"; expected numbers above 0')
})

test('a step is timed as it is trained: the loss alone, and all of it', async () => {
  const cell = cellOf(sortingStep, 'rank:permutahedron', { filters: '2', hidden: 4 })
  const found = await sortingStep.run(cell, bench)
  expect(found.map(({ metric }) => metric)).toEqual([stepMetrics.loss, stepMetrics.step])
  for (const { metric } of found) expect(measureOf(sortingStep.measures, metric)).toBeDefined()
})

describe('the field', () => {
  /** `right` of 40 sequences are sorted. */
  const entryOf = (name: string, n: number, seed: number, right: number) => {
    const cell = cellOf(sortingContest, name, {}, n, seed)
    const all = Array.from({ length: 40 }, (_, i) => (i < right ? 1 : 0))
    const key = JSON.stringify([name, n, seed])
    const observations = accuracyObservations({ all, each: all, five: [] })
    return {
      key,
      cell,
      visits: [],
      result: { key, cell, status: 'measured' as const, observations, warnings: [] },
    }
  }
  const names = ['matrix:neuralsort', 'matrix:softsort', 'rank:sigmoid']
  const run = {
    name: 'contest',
    directory: 'contest',
    machine: 'm',
    entries: [3, 4].flatMap((n) =>
      [1, 2].flatMap((seed) => names.map((name, i) => entryOf(name, n, seed, 36 - 12 * i + seed))),
    ),
    spaces: new Map(),
  } as unknown as RunData

  test('ranks operators by the sequences that they sort, length by length', () => {
    const [short, long] = fields(run)
    expect([short.n, long.n]).toEqual([3, 4])
    expect(short.sorters.map(({ entries }) => entries[0].cell.method.name)).toEqual(names)
    expect(short.sorters[0].bySeed).toEqual([37 / 40, 38 / 40])
    expect(short.sorters.map(({ standing }) => standing.mayBeBest)).toEqual([true, false, false])
  })
  test('has a mean rank over all seeds and lengths', () => {
    const ranks = rankedSorters(run)!
    expect(ranks.blocks).toBe(4)
    expect(ranks.meanRanks).toEqual([1, 2, 3])
  })
  test('stands in one table, in the order of the mean ranks, without times where none were taken', () => {
    const { columns, rows } = summaryTable(run)!
    expect(columns.map(({ title }) => title)).toEqual(['operator', 'n = 3', 'n = 4', 'mean rank'])
    expect(rows.map(([, first]) => first.mark)).toEqual(['*', undefined, undefined])
  })
})
