import { describe, expect, test } from 'vitest'
import { compare, type Printed } from './compare.ts'
import { judgeExact, printsAs } from './exact.ts'
import { identify } from './identification.ts'
import { marginOf } from './margin.ts'
import type { FoldValue, Measured } from './measured.ts'
import { queryDistance } from './query-distance.ts'
import { specificityOf } from './specificity.ts'
import { type Case, describe as judgementOf, verdictsOf } from './verdict.ts'

const names = ['fold1', 'fold2', 'fold3', 'fold4', 'fold5']
const value = (own: number, queries?: readonly number[], seeds = [own]): FoldValue => ({
  value: own,
  queries,
  seeds: new Map(seeds.map((each, seed) => [seed + 1, each])),
})
const measured = (values: readonly number[], folds = names): Measured =>
  new Map(values.map((each, i) => [folds[i], value(each)]))
const printed = (values: readonly number[], change: Partial<Printed> = {}): Printed => ({
  value: values.reduce((a, b) => a + b, 0) / values.length,
  folds: names.slice(0, values.length),
  byFold: new Map(values.map((each, i) => [names[i], each])),
  queries: new Map(),
  ...change,
})
const theirs = [0.34, 0.45, 0.46, 0.52, 0.47]
const plus = (by: readonly number[]) => theirs.map((each, i) => each + by[i])
const small = [0.001, -0.001, 0.002, 0, -0.002]

/** The verdict of ours against theirs, tested by itself. */
function verdictOf(ours: Measured, source: Printed, margin = 0.009, better: Case['better'] = 'higher') {
  const comparison = compare(ours, source, false)
  if ('missing' in comparison) return `not run: ${comparison.missing}`
  return verdictsOf([{ comparison, margin, better }])[0]
}

describe('a mean whose folds are printed', () => {
  test('is paired fold by fold: what folds share does not count', () => {
    expect(verdictOf(measured(plus(small)), printed(theirs))).toBe('reproduced')
    expect(verdictOf(measured(plus(small.map((each) => each + 0.02))), printed(theirs))).toBe('exceeds')
    expect(verdictOf(measured(plus(small.map((each) => each - 0.02))), printed(theirs))).toBe('differs')
    expect(verdictOf(measured(plus([0.03, -0.03, 0.04, 0.01, -0.04])), printed(theirs))).toBe('inconclusive')
  })
  test('is ahead on the good side of its measure, wherever it was measured', () => {
    const more = measured(plus(small.map((each) => each + 0.02)))
    expect(verdictOf(more, printed(theirs), 0.009, 'lower')).toBe('differs')
    expect(verdictOf(more, printed(theirs), 0.009, 'neither')).toBe('differs')
    expect(verdictOf(measured(plus(small.map((each) => each - 0.02))), printed(theirs), 0.009, 'lower')).toBe('exceeds')
  })
  test('is compared by the names of its folds, in whatever order they ran', () => {
    const shuffled = new Map([...measured(plus(small))].reverse())
    expect(verdictOf(shuffled, printed(theirs))).toBe('reproduced')
  })
  test('is not compared with a mean over other folds', () => {
    const four = new Map([...measured(plus(small))].filter(([fold]) => fold !== 'fold2'))
    expect(verdictOf(four, printed(theirs))).toBe('not run: fold2 not measured')
  })
  test('of four folds is compared with the same four of ours', () => {
    const folds = ['fold1', 'fold3', 'fold4', 'fold5']
    const byFold = new Map(folds.map((fold) => [fold, theirs[names.indexOf(fold)]]))
    const four = printed(theirs, { folds, byFold, value: (0.34 + 0.46 + 0.52 + 0.47) / 4 })
    const comparison = compare(measured(plus(small)), four, false)
    expect(comparison).toMatchObject({ evidence: 'fold', estimate: { pairs: 4 } })
  })
  test('is not reproduced by folds that are shifted by one', () => {
    const shifted = measured(plus(small), ['fold2', 'fold3', 'fold4', 'fold5', 'fold1'])
    expect(verdictOf(shifted, printed(theirs))).toBe('inconclusive')
  })
})

