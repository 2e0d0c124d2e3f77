import { describe, expect, test } from 'vitest'
import { fakeCell, fakeEntry, fakeRun, measured } from '../../../test/fakes.ts'
import type { Cell } from '../../core/cell.ts'
import { subjectRef } from '../../core/method-ref.ts'
import type { Observation, Result } from '../../core/result.ts'
import { html } from '../../report/formats/html.ts'
import { rankingsTable } from '../../report/standings.ts'
import type { Entry } from '../../results/view.ts'
import { standingTables } from './field.ts'
import { rankTable } from './mean-ranks.ts'
import { letorTables } from './table.ts'

const metrics = ['ndcg@10:letor3', 'map:letor4']

function entry(change: Partial<Cell>, samples: readonly number[]): Entry {
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length
  const observations = metrics.map(
    (metric): Observation => ({ metric, unit: '1', better: 'higher', value: mean, samples }),
  )
  const experiment = { name: 'letor', params: { scorer: 'linear', steps: 480 } }
  return fakeEntry(fakeCell({ experiment, ...change }), measured(observations))
}

/** Two losses on two data sets of two folds and two seeds; the second loss is worse by `behind` on every query but one. */
function field(behind: number): Entry[] {
  return ['letor:mq2008', 'letor:ohsumed'].flatMap((dataset) =>
    ['fold1', 'fold2'].flatMap((split) =>
      [1, 2].flatMap((seed) =>
        ['loss:listnet', 'loss:ranknet'].map((name, loss) =>
          entry(
            { dataset: { name: dataset, params: {} }, split, seed, method: subjectRef({ name, params: {} }) },
            Array.from({ length: 30 }, (_, q) => 0.5 + 0.01 * q - (loss * behind * (q % 10)) / 5 + 0.001 * seed),
          ),
        ),
      ),
    ),
  )
}

const renamed = (each: Entry): Entry => ({
  ...each,
  key: `${each.key} again`,
  cell: { ...each.cell, method: subjectRef({ name: 'loss:softmax', params: {} }) },
})

describe('rankers of a data set', () => {
  test('are compared query by query, means over seeds, the better one first', () => {
    const [table] = standingTables(fakeRun(field(0.1)))
    expect(table.title).toBe('Which rankers may be the best: letor:mq2008, ndcg@10:letor3')
    expect(table.rows.map((row) => [row[0].text, row[2].text])).toEqual([
      ['loss:listnet', 'yes'],
      ['loss:ranknet', 'no'],
    ])
    expect(table.rows[1][3].data).toBeCloseTo(-0.09, 9)
    expect(table.rows[1][5].text).toBe('0/6/54')
    expect(table.about.join()).toContain('60 queries')
  })
  test('are one ranker under both names when they came out the same on every query', () => {
    const three = [
      ...field(0.1),
      ...field(0)
        .filter(({ cell }) => cell.method.name === 'loss:listnet')
        .map(renamed),
    ]
    const [table] = standingTables(fakeRun(three))
    expect(table.rows.map((row) => row[0].text)).toEqual(['loss:listnet = loss:softmax', 'loss:ranknet'])
  })
  test('are refused when they count other queries', () => {
    const systems = [
      { name: 'a', perQuery: [1, 2, 3] },
      { name: 'b', perQuery: [1, 2] },
    ]
    const heading = { id: '', title: '', about: [] }
    expect(() => rankingsTable('map:letor4', systems, heading)).toThrow(
      'map:letor4: a and b do not count the same queries (3 and 2)',
    )
    const dropped = [
      { name: 'a', perQuery: [1, Number.NaN] },
      { name: 'b', perQuery: [1, 2] },
    ]
    expect(() => rankingsTable('map:letor4', dropped, heading)).toThrow('do not count the same queries')
  })
  test('leaves a ranker out that lacks a fold', () => {
    const entries = field(0.1).filter(({ cell }) => cell.method.name === 'loss:listnet' || cell.split === 'fold1')
    expect(standingTables(fakeRun(entries))).toEqual([])
  })
  test('have mean ranks over all folds of all data sets', () => {
    const table = rankTable(fakeRun(field(0.1)))!
    expect(table.rows.map((row) => row.slice(0, 2).map((value) => value.text))).toEqual([
      ['loss:listnet', '1.00 [1.00, 1.00]'],
      ['loss:ranknet', '2.00 [2.00, 2.00]'],
    ])
    expect(table.about[0]).toContain('4 blocks')
  })
  test('take the scorer that the validation parts prefer, whatever the test parts say', () => {
    const withScorer = (scorer: string, reached: number, better: number) =>
      field(0.1).map((each): Entry => {
        const cell = { ...each.cell, experiment: { name: 'letor', params: { scorer, steps: 480 } } }
        const { observations } = each.result as Extract<Result, { status: 'measured' }>
        const raised = observations.map((one) => ({ ...one, samples: one.samples!.map((value) => value + better) }))
        const curve: Observation = { ...raised[0], metric: 'curve:validation:map:letor4', samples: [0, reached] }
        return {
          ...each,
          key: `${each.key} ${scorer}`,
          cell,
          result: { ...each.result, cell, observations: [...raised, curve] } as Result,
        }
      })
    // The MLP is better on the test parts by .2, and worse on the validation parts.
    const table = rankTable(fakeRun([...withScorer('linear', 0.5, 0), ...withScorer('mlp', 0.4, 0.2)]))!
    expect(table.rows.map((row) => row.slice(2).map((value) => value.text))).toEqual([
      ['linear', 'linear'],
      ['linear', 'linear'],
    ])
  })
})

test('a loss that was run with other settings stands in the same table and says so', () => {
  const usual = field(0.1).filter(({ cell }) => cell.dataset.name === 'letor:mq2008')
  const other = entry(
    {
      experiment: { name: 'letor', params: { scorer: 'linear', steps: 40 } },
      method: subjectRef({ name: 'loss:pirank', params: {} }),
    },
    [0.1, 0.2],
  )
  const baseline = entry(
    { experiment: { name: 'baseline', params: {} }, method: subjectRef({ name: 'ranker:bm25', params: {} }) },
    [0.1, 0.1],
  )
  const tables = letorTables(fakeRun([...usual, other, baseline]), [])
  expect(tables.length).toBe(1)
  expect(tables[0].rows.map((row) => row[0].text)).toEqual([
    'loss:listnet',
    'loss:ranknet',
    'loss:pirank, letor[steps=40]',
    'baseline: bm25',
  ])
})

test('columns are the metrics that the plan named, else those that a reader knows', () => {
  const columns = (params: Readonly<Record<string, string>>) =>
    letorTables(
      fakeRun([entry({ experiment: { name: 'letor', params: { scorer: 'linear', ...params } } }, [0.1, 0.2])]),
      [],
    )
      .flatMap((table) => table.columns.map(({ title }) => title))
      .slice(1)
  expect(columns({})).toEqual(['map:letor4'])
  expect(columns({ metrics: 'map:letor4+ndcg@10:letor3' })).toEqual(['map:letor4', 'ndcg@10:letor3'])
})

test('the page stands alone and escapes what it shows', () => {
  const [table] = standingTables(fakeRun(field(0.1)))
  const page = html([{ ...table, title: 'a < b & c' }], [{ title: 'x', svg: '<svg></svg>' }])
  expect(page).toContain('a &lt; b &amp; c')
  expect(page).toContain('<svg></svg>')
  expect(page).not.toMatch(/href="http| src=|@import|url\(/)
})
