import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { evaluateAll } from '../../metrics/evaluate.ts'
import { parseMetrics } from '../../metrics/metric.ts'
import { joinRun } from './join.ts'
import { readQrels, readRun } from './judgements.ts'

const folder = mkdtempSync(join(tmpdir(), 'rank-bench-trec-'))
function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const qrels = file('qrels', 'q1 0 a 2\nq1 0 b 0\nq1 0 c 1\nq2 0 a 1\nq2 0 x -1\nq3 0 a 1\n')
const run = file('run', 'q1 Q0 c 1 9.5 t\r\nq1 Q0 z 2 8 t\r\nq2\tQ0\ta 1 1e-3 t\n\nq9 Q0 a 1 3 t')

test('a run is joined to its judgements, query by query', async () => {
  const joined = joinRun(await readQrels(qrels), await readRun(run))
  expect(joined.queries).toEqual(['q1', 'q2', 'q3'])
  expect([...joined.offsets]).toEqual([0, 2, 3, 3])
  expect([...joined.labels]).toEqual([1, 0, 1])
  expect(joined.documents).toEqual(['c', 'z', 'a'])
  expect(joined.unranked.map((labels) => [...labels])).toEqual([[2, 0], [0], [1]])
  expect(joined.missing).toEqual(['q3'])
  expect(joined.unjudged).toEqual(['q9'])
})

test('documents that a run leaves out count in the ideal and in the number of relevant ones', async () => {
  const joined = joinRun(await readQrels(qrels), await readRun(run))
  const values = evaluateAll(parseMetrics('ndcg@10:trec,map:trec,recall@5:trec,p@2:trec'), joined)
  // q1 ranks c (1), z (not judged); the ideal is 2, 1, 0.
  expect(values.get('ndcg@10:trec')![0]).toBeCloseTo(1 / (2 + 1 / Math.log2(3)), 12)
  expect(values.get('map:trec')![0]).toBe(0.5)
  expect(values.get('recall@5:trec')![0]).toBe(0.5)
  expect(values.get('p@2:trec')![0]).toBe(0.5)
  expect([...values.get('ndcg@10:trec')!].slice(1)).toEqual([1, 0])
})

describe('a damaged file', () => {
  test.each([
    ['q1 0 a\n', /line 1: "q1 0 a" has 3 words; expected query iteration document relevance/],
    ['q1 0 a 1\nq1 0 b one\n', /line 2: the relevance is "one"; expected a finite number/],
    ['q1 0 a 1\nq2 0 a 1\nq1 0 a 0\n', /line 3: query q1 has document a twice/],
    ['\n', /no lines; expected query iteration document relevance/],
  ])('%j is refused with its line', async (text, message) => {
    await expect(readQrels(file('bad', text))).rejects.toThrow(message)
  })
})