describe('a mean whose queries are published', () => {
  const queries = names.map((_, fold) => Array.from({ length: 40 }, (__, q) => ((7 * q + fold) % 10) / 10))
  const source = printed(theirs, { queries: new Map(names.map((fold, i) => [fold, queries[i]])) })
  const ours = (shift: (q: number) => number): Measured =>
    new Map(
      names.map((fold, i) => {
        const own = queries[i].map((each, q) => each + shift(q))
        return [fold, value(own.reduce((a, b) => a + b, 0) / own.length, own)]
      }),
    )
  test('is paired query by query', () => {
    const comparison = compare(
      ours((q) => (q % 2 ? 0.01 : -0.01)),
      source,
      false,
    )
    expect(comparison).toMatchObject({ evidence: 'query', estimate: { pairs: 200 } })
    expect(
      verdictOf(
        ours((q) => (q % 2 ? 0.01 : -0.01)),
        source,
      ),
    ).toBe('reproduced')
  })
  test('falls back on folds when a fold has other queries', () => {
    const shorter = new Map([...source.queries, ['fold1', queries[0].slice(1)] as const])
    expect(
      compare(
        ours(() => 0),
        { ...source, queries: shorter },
        false,
      ),
    ).toMatchObject({ evidence: 'fold' })
  })
  test('3 % worse is never reproduced', () => {
    const worse = ours((q) => (q % 2 ? 0.06 : -0.085))
    expect(['differs', 'inconclusive']).toContain(verdictOf(worse, source))
  })
})

describe('a mean alone', () => {
  const alone = printed(theirs, { byFold: new Map() })
  const seeded = (shift: number, noise: number): Measured =>
    new Map(
      names.map((fold, i) => {
        const seeds = [-1, -0.5, 0, 0.5, 1].map((each) => theirs[i] + shift + noise * each)
        return [fold, value(theirs[i] + shift, undefined, seeds)]
      }),
    )
  test('is at most close, and says why', () => {
    expect(verdictOf(seeded(0.001, 0.001), alone)).toBe('close')
    expect(verdictOf(seeded(0.03, 0.001), alone)).toBe('higher')
    expect(verdictOf(seeded(-0.03, 0.001), alone)).toBe('lower')
    expect(verdictOf(seeded(0.003, 0.02), alone)).toBe('inconclusive')
    const comparison = compare(seeded(0.001, 0.001), alone, false)
    expect(comparison).toMatchObject({ evidence: 'mean', why: expect.stringContaining('only a mean is printed') })
  })
  test('of one seed cannot be told, unless nothing is random', () => {
    expect(verdictOf(measured(theirs), alone)).toBe('inconclusive')
    const comparison = compare(measured(theirs), alone, true)
    expect('missing' in comparison ? '' : verdictsOf([{ comparison, margin: 0.01, better: 'higher' }])[0]).toBe('close')
  })
})

