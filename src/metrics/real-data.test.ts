import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { evaluateAll, evaluateQueries, type JudgedLists, meanOverQueries } from './evaluate.ts'
import { parseMetric, parseMetrics } from './metric.ts'
import { conventionTable } from './table.ts'

const root = process.env.RANK_BENCH_DATA
const folder = root ? join(root, 'mq2008') : undefined
const absent = !folder || !existsSync(folder)
if (absent) {
  console.log(
    'skipped: RANK_BENCH_DATA has no mq2008; LETOR 4.0 ceilings and identities of conventions are not checked',
  )
}

/** One part: labels, feature 25 as scores (BM25 of the body, many ties) and document names. */
function readPart(part: string): JudgedLists {
  const lines = gunzipSync(readFileSync(join(folder!, `${part}.txt.gz`)))
    .toString()
    .split('\n')
    .filter(Boolean)
  const queries = lines.map((line) => line.split(' ', 2)[1])
  const starts = queries.flatMap((query, i) => (query !== queries[i - 1] ? [i] : []))
  return {
    offsets: Uint32Array.from([...starts, lines.length]),
    labels: lines.map((line) => Number(line[0])),
    scores: lines.map((line) => Number(/ 25:(\S+)/.exec(line)![1])),
    documents: lines.map((line) => /#docid = (\S+)/.exec(line)![1]),
  }
}

const pool = (parts: readonly JudgedLists[]): JudgedLists => ({
  offsets: Uint32Array.from(
    parts.flatMap(({ offsets }, p) => {
      const before = parts.slice(0, p).reduce((sum, part) => sum + part.labels.length, 0)
      return Array.from(offsets.slice(p === 0 ? 0 : 1), (offset) => before + offset)
    }),
  ),
  labels: parts.flatMap(({ labels }) => Array.from(labels)),
  scores: parts.flatMap(({ scores }) => Array.from(scores)),
  documents: parts.flatMap(({ documents }) => documents!),
})

const perQuery = (metric: string, lists: JudgedLists) => evaluateQueries(parseMetric(metric), lists)
const mean = (metric: string, lists: JudgedLists) => meanOverQueries(perQuery(metric, lists))

describe.skipIf(absent)('MQ2008', () => {
  let parts: JudgedLists[] = []
  let all: JudgedLists
  beforeAll(() => {
    parts = ['S1', 'S2', 'S3', 'S4', 'S5'].map(readPart)
    all = pool(parts)
  })
  const lengths = () => Array.from(all.offsets.slice(1), (end, q) => end - all.offsets[q])

  test('has 784 queries, 220 of them blank, 64 below 8 documents and 403 below 9 and below 10', () => {
    const blank = perQuery('ndcg[blank=drop]', all).filter(Number.isNaN)
    const below = (n: number) => lengths().filter((length) => length < n).length
    expect([lengths().length, blank.length, below(8), below(9), below(10)]).toEqual([784, 220, 64, 403, 403])
  })
  test('ranked by its own labels reaches the ceilings of the LETOR 4.0 script, .3737 at k = 10', () => {
    const perfect = { ...all, scores: all.labels }
    const ceilings = [0.7194, 0.7194, 0.7194, 0.7194, 0.7194, 0.7181, 0.713, 0.6607, 0.3737, 0.3737]
    ceilings.forEach((ceiling, i) => {
      expect(mean(`ndcg@${i + 1}:letor4`, perfect)).toBeCloseTo(ceiling, 4)
    })
    expect(mean('ndcg@10:letor3-padded', perfect)).toBeCloseTo(564 / 784, 12)
    expect(mean('ndcg@10:allrank', perfect)).toBeCloseTo(1, 12)
  })
  test.each([1, 3, 5, 10])(
    'at k = %i counting blank lists as 1 adds their share, dropping them divides by the rest',
    (k) => {
      const [zero, one, drop] = [0, 1, 'drop'].map((blank) => mean(`ndcg@${k}[blank=${blank}]`, all))
      expect(one - zero).toBeCloseTo(220 / 784, 12)
      expect(drop).toBeCloseTo((zero * 784) / (784 - 220), 12)
      for (const part of parts) {
        const values = perQuery(`ndcg@${k}[blank=drop]`, part)
        const share = values.filter(Number.isNaN).length / values.length
        expect(mean(`ndcg@${k}:allrank`, part) - mean(`ndcg@${k}:rax`, part)).toBeCloseTo(share, 12)
      }
    },
  )
  test('the rule of the LETOR scripts takes exactly the lists below k from the padded value', () => {
    const [padded, zeroed] = [perQuery('ndcg@10:letor3-padded', all), perQuery('ndcg@10:letor4', all)]
    expect(Array.from(zeroed)).toEqual(Array.from(padded, (value, q) => (lengths()[q] < 10 ? 0 : value)))
    expect(perQuery('ndcg@10:letor3', all)).toEqual(zeroed)
  })
  test('tied scores: the average lies between the pessimistic and the optimistic order', () => {
    const rules = ['pessimistic', 'average', 'optimistic', 'stable', 'docid']
    const metrics = parseMetrics(rules.map((ties) => `ndcg@5[ties=${ties}]`).join(','))
    const means = [...evaluateAll(metrics, all).values()].map(meanOverQueries)
    const [worst, average, best, ...fixed] = means
    expect(worst).toBeLessThan(average)
    expect(average).toBeLessThan(best)
    for (const value of fixed) expect(value >= worst && value <= best).toBe(true)
  })
  test('one ranking differs by more than .4 between the conventions of two tools', () => {
    const at10 = conventionTable(all, [10]).map(({ values }) => values![0])
    expect(Math.max(...at10) - Math.min(...at10)).toBeGreaterThan(0.4)
  })
})
