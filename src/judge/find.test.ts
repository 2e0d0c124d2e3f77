import { describe, expect, test } from 'vitest'
import { paperKeys } from '../config/load.ts'
import type { RunData } from '../results/view.ts'
import { judgePaper, requireConvention } from './find.ts'

const nothing = { entries: [] } as unknown as RunData

describe('a claim is compared under the convention it was printed under', () => {
  const claim = { id: 'p#1', metric: 'NDCG (LETOR)' }
  test('and refused under another', () => {
    expect(() => requireConvention(claim, 'ndcg@10:trec')).toThrow(
      'claim p#1 is NDCG (LETOR), and its rule compares it with ndcg@10:trec; expected convention letor3 or letor4',
    )
    expect(() => requireConvention({ ...claim, metric: 'NDCG (allRank: x)' }, 'ndcg@10:letor4')).toThrow('allrank')
  })
  test('which its metric must name', () => {
    expect(() => requireConvention(claim, 'ndcg@10')).toThrow('has no convention')
  })
  test('and passes under its own', () => {
    expect(() => requireConvention(claim, 'ndcg@10:letor3')).not.toThrow()
    expect(() => requireConvention({ id: 'p#2', metric: 'P' }, 'p@3:letor4')).not.toThrow()
  })
})

test.each(paperKeys())('every claim of %s that ships finds its rule or stands as a reference', (key) => {
  const { rows } = judgePaper(key, nothing)
  expect(rows.length).toBeGreaterThan(0)
  for (const { judgement } of rows) expect(['not run', 'recalled', 'reference']).toContain(judgement.verdict)
})