describe('one interval and one rule', () => {
  test('reproduced lies within the margin, exceeds and differs leave the published value outside', () => {
    for (let trial = 0; trial < 200; trial++) {
      const shift = (trial - 100) / 2000
      const spread = (trial % 7) / 400
      const comparison = compare(
        measured(plus(small.map((each, i) => each + shift + spread * (i - 2)))),
        printed(theirs),
        false,
      )
      if ('missing' in comparison) throw new Error('measured')
      const each: Case = { comparison, margin: 0.009, better: 'higher' }
      const [verdict] = verdictsOf([each])
      const { low, high } = judgementOf(each, verdict).interval!
      expect(verdict === 'reproduced').toBe(low > -0.009 && high < 0.009)
      if (verdict === 'exceeds') expect(low).toBeGreaterThan(0)
      if (verdict === 'differs') expect(high).toBeLessThan(0)
    }
  })
  test('many numbers tested together are harder to call than one', () => {
    // Alone at p = .02; of twenty, none.
    const comparison = compare(measured(plus([0.012, 0.02, 0.003, 0.024, 0.011])), printed(theirs), false)
    if ('missing' in comparison) throw new Error('measured')
    const each: Case = { comparison, margin: 0.001, better: 'higher' }
    expect(verdictsOf([each])).toEqual(['exceeds'])
    expect(new Set(verdictsOf(new Array(20).fill(each)))).toEqual(new Set(['inconclusive']))
  })
  test('a judgement carries interval, margin, what it could detect and its power', () => {
    const comparison = compare(measured(plus(small)), printed(theirs), false)
    if ('missing' in comparison) throw new Error('measured')
    const found = judgementOf({ comparison, margin: 0.009, better: 'higher' }, 'reproduced')
    expect(found.difference).toBeCloseTo(0, 12)
    // t(.975, 4) = 2.776, t(.8, 4) = .941, standard error sqrt(1e-5 / 4 / 5).
    expect(found.detectable).toBeCloseTo((2.7764451 + 0.9409646) * Math.sqrt(1e-5 / 20), 7)
    expect(found.power).toBeGreaterThan(0.99)
    expect(found.pairs).toBe(5)
  })
})

describe('the margin', () => {
  test('is a share of what a ranking can change: .281 of an allRank value on MQ2008 is constant', () => {
    expect(marginOf(0.778, 0.281, 3, { share: 0.02, because: '' })).toBeCloseTo(0.00994, 12)
    expect(marginOf(0.4457, 0, 4, { share: 0.02, because: '' })).toBeCloseTo(0.008914, 12)
  })
  test('is never below half of the last printed digit', () => {
    expect(marginOf(0.4, 0, 1, { share: 0.02, because: '' })).toBe(0.05)
  })
})

describe('numbers that must be exact', () => {
  test('hold when they round to the printed digits', () => {
    expect(printsAs(0.44995, 0.45, 4)).toBe(true)
    expect(printsAs(0.4499, 0.45, 4)).toBe(false)
    expect(judgeExact(1.66666667, 1.6666667, 7, 'neither').verdict).toBe('holds')
  })
  test('differ otherwise, or exceed on the good side of their measure', () => {
    expect(judgeExact(2, 1, 0, 'neither', 0.1).verdict).toBe('differs')
    expect(judgeExact(11_639, 1, 0, 'higher').verdict).toBe('exceeds')
    expect(judgeExact(0.1, 1, 0, 'lower', 0.1).verdict).toBe('exceeds')
  })
})

describe('what a verdict says of the method', () => {
  test('is little when wrong rankers get it too: they are counted, those that learnt nothing first', () => {
    const found = specificityOf('reproduced', [
      { name: 'loss:softmax', lossless: false, verdict: 'reproduced' },
      { name: 'bm25', lossless: true, verdict: 'reproduced' },
      { name: 'constant', lossless: true, verdict: 'differs' },
      { name: 'loss:listmle', lossless: false, verdict: 'not run' },
    ])
    expect(found).toEqual({ same: 2, lossless: 1, others: 3, named: ['bm25', 'loss:softmax'] })
  })
  test('is more when queries identify it', () => {
    const published = [0.1, 0.5, 0.9, 0.3]
    const candidates = [
      { name: 'ours', queries: [0.1, 0.5, 0.8, 0.3] },
      // The same mean as what was published, and other queries.
      { name: 'wrong', queries: [0.9, 0.1, 0.5, 0.3] },
      { name: 'elsewhere', queries: [0.1] },
    ]
    expect(identify(published, candidates, 'ours')).toEqual({ rank: 1, of: 2, nearest: 'ours', queries: 4 })
    expect(identify(published, candidates, 'wrong')).toEqual({ rank: 2, of: 2, nearest: 'ours', queries: 4 })
    expect(queryDistance([1, Number.NaN], [0, Number.NaN])).toBe(1)
  })
})
