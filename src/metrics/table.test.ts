import { expect, test } from 'vitest'
import { evaluateQueries, type JudgedLists, meanOverQueries } from './evaluate.ts'
import { parseMetric } from './metric.ts'
import { presets } from './presets.ts'
import { conventionTable } from './table.ts'

const lists: JudgedLists = {
  offsets: Uint32Array.of(0, 3, 5),
  labels: [0, 2, 1, 0, 0],
  scores: [3, 2, 1, 2, 1],
  documents: ['a', 'b', 'c', 'd', 'e'],
}

test('the table of conventions has one row a preset and the values of the metrics it names', () => {
  const rows = conventionTable(lists, [1, 3])
  expect(rows.map((row) => row.preset)).toEqual([...presets.keys()])
  for (const { preset, values } of rows) {
    const named = [1, 3].map((k) => meanOverQueries(evaluateQueries(parseMetric(`ndcg@${k}:${preset}`), lists)))
    expect(values).toEqual(named)
  }
})

test('one ranking has as many values as there are definitions', () => {
  const at3 = new Map(conventionTable(lists, [3]).map(({ preset, values }) => [preset, values?.[0]]))
  const [first, second] = [3 / Math.log2(3) + 1 / 2, 3 + 1 / Math.log2(3)]
  expect(at3.get('ranklib')).toBeCloseTo(first / second / 2, 12)
  expect(at3.get('allrank')).toBeCloseTo((first / second + 1) / 2, 12)
  expect(at3.get('letor4')).toBeCloseTo((3 + 1 / Math.log2(3)) / (3 + 1) / 2, 12)
  expect(at3.get('trec')).toBeCloseTo((2 / Math.log2(3) + 1 / 2) / (2 + 1 / Math.log2(3)) / 2, 12)
})

test('a preset that orders ties by name says so where there are no names', () => {
  const { offsets, labels, scores } = lists
  const trec = conventionTable({ offsets, labels, scores }, [1]).find(({ preset }) => preset === 'trec')
  expect(trec).toEqual({ preset: 'trec', values: undefined, reason: expect.stringMatching(/needs document names/) })
})

test('a preset whose tool does not take the labels says so, and costs the others nothing', () => {
  const rows = new Map(conventionTable({ ...lists, labels: [0, 3, 1, 0, 0] }, [1]).map((row) => [row.preset, row]))
  expect(rows.get('letor4')).toMatchObject({
    values: undefined,
    reason: expect.stringMatching(/is 3; expected a whole label/),
  })
  expect(rows.get('mslr')?.values).toHaveLength(1)
  const fractions = conventionTable({ ...lists, labels: [0, 0.5, 1, 0, 0] }, [1])
  expect(fractions.filter(({ values }) => values).map(({ preset }) => preset)).toEqual(
    expect.arrayContaining(['ranklib', 'trec', 'sklearn', 'torchmetrics', 'catboost']),
  )
  expect(fractions.find(({ preset }) => preset === 'rax')).toMatchObject({
    reason: expect.stringMatching(/whole grade/),
  })
})
