import { describe, expect, test } from 'vitest'
import type { Claim } from '../config/claims.ts'
import { paperKeys } from '../config/load.ts'
import type { PaperConfig } from '../config/schema.ts'
import { resolveOne } from '../core/selector.ts'
import { operatorParams } from '../methods/registry.ts'
import type { RunData } from '../results/view.ts'
import { judgedRow, judgePaper, requireConvention } from './find.ts'

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

describe('the good side of a number is that of its measure, whatever experiment measured it', () => {
  const experiment = { name: 'fidelity', params: { n: 32 } }
  const method = resolveOne('rank:sigmoid', operatorParams, 'method')
  const dataset = { name: 'given', params: { values: '5x1x2' } }
  const runOf = (better: 'higher' | 'lower' | 'neither') =>
    ({
      entries: [
        {
          cell: { experiment, method, dataset, implementation: 'rank-bench', split: '' },
          result: { status: 'measured', observations: [{ metric: 'fidelity.snr', unit: '1', better, value: 116 }] },
        },
      ],
    }) as unknown as RunData
  const claim = { id: 'p#1', metric: 'SNR', at: '', value: 1, unit: '1', verified: 'seen' } as Claim
  const rule = { when: {}, experiment: 'fidelity', method: 'rank:sigmoid', dataset: 'given', metric: 'fidelity.snr' }
  const config = { tolerance: { kind: 'absolute', value: 0.1, because: 'test' } } as PaperConfig
  test.each([
    ['higher', 'exceeds'],
    ['lower', 'differs'],
    ['neither', 'differs'],
  ] as const)('%s: a larger number %s', (better, verdict) => {
    expect(judgedRow(claim, rule, 'p', config, runOf(better)).judgement.verdict).toBe(verdict)
  })
})

test.each(paperKeys())('every claim of %s that ships finds its rule or stands as a reference', (key) => {
  const { rows } = judgePaper(key, nothing)
  expect(rows.length).toBeGreaterThan(0)
  for (const { judgement } of rows) expect(['not run', 'recalled', 'reference']).toContain(judgement.verdict)
})
