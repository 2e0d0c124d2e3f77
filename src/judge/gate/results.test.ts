import { describe, expect, test } from 'vitest'
import type { GatePlan, Limit } from '../../core/gate.ts'
import { randomStream } from '../../core/random.ts'
import type { Observation } from '../../core/result.ts'
import { type ResultPair, resultRows } from './results.ts'

const plan: GatePlan = { looks: [24], alarm: 0.01, pass: 0.05, spending: 'pocock', confirm: 24 }
const number = (metric: string, value: number, better: Observation['better'] = 'lower'): Observation => ({
  metric,
  unit: '1',
  better,
  value,
})
const pairOf = (before: Observation[], after: Observation[], limit: Limit): ResultPair => ({
  key: 'k',
  subject: 's',
  limit,
  before,
  after,
})
const verdictOf = (pair: ResultPair) => resultRows([pair], plan)[0].verdict

/** A ranker on 300 queries, and the same one off by `shift` on each, with some noise. */
function queries(shift: number, noise: number): [Observation, Observation] {
  const random = randomStream(4, `queries ${shift} ${noise}`)
  const before = Array.from({ length: 300 }, () => random.uniform())
  const after = before.map((value) => value + shift + noise * random.normal())
  const of = (samples: number[]): Observation => ({
    ...number('ndcg@10', samples.reduce((a, b) => a + b) / 300, 'higher'),
    samples,
  })
  return [of(before), of(after)]
}

describe('results of one number', () => {
  test.each([
    ['a law that broke', number('broken.f64', 0), number('broken.f64', 1), { by: 'amount', most: 0 }, 'regressed'],
    ['a law that was mended', number('broken.f64', 1), number('broken.f64', 0), { by: 'amount', most: 0 }, 'improved'],
    [
      'an error of two bits more',
      number('error.gradients', 1e-7),
      number('error.gradients', 4e-7),
      { by: 'share', most: 1 },
      'regressed',
    ],
    [
      'an error of less than a bit more',
      number('error.gradients', 1e-7),
      number('error.gradients', 1.5e-7),
      { by: 'share', most: 1 },
      'equivalent',
    ],
    [
      'an error that was none',
      number('error.gradients', 0),
      number('error.gradients', 1e-9),
      { by: 'share', most: 1 },
      'regressed',
    ],
    [
      'an accuracy below the bound',
      number('accuracy', 0.9, 'higher'),
      number('accuracy', 0.89, 'higher'),
      { by: 'amount', most: 0.005 },
      'regressed',
    ],
    [
      'the same number',
      number('memory.plan', 4096),
      number('memory.plan', 4096),
      { by: 'share', most: 0.02 },
      'equivalent',
    ],
  ] as const)('%s', (_, before, after, limit, verdict) => {
    expect(verdictOf(pairOf([before], [after], limit))).toBe(verdict)
  })
  test('have no verdict where there is no share: a number that fell below zero', () => {
    expect(verdictOf(pairOf([number('growth', -1)], [number('growth', 1)], { by: 'share', most: 0.1 }))).toBe(
      'inconclusive',
    )
  })
})

describe('results of many queries', () => {
  const bound: Limit = { by: 'amount', most: 0.005 }
  test('pass where the mean difference is provably smaller than the bound', () => {
    const [before, after] = queries(0, 0.01)
    expect(verdictOf(pairOf([before], [after], bound))).toBe('equivalent')
  })
  test('regress where it is provably larger', () => {
    const [before, after] = queries(-0.02, 0.02)
    expect(verdictOf(pairOf([before], [after], bound))).toBe('regressed')
  })
  test('are inconclusive where queries differ too much to say', () => {
    const [before, after] = queries(-0.004, 0.2)
    const [row] = resultRows([pairOf([before], [after], bound)], plan)
    expect(row.verdict).toBe('inconclusive')
    expect(row.reason).toMatch(/more queries or seeds/)
  })
  test('count every query of every fold once', () => {
    const [before, after] = queries(0, 0.01)
    expect(resultRows([pairOf([before, before], [after, after], bound)], plan)[0].pairs).toBe(600)
  })
  test('a hundred unchanged metrics raise no alarm together', () => {
    const pairs = Array.from({ length: 100 }, (_, i) => {
      const [before, after] = queries(1e-9 * i, 0.05)
      return pairOf([before], [after], bound)
    })
    expect(resultRows(pairs, plan).filter(({ verdict }) => verdict === 'regressed')).toEqual([])
  })
})
